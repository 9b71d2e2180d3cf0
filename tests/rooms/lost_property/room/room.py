"""Things found in the town and handed in: what the rest of the product may know of this room."""

from __future__ import annotations

from datetime import timedelta

from overt.rooms import Act, Check, MenuItem, Room, Round, Way
from overt.shared.roles import OPERATORS, Group, Role

HAND_IN = Act("hand_in", "Hand in lost things", Group.BOOKS, roles=OPERATORS, keeps=frozenset({Role.MANAGER}))

ROOM = Room(
    acts=(HAND_IN,),
    menu=(MenuItem("Lost property", "/lost-property/", frozenset({HAND_IN})),),
    ways=(Way(HAND_IN, "Hand in a lost thing", "/lost-property/", "What was found, and where"),),
    notices=("overt.lost_property.notices.latest_thing",),
    standing=("overt.lost_property.health.shelf",),
    rounds=(Round("lost things counted", timedelta(hours=1), "overt.lost_property.rounds.count_things"),),
    checks=(Check("lost property", "overt.lost_property.health.shelf_has_room"),),
    metrics=("overt.lost_property.health.things_on_the_shelf",),
    guards=("overt.lost_property.triggers.REFUSALS",),
    impersonal=True,
)
