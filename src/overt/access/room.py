"""What the rest of the product may know of roles and their grants. What a role may do, each room says of its acts."""

from __future__ import annotations

from overt.rooms import Act, Room
from overt.shared.roles import Group, Role

_GRANTERS = frozenset({Role.OWNER_NOMINEE, Role.MANAGER})

GRANT_ROLE = Act("grant_role", "Give and take roles", Group.SYSTEM, roles=_GRANTERS, keeps=_GRANTERS)

ROOM = Room(acts=(GRANT_ROLE,), notices=("overt.access.notices.roles_to_confirm",))
