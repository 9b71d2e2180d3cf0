"""What the rest of the product may know of the log itself. Its pages are the room of inspection's."""

from __future__ import annotations

from overt.rooms import Room

ROOM = Room(
    guards=("overt.logbook.triggers.REFUSALS", "overt.logbook.triggers.KEYS"),
    impersonal=True,
)
