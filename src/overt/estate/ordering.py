"""Camera numbers in the order in which people count: 9 before 10, R2 after 127."""

from __future__ import annotations

import re

_PARTS = re.compile(r"([0-9]+)")


def number_key(number: str) -> tuple[tuple[int, int, str], ...]:
    return tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part.upper()) for part in _PARTS.split(number) if part
    )
