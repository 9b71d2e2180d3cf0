"""What a room says of each of its addresses in `tests/<room>/routes.py`: who may use it, and a request that would.

A key is `METHOD template`, the template as Django (or the API) declares it; `GET+POST template` where the page of a form
and what is posted from it are let in alike. `path` and `body` make a request that an
allowed person could send: they get the world, the person who asks, and the number of the camera concerned. Where a
route is about one camera say `camera=True`: the walk then also sends it for a foreign partner's camera and for one
that does not exist, and wants the same answer to both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from overt.access.rules import Act
from overt.accounts.models import User
from world import World

Make = Callable[[World, User, str], Any]


@dataclass(frozen=True)
class Route:
    """Who may use an address. No acts: everybody who is signed in; `stranger`: also whoever is not."""

    acts: frozenset[Act] = frozenset()
    path: Make | None = None  # None: the template itself, with the camera's number filled in
    body: Make | None = None
    json: bool = False
    camera: bool = False
    record: bool = False  # about a record of a camera (an exhibit, a hold, an opening) rather than about the camera
    everywhere: bool = False  # a role over the whole scheme is needed
    stranger: bool = False
    #: Codes of problems that are no refusal (the person got in, but there was nothing to be had).
    passes: frozenset[str] = field(default_factory=frozenset)


def to(*acts: Act, **more: Any) -> Route:
    return Route(frozenset(acts), **more)


#: There was nothing recorded to be had; the person got in.
NO_FOOTAGE = frozenset({"no-footage"})
