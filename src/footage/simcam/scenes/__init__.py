"""Street scenes drawn for simulated cameras: six places with people and traffic, each a loop without a seam."""
