"""Times as people read them: the scheme's zone, seconds and the offset's name, so that 01:30 is never two things."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone


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
