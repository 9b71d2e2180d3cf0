"""What the rest of the product may know of cameras and the places they stand in."""

from __future__ import annotations

from overt.rooms import Room

ROOM = Room()
