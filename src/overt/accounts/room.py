"""What the rest of the product may know of people's accounts."""

from __future__ import annotations

from overt.rooms import Act, Room
from overt.shared.roles import Group, Role

MANAGE_PEOPLE = Act(
    "manage_people",
    "Look after accounts",
    Group.SYSTEM,
    roles=frozenset({Role.OWNER_NOMINEE, Role.MANAGER}),
    keeps=frozenset({Role.OWNER_NOMINEE}),
)

ROOM = Room(
    acts=(MANAGE_PEOPLE,),
)
