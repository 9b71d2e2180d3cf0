"""Storage locations of discs, sticks and prints: who may open them, and each opening."""
