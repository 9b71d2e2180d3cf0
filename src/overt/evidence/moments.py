"""Reads the times that people and scripts give."""

from __future__ import annotations

from datetime import datetime

from footage.times import utc_90k
from overt.evidence.errors import BadSpan


def moment_90k(value: object, *, what: str = "time") -> int:
    """A UTC count of 1/90000 s from such a count or from RFC 3339 with an offset. Raises BadSpan."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise BadSpan(f"Give the {what} as a date and time with its offset, such as 2026-11-22T02:14:07Z.")
    text = str(value).strip()
    if text.isascii() and text.isdigit() and len(text) <= 16:
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise BadSpan(f"{text}: say which offset this {what} has, such as {text}Z or {text}+01:00.")
        return int(utc_90k(moment))
    except (ValueError, OverflowError):
        raise BadSpan(f"{text[:60]!r} is no {what}. Write it like 2026-11-22T02:14:07Z.") from None
