"""The pages of partners, towns, sites, desks and camera groups, whose rows are the room of places'."""
