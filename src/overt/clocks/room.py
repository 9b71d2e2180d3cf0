"""What the rest of the product may know of deadlines. Their pages are the policy's, which fixes the periods."""

from __future__ import annotations

from overt.rooms import Room

ROOM = Room(
    alone=("clock",),
)
