"""What the rest of the product may know of evidence: holds, exhibits, copies and stills."""

from __future__ import annotations

from overt.rooms import Room

ROOM = Room(
    alone=("verify",),
)
