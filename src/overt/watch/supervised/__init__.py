"""An engineer's look at recordings, under a supervisor's eye."""
