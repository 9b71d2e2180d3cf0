"""What the rest of the product may know of the code of practice as data, and of the deadlines it fixes."""

from __future__ import annotations

from overt.rooms import Room

ROOM = Room(
    alone=("policy",),
)
