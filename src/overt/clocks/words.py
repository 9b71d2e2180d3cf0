"""Dates and times as people read them out."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

#: Every nation of the United Kingdom keeps this clock.
LOCAL = ZoneInfo("Europe/London")


def day_words(day: date) -> str:
    """`Tue 7 Apr 2026`."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def moment_words(moment: datetime) -> str:
    """`Tue 27 Oct 2026 08:00 GMT`, in local time; seconds where there are any."""
    local = moment.astimezone(LOCAL)
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{day_words(local.date())} {clock} {local:%Z}"


def moment_iso(moment: datetime) -> str:
    """ISO 8601 in local time with its offset."""
    return moment.astimezone(LOCAL).isoformat(timespec="seconds")


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def sentence(said: str) -> str:
    """A step of a working as a sentence."""
    return f"{said[0].upper()}{said[1:]}."
