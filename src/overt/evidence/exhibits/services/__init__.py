"""What is done with an exhibit. Each function is one act: one transaction, one logbook entry."""
