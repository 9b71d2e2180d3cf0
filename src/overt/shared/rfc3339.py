"""Times as scripts send them: RFC 3339, always with an offset."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from overt.shared.errors import BadInput

_SHAPE = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


class BadTime(BadInput):
    """A time that never was, or none at all."""

    code = "bad-time"


class MalformedTime(BadTime):
    """Not of RFC 3339's form, or without its offset."""


def moment(text: str, name: str) -> datetime:
    """The aware UTC datetime of `2026-11-22T02:14:07+00:00`. Raises BadTime, which names the parameter.

    A leap second (:60) is the moment after it, since no clock of ours has one.
    """
    if not _SHAPE.fullmatch(text):
        hint = " A plus sign in an address is written %2B." if " " in text else ""
        raise MalformedTime(f"{name}: give a time with its offset, such as 2026-11-22T02:14:07Z.{hint}")
    leap = text[17:19] == "60"
    try:
        found = datetime.fromisoformat((f"{text[:17]}59{text[19:]}" if leap else text).upper()).astimezone(UTC)
        return found + timedelta(seconds=1) if leap else found
    except (ValueError, OverflowError):
        raise BadTime(f"{name}: there is no such time as {text}.") from None
