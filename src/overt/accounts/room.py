"""What the rest of the product may know of people's accounts."""

from __future__ import annotations

from overt.rooms import Room

ROOM = Room()
