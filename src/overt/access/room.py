"""What the rest of the product may know of roles and their grants. What a role may do, each room says of its acts."""

from __future__ import annotations

from overt.rooms import Room

ROOM = Room()
