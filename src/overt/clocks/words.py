"""Dates and times as people read them out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

#: Every nation of the United Kingdom keeps this clock.
LOCAL = ZoneInfo("Europe/London")
_NEAR = timedelta(hours=72)
_NAMED = {0: "today", 1: "tomorrow", -1: "yesterday"}


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


def away_words(due: date | datetime, now: datetime) -> str:
    """How far off a date is: `in 12 days`, `today`, `3 days ago`; a moment by the hour where it is near.

    Days are counted from midnight to midnight, as people count them.
    """
    if isinstance(due, datetime) and abs(due - now) < _NEAR:
        hours = round((due - now).total_seconds() / 3600)
        return _ahead(hours, "hour") if hours else "within the hour"
    day = due.astimezone(LOCAL).date() if isinstance(due, datetime) else due
    days = (day - now.astimezone(LOCAL).date()).days
    return _NAMED.get(days) or _ahead(days, "day")


def _ahead(count: int, unit: str) -> str:
    return f"in {plural(count, unit)}" if count > 0 else f"{plural(-count, unit)} ago"


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def sentence(said: str) -> str:
    """A step of a working as a sentence."""
    return f"{said[0].upper()}{said[1:]}."
