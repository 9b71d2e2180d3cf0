"""Pages of the estate: cameras, their import, and the places they belong to."""
