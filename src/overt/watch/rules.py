"""Days, and when watching has lapsed. Pure: the clock and the zone are passed in.

A day is the scheme's own: from its midnight to the next, 23 or 25 hours long where the clocks change.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from footage.times import utc_90k
from overt.shared.local_times import check_day

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


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The scheme's day a moment lies in."""
    return moment.astimezone(zone).date()


def day_span(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """The day as a half-open span of UTC counts. Raises BadMoment for one that nobody can mean."""
    check_day(day)
    begin = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    return utc_90k(begin.astimezone(UTC)), utc_90k(end.astimezone(UTC))


def has_lapsed(last_sign: datetime, now: datetime, after: timedelta) -> bool:
    """Whether nothing was heard for so long that it counts as over."""
    return now - last_sign > after
