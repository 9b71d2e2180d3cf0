"""Text that people type, made fit for a line of a record."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text with a space for each control character or line break."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
