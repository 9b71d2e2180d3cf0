"""The rooms of the product, and what a room says of itself to all the others.

`ORDER` is the only list of rooms. The rest stands in each room's `room.py`, as a `Room`, or is found by the name of its
file: `models.py`, `urls.py`, `api.py` (its `router`), `cli.py` (its `add_arguments`), `log_actions.py`.

Neither this module nor a `room.py` loads Django: settings read `ORDER`, and commands that stand alone are found by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

#: Bottom to top: a room imports only from those before it, and what it brings is taken in this order.
ORDER = (
    "clauses",
    "jobs",
    "logbook",
    "access",
    "accounts",
    "clocks",
    "policy",
    "estate",
    "watch",
    "evidence",
)


@dataclass(frozen=True, slots=True)
class Room:
    """Everything the rest of the product may know of a room. A room that has nothing to say is `Room()`."""

    #: Commands of its `cli.py` that a stranger runs on a copy: with no installation, settings or database.
    alone: tuple[str, ...] = ()


@cache
def rooms() -> tuple[Room, ...]:
    """What each room of `ORDER` says of itself, in that order."""
    return tuple(by_name().values())


@cache
def by_name() -> dict[str, Room]:
    """The same by the rooms' names."""
    return {name: import_module(f"overt.{name}.room").ROOM for name in ORDER}


def modules(kind: str) -> list[str]:
    """The full names of the rooms' modules of this name (`urls`, `api`, ...), of those rooms that have one."""
    return [name for room in ORDER if find_spec(name := f"overt.{room}.{kind}") is not None]
