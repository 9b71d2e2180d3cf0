"""Times as people read them: the scheme's zone, seconds and the offset's name, so that 01:30 is never two things."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone

#: The latest count of 1/90000 s that a browser holds exactly: in the year 5141.
LATEST_90K = 2**53


def count_in(text: str) -> int | None:
    """The count of 1/90000 s of UTC that a text is; None for any other, and for one beyond what can be meant."""
    if not text.isascii() or not text.isdigit() or len(text) > 16:
        return None
    return int(text) if int(text) <= LATEST_90K else None


def long_text(moment: datetime) -> str:
    """`Sun 22 Nov 2026 02:14:07 GMT`. Raises ValueError for a naive time."""
    local = timezone.localtime(moment)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M:%S %Z}"


def short_text(moment: datetime) -> str:
    """`22 Nov 02:14:07 GMT`; the year is added where it is not this one."""
    local = timezone.localtime(moment)
    year = "" if local.year == timezone.localtime().year else f"{local.year} "
    return f"{local.day} {local:%b} {year}{local:%H:%M:%S %Z}"


def clock_text(moment: datetime) -> str:
    """`02:14:07 GMT`."""
    return f"{timezone.localtime(moment):%H:%M:%S %Z}"


def iso_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
