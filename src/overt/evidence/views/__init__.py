"""The pages of the evidence room, a file for each noun."""
