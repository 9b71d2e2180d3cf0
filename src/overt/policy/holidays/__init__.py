"""Holidays proclaimed since the kept list's edition."""
