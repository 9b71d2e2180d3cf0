"""People and their roles, for those who look after them; one's own account; the first person of all."""
