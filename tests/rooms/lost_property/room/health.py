"""How full the shelf is, for machines that ask and for the first page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge

from overt.lost_property.models import Thing
from overt.rooms import NotWell, Standing

if TYPE_CHECKING:
    from overt.accounts.models import User

SHELF = 2


def shelf_has_room() -> str:
    """How many things lie on it. Raises NotWell when it is full."""
    count = Thing.objects.count()
    if count >= SHELF:
        raise NotWell(f"the shelf is full: {count} things")
    return f"{count} things"


def things_on_the_shelf(registry: CollectorRegistry) -> None:
    Gauge("overt_lost_things", "Things handed in", registry=registry).set(Thing.objects.count())


def shelf(user: User, now: datetime) -> list[Standing]:
    return [Standing("Lost property", f"{Thing.objects.count()} on the shelf")]
