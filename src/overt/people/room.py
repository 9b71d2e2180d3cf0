"""What the rest of the product may know of looking after people: their accounts and their roles."""

from __future__ import annotations

from overt.access.room import GRANT_ROLE
from overt.rooms import Act, Limit, MenuItem, Room, Way
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
    menu=(MenuItem("People", "/people/", frozenset({MANAGE_PEOPLE, GRANT_ROLE}), place=70),),
    ways=(Way(MANAGE_PEOPLE, "People and what they may do", "/people/", "Accounts, roles and their dates", place=80),),
    limits=(Limit("first-run/", hashes_password=True),),
)
