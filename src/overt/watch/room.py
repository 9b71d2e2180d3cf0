"""What the rest of the product may know of watching live pictures and looking at recordings."""

from __future__ import annotations

from overt.rooms import Room

ROOM = Room()
