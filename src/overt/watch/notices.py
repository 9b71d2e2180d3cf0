"""What other rooms want the wall to say: each registers a function that tells one person's notices.

The wall may not import the rooms above it, so they come to it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from overt.rooms import Notice

if TYPE_CHECKING:
    from overt.accounts.models import User


Teller = Callable[["User", datetime], list[Notice]]
_TELLERS: dict[str, Teller] = {}


def register(name: str, teller: Teller) -> None:
    """Let a room tell its notices; the same name again replaces it."""
    _TELLERS[name] = teller


def notices_for(user: User, now: datetime) -> list[Notice]:
    """What the rooms have to say to this person, in the order they registered."""
    return [notice for teller in _TELLERS.values() for notice in teller(user, now)]
