"""Reads the times that people and scripts give."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from footage.times import utc_90k
from overt.evidence.errors import BadSpan
from overt.shared.local_times import BadMoment, check_day, moments_of, skipped_words
from overt.shared.moments import count_in


def moment_90k(value: object, *, what: str = "time", zone: ZoneInfo | None = None) -> int:
    """A UTC count of 1/90000 s from such a count, or from a date and time. Raises BadSpan.

    Scripts give RFC 3339 with its offset. With a `zone` (a person's form) a time without offset is that zone's, unless
    the clocks make it mean two moments or none.
    """
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise BadSpan(f"Give the {what} as a date and time with its offset, such as 2026-11-22T02:14:07Z.")
    text = str(value).strip()
    if (count := count_in(text)) is not None:
        return count
    try:
        moment = datetime.fromisoformat(text)
        check_day(moment)
    except BadMoment as error:
        raise BadSpan(str(error)) from None
    except ValueError:
        raise BadSpan(f"{text[:60]!r} is no {what}. Write it like 2026-11-22T02:14:07Z.") from None
    if moment.tzinfo is None and zone is None:
        raise BadSpan(f"{text}: say which offset this {what} has, such as {text}Z or {text}+01:00.")
    try:
        return int(utc_90k(moment if moment.tzinfo or zone is None else _in_zone(moment, zone)))
    except OverflowError:
        raise BadSpan(f"{text[:60]} is no {what} that can be.") from None


def _in_zone(naive: datetime, zone: ZoneInfo) -> datetime:
    found = moments_of(naive, zone)
    if not found:
        raise BadSpan(skipped_words(naive, zone))
    if len(found) == 1:
        return found[0]
    raise BadSpan(
        f"The clocks change at {naive:%H:%M} on that day. Say which is meant: add the offset, +00:00 or +01:00."
    )


def end_of_day(day: date) -> datetime:
    """The first moment after a day, in the scheme's zone. Raises BadSpan for a day no calendar of ours reaches."""
    try:
        check_day(day)
    except BadMoment as error:
        raise BadSpan(str(error)) from None
    return datetime.combine(day + timedelta(days=1), time(), timezone.get_default_timezone())


def last_day(end: datetime) -> date:
    """The day of which this is the end, as `end_of_day` counts."""
    return timezone.localdate(end - timedelta(microseconds=1))


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
