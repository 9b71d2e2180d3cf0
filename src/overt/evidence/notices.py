"""What the wall and the first page say of evidence: exhibits not sealed yet, and holds that wait for somebody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from overt.access.rules import Act
from overt.evidence.copies.queries import copies_register
from overt.evidence.exhibits.queries import exhibits_for
from overt.evidence.exhibits.rules import ExhibitState
from overt.evidence.holds.queries import groundable, holds_waiting
from overt.evidence.holds.words import hold_line
from overt.evidence.models import Exhibit, Hold
from overt.rooms import Notice

if TYPE_CHECKING:
    from overt.accounts.models import User

_NEAR = timedelta(days=1)
_UNFINISHED = (ExhibitState.OPEN.value, ExhibitState.SEALING.value, ExhibitState.FAILED.value)


def unfinished_exhibits(user: User, now: datetime) -> list[Notice]:
    """The exhibits this person may see that are not sealed yet, the oldest first."""
    rows = exhibits_for(user).filter(state__in=_UNFINISHED).order_by("opened_at")[:6]
    return [_notice(exhibit) for exhibit in rows]


def _notice(exhibit: Exhibit) -> Notice:
    if exhibit.state == ExhibitState.FAILED.value:
        detail, tone = f"Could not be sealed: {exhibit.failure}" if exhibit.failure else "Could not be sealed", "now"
    else:
        detail, tone = "Being sealed", ""
    return Notice("Exhibits", f"Exhibit {exhibit.reference}", detail, tone=tone, href=exhibit.get_absolute_url())


def waiting_holds(user: User, now: datetime) -> list[Notice]:
    """The holds that have no ground yet, and those whose day of review has come. Source: BASS-1.6.2."""
    held = holds_waiting(user, now)
    mine = groundable(user, held)
    return [_hold_notice(hold, now) for hold in held if hold.pk in mine][:6]


def _hold_notice(hold: Hold, now: datetime) -> Notice:
    line = hold_line(hold, now)
    detail = "Review it: is it still needed?" if line.grounded else "No ground yet: say why, or it lapses"
    tone = "soon" if line.due or (hold.expires_at is not None and hold.expires_at - now < _NEAR) else ""
    href = f"/exhibits/holds/{hold.pk}/"
    return Notice("Held footage", f"{hold.camera.number} held", detail, due=hold.expires_at, tone=tone, href=href)


def masters_due(user: User, now: datetime) -> list[Notice]:
    """The masters whose years are over, for whoever may destroy them. Source: BASS-1.6.3.c."""
    mine = exhibits_for(user, to=Act.MANAGE_EVIDENCE).values("pk")
    rows = copies_register(user, "due").filter(exhibit__in=mine)[:6]
    return [
        Notice(
            "Exhibits",
            str(copy),
            "A master past its date: keep it, or destroy it",
            tone="soon",
            href=copy.get_absolute_url(),
        )
        for copy in rows
    ]
