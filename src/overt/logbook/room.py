"""What the rest of the product may know of the logbook."""

from __future__ import annotations

from overt.rooms import Room

ROOM = Room()
