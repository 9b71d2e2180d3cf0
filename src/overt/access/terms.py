"""What the scheme's policy says of roles: what it takes from them, and when they lapse.

The room of policies lies above this one, so it comes and tells; both answers come from one look at the policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from overt.access.rules import Act, Role, can_be_withheld

Pair = tuple[Role, Act]


@dataclass(frozen=True, slots=True)
class RoleTerms:
    """`withheld`: acts taken from roles; `every`: how long a role counts without confirmation, None for ever."""

    withheld: frozenset[Pair] = frozenset()
    every: timedelta | None = None


#: The acts that a policy names, and the days; before any room has come, nothing is taken and nothing lapses.
Teller = Callable[[], tuple[Iterable[Pair], int | None]]
_TELLERS: list[Teller] = []


def register(teller: Teller) -> None:
    """Let a room say how roles stand now; another replaces it."""
    _TELLERS[:] = [teller]


def role_terms() -> RoleTerms:
    """The terms of the policy in force. It only narrows: what a role never had, or always keeps, is not looked at.

    Source: BASS-8.2.1.6.
    """
    if not _TELLERS:
        return RoleTerms()
    pairs, days = _TELLERS[0]()
    withheld = frozenset((role, act) for role, act in pairs if can_be_withheld(role, act))
    return RoleTerms(withheld, None if days is None else timedelta(days=days))
