"""What lost property has to say on the wall and the first page."""

from __future__ import annotations

from datetime import datetime

from overt.access.queries import may
from overt.accounts.models import User
from overt.lost_property.models import Thing
from overt.lost_property.room import HAND_IN
from overt.rooms import Notice


def latest_thing(user: User, now: datetime) -> list[Notice]:
    """The last thing handed in, to those who hand things in."""
    thing = Thing.objects.order_by("-handed_in_at").first()
    if thing is None or not may(user, HAND_IN):
        return []
    return [Notice("Lost property", f"Found: {thing}", tone="soon", href="/lost-property/")]
