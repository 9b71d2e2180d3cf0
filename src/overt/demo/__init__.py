"""A small believable scheme to try everything on. Its accounts exist in a demo's data folder and nowhere else."""
