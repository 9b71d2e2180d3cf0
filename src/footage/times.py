"""The engine's clocks, as three types that are never subtracted from one another.

UTC is an integer count of 1/90000 s since 1970-01-01T00:00:00Z: RTP's video clock, so that a media duration and a
UTC duration have one unit and no rounding. 2**53 of them reach the year 5141, so a browser holds one exactly.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import NewType

#: Server wall time, 1/90000 s since the epoch.
Utc90k = NewType("Utc90k", int)
#: Camera time (from RTCP sender reports), 1/90000 s since the epoch by the camera's own clock.
Camera90k = NewType("Camera90k", int)
#: The server's monotonic clock, in nanoseconds; meaningless across processes and restarts.
MonotonicNs = NewType("MonotonicNs", int)

HZ = 90_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def utc_90k(moment: datetime) -> Utc90k:
    """The 90 kHz count for an aware datetime, rounded to the nearest tick. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a time needs its offset from UTC")
    microseconds = (moment - _EPOCH) // _MICROSECOND
    return Utc90k((microseconds * 9 + 50) // 100)


def utc_datetime(count: int) -> datetime:
    """The aware UTC datetime of a 90 kHz count, to the microsecond: for reckoning, and back by `utc_90k` unchanged."""
    return _EPOCH + timedelta(microseconds=(count * 100 + 8) // 9)


def utc_ms(count: int) -> int:
    """Milliseconds since the epoch, rounded to the nearest: the one rounding of every time that is written down."""
    return (count + 45) // 90


def utc_shown(count: int) -> datetime:
    """The aware UTC datetime that is written and shown: of the nearest millisecond, as `utc_text` has it."""
    return _EPOCH + timedelta(milliseconds=utc_ms(count))


def utc_text(count: int) -> str:
    """RFC 3339 in UTC with milliseconds: `2026-11-22T02:14:07.360Z`."""
    return utc_shown(count).strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc_ms(count) % 1000:03d}Z"


def utc_now() -> Utc90k:
    """Server wall time now."""
    return Utc90k(time.time_ns() * 9 // 100_000)


def monotonic_now() -> MonotonicNs:
    """The server's monotonic clock now."""
    return MonotonicNs(time.monotonic_ns())


def days_words(days: float) -> str:
    """How long something lasts, never more than it does: `12 days`, under two days `12 hours`, `less than an hour`."""
    count, unit = (int(days), "day") if days >= 2 else (int(days * 24), "hour")
    return f"{count} {unit}{'s' * (count != 1)}" if count else "less than an hour"
