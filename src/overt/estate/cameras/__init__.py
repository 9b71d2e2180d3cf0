"""Cameras: added, changed, checked, retired; how each is now, and where it stands."""
