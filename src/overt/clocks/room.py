"""What the rest of the product may know of deadlines. Their pages are the policy's, which fixes the periods."""

from __future__ import annotations

from overt.rooms import Act, Room
from overt.shared.roles import Group, Role

#: Run a deadline for a record, and say what came of it.
KEEP_CLOCK = Act(
    "keep_clock",
    "Run deadlines",
    Group.BOOKS,
    roles=frozenset({Role.DATA_CONTROLLER, Role.MANAGER, Role.DATA_PROTECTION_OFFICER}),
)

ROOM = Room(
    acts=(KEEP_CLOCK,),
    guards=("overt.clocks.triggers.REFUSALS", "overt.clocks.triggers.HOLIDAYS"),
    alone=("clock",),
)
