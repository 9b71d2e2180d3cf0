"""Times as people type them, on the clock of a zone: the hour that spring skips, and the one that autumn repeats.

The one place that reads them; each door (page, form, command) tells the error in its own way. Pure: the zone is passed
in. A script gives its offset instead (see rfc3339.py) and means one moment always.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from overt.shared.errors import BadInput

_SECOND = timedelta(seconds=1)
#: The days that anybody can mean here. Beyond them a day has none after it, or a zone no clock.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


class BadMoment(BadInput):
    """A date or time that cannot be: unreadable, or skipped by the clock change in spring."""

    code = "bad-moment"


class HourComesTwice(BadMoment):
    """A clock time of the autumn night that names two moments; the offset says which."""

    code = "hour-comes-twice"


def check_day(day: date) -> None:
    """Raises BadMoment for a day that nobody can mean (a datetime is judged by its own day)."""
    if not FIRST_DAY.year <= day.year <= LAST_DAY.year:
        raise BadMoment(f"The year {day.year} cannot be meant. Give one from {FIRST_DAY.year} to {LAST_DAY.year}.")


def moments_of(local: datetime, zone: ZoneInfo) -> list[datetime]:
    """The moments (UTC) at which the clocks on the wall show `local`: none in spring's lost hour, two in autumn's."""
    found = []
    for fold in (0, 1):
        moment = local.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == local and moment not in found:
            found.append(moment)
    return found


def the_moment(local: datetime, zone: ZoneInfo, offset: str = "") -> datetime:
    """The one moment a clock time names; `offset` is its name on that day (BST or GMT) where it comes twice.

    Raises BadMoment for a time the clocks skip, HourComesTwice where the offset is needed and missing.
    """
    found = moments_of(local, zone)
    if not found:
        raise BadMoment(skipped_words(local, zone))
    if len(found) == 1:
        return found[0]
    named = {moment.astimezone(zone).tzname(): moment for moment in found}
    if offset in named:
        return named[offset]
    words = " or ".join(str(name) for name in named)
    raise HourComesTwice(f"{local:%H:%M} came twice on {day_words(local)}. Say which: {words}.")


def skipped_words(local: datetime, zone: ZoneInfo) -> str:
    """`01:30 does not exist on 29 March 2026: the clocks go forward from 01:00 to 02:00. Did you mean 02:30 BST?`

    `local` is a time that `moments_of` finds no moment for.
    """
    # A skipped time read by the offset before the change is the same length of time behind the change, after it.
    meant = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    change = _change(local.replace(tzinfo=zone, fold=1).astimezone(UTC), meant, zone)
    before, after = (change - _SECOND).astimezone(zone) + _SECOND, change.astimezone(zone)
    likely = meant.astimezone(zone)
    return (
        f"{local:%H:%M} does not exist on {day_words(local)}: the clocks go forward from {before:%H:%M} to "
        f"{after:%H:%M}. Did you mean {likely:%H:%M} {likely.tzname()}?"
    )


def _change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The first second (UTC) after `low`, up to `high`, at which the zone has the offset that it has at `high`."""
    while high - low > _SECOND:
        middle = low + (high - low) // 2 // _SECOND * _SECOND
        if middle.astimezone(zone).utcoffset() == high.astimezone(zone).utcoffset():
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0)


def day_words(day: date) -> str:
    """`29 March 2026`."""
    return f"{day.day} {day:%B %Y}"


def span_words(start: datetime, end: datetime) -> str:
    """22 November 2026, 02:07:00 to 02:12:14 GMT; both dates where they differ; as the zone they have."""
    first, last = day_words(start), day_words(end)
    if first == last:
        return f"{first}, {start:%H:%M:%S} to {end:%H:%M:%S} {end.tzname()}"
    return f"{first} {start:%H:%M:%S} {start.tzname()} to {last} {end:%H:%M:%S} {end.tzname()}"
