"""Text that people type, or that stands in a file: made fit for a line of a record, and shown as it is."""

from __future__ import annotations

import json
import re

#: Printable by the tables of Unicode, and yet nothing is seen: joiners, fillers, variation selectors, an empty Braille.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def printable(text: str) -> str:
    """The text with a space for each control character or line break."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def visible(text: str) -> str:
    r"""The text with each character escaped that is not seen, breaks the line or turns the direction; \ is doubled.

    For a name or a text whose writer may want what stands around it to look otherwise: a verdict, a list, a print.
    `inspect_offline.py`, `verify.py` and VERIFY.html, which travel alone, do the same for themselves.
    """
    return "".join(letter if _is_seen(letter) and letter != "\\" else _escaped(letter) for letter in text)


def visible_text(text: str) -> str:
    """What people typed, as a page shows it: the same, but that a line break is a space there, and \\ is itself."""
    return "".join(letter if _is_seen(letter) or letter in "\t\r\n" else _escaped(letter) for letter in text)


def visible_json(text: str) -> str:
    """JSON of the same value, with what `visible` escapes written as JSON escapes it."""
    return "".join(letter if _is_seen(letter) else json.dumps(letter)[1:-1] for letter in text)


def _is_seen(letter: str) -> bool:
    return letter.isprintable() and not _UNSEEN.match(letter)


def _escaped(letter: str) -> str:
    if letter == "\\":
        return "\\\\"
    number = ord(letter)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
