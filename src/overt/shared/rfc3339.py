"""Times as scripts send them: RFC 3339, always with an offset."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from overt.shared.errors import BadInput

_SHAPE = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


class BadTime(BadInput):
    """No time that can be read, or one without its offset."""

    code = "bad-time"


def moment(text: str, name: str) -> datetime:
    """The aware UTC datetime of `2026-11-22T02:14:07+00:00`. Raises BadTime, which names the parameter."""
    if not _SHAPE.fullmatch(text):
        hint = " A plus sign in an address is written %2B." if " " in text else ""
        raise BadTime(f"{name}: give a time with its offset, such as 2026-11-22T02:14:07Z.{hint}")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadTime(f"{name}: there is no such time as {text}.") from None
