"""Copies of an exhibit: made, tested, handed over, taken back, destroyed."""
