"""What the rest of the product may know of people's accounts."""

from __future__ import annotations

from datetime import timedelta

from overt.access.room import GRANT_ROLE
from overt.rooms import Act, Limit, MenuItem, Room, Round, Way
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
    limits=tuple(Limit(template, hashes_password=True) for template in ("sign-in/", "first-run/", "account/password/")),
    rounds=(Round("old sessions", timedelta(hours=6), "overt.accounts.sessions.clear_old"),),
)
