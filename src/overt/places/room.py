"""What the rest of the product may know of places. Their pages are the estate's, above the grants that open them."""

from __future__ import annotations

from overt.rooms import Room

_MOVED = ("partner", "town", "site", "desk", "cameragroup")

ROOM = Room(
    kinds_before=tuple((f"estate.{name}", f"places.{name}") for name in _MOVED),
    impersonal=True,
)
