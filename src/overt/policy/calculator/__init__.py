"""The clock calculator: a deadline with its working."""
