"""Exhibits: opened, sealed, verified; their register and the page of each."""
