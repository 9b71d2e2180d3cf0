"""Sound orders: a camera's sound, by two people's word and until a moment."""
