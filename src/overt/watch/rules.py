"""Days, the hour that comes twice, and when watching has lapsed. Pure: the clock and the zone are passed in.

A day is the scheme's own: from its midnight to the next, 23 or 25 hours long where the clocks change.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from footage.times import utc_90k
from overt.shared.errors import BadInput

#: A ticket's life. The gateway refuses any that claims more than ten minutes.
TICKET_LIFE = timedelta(minutes=10)
#: A live tile that did not renew its ticket for this long was left without a goodbye.
LIVE_LAPSE = TICKET_LIFE + timedelta(minutes=2)
#: A review that showed nothing for this long is over, and the next look gives its reason anew.
REVIEW_LAPSE = timedelta(hours=1)
#: What is written where nobody but the viewer can see the screen.
NOBODY_ELSE = "Nobody else"
#: An engineer's look at recordings is over after this long, whatever happens.
LONGEST_SUPERVISED = timedelta(hours=2)
#: More cameras than this cannot be followed by one pair of eyes, nor decoded by one machine.
MOST_CAMERAS = 4


class BadMoment(BadInput):
    """A date or time that cannot be: unreadable, or skipped by the clock change in spring."""

    code = "bad-moment"


class HourComesTwice(BadMoment):
    """A clock time of the autumn night that names two moments; the offset says which."""

    code = "hour-comes-twice"


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The scheme's day a moment lies in."""
    return moment.astimezone(zone).date()


def day_span(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """The day as a half-open span of UTC counts."""
    begin = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    return utc_90k(begin.astimezone(UTC)), utc_90k(end.astimezone(UTC))


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

    Raises BadMoment for a time the clocks skipped, HourComesTwice where the offset is needed and missing.
    """
    found = moments_of(local, zone)
    if not found:
        raise BadMoment(f"{local:%H:%M} did not happen on {local:%d %B %Y}: the clocks went forward over it.")
    if len(found) == 1:
        return found[0]
    named = {moment.astimezone(zone).tzname(): moment for moment in found}
    if offset in named:
        return named[offset]
    words = " or ".join(str(name) for name in named)
    raise HourComesTwice(f"{local:%H:%M} came twice on {local:%d %B %Y}. Say which: {words}.")


def has_lapsed(last_sign: datetime, now: datetime, after: timedelta) -> bool:
    """Whether nothing was heard for so long that it counts as over."""
    return now - last_sign > after
