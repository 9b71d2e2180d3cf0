"""What the rooms want the wall to say to one person. The wall may not import the rooms above it: they declare it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from overt.rooms import Notice, named, rooms

if TYPE_CHECKING:
    from overt.accounts.models import User


def notices_for(user: User, now: datetime) -> list[Notice]:
    """What the rooms have to say to this person: what presses now first, and else in the order of the rooms."""
    told = [notice for room in rooms() for name in room.notices for notice in named(name)(user, now)]
    return sorted(told, key=lambda notice: notice.tone != "now")
