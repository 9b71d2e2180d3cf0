"""What the wall and the first page say of evidence: exhibits being sealed, and those that could not be."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from overt.evidence.models import Exhibit
from overt.evidence.queries import exhibits_for
from overt.evidence.rules import ExhibitState
from overt.watch.notices import Notice

if TYPE_CHECKING:
    from overt.accounts.models import User

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
