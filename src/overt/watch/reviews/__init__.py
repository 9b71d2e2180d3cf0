"""Looking at recordings: opened with a reason, closed with a result."""
