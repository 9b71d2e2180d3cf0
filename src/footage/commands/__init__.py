"""The commands of `footage`, one module a noun. Each has `add_arguments` and `run`, and raises FootageError."""
