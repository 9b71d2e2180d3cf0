"""Stills: single pictures taken out of recordings, on authority."""
