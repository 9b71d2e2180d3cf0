"""Live pictures: the wall, and who watches which camera since when."""
