"""Cameras from a CSV file."""
