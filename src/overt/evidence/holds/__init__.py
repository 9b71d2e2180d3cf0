"""Holds: footage that retention leaves alone."""
