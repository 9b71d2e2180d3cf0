"""Clocks that are kept, with all their answers."""
