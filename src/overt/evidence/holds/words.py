"""A hold in words, for the list and for its own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from footage.times import utc_shown
from overt.evidence.holds.rules import ground_words
from overt.evidence.models import Hold
from overt.shared.local_times import span_words

#: A mark that ends sooner than this is shown as running out.
_SOON = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One hold. `due`: its day of review has come; `runs_out`: it ends soon and has no ground."""

    hold: Hold
    span: str
    ground: str
    grounded: bool
    due: bool
    runs_out: bool
    may_ground: bool
    may_release: bool

    @property
    def named(self) -> str:
        """Which hold a link of its row means, for whoever hears the links alone."""
        return f"the hold on camera {self.hold.camera.number}"


def hold_line(hold: Hold, now: datetime, *, may_ground: bool = True, may_release: bool = False) -> HoldLine:
    start, end = (timezone.localtime(utc_shown(count)) for count in (hold.start_90k, hold.end_90k))
    grounded = bool(hold.ground)
    return HoldLine(
        hold=hold,
        span=span_words(start, end),
        ground=ground_words(hold.ground),
        grounded=grounded,
        due=is_due(hold, now),
        runs_out=not grounded and hold.expires_at is not None and hold.expires_at - now < _SOON,
        may_ground=may_ground,
        may_release=may_release,
    )


def is_due(hold: Hold, now: datetime) -> bool:
    """Whether somebody has to ask if the footage is still needed; the day itself counts. Source: BASS-1.6.2."""
    return hold.review_on is not None and hold.review_on <= timezone.localdate(now)
