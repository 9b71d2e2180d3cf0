"""What this room writes into the logbook.

The names say `estate`, the room in which these acts were first done: an entry stays for ever, and so does its name.
"""

from __future__ import annotations

from dataclasses import dataclass

from overt.logbook.actions import action
from overt.logbook.facts import Given


@dataclass(frozen=True, slots=True)
class PlaceAdded:
    what: str  # which of the lists, such as towns
    name: Given


@dataclass(frozen=True, slots=True)
class PlaceRenamed:
    what: str
    name: Given
    before: Given


PLACE_ADDED = action("estate.place.added", "Place or group added", PlaceAdded, line="{what}: {name}")
PLACE_RENAMED = action(
    "estate.place.renamed", "Place or group renamed", PlaceRenamed, line="{what}: {before} is now {name}"
)
