"""What the scheme's policy says of roles: what it takes from them, and when they lapse.

The room of policies lies above this one, so it declares who tells; both answers come from one look at the policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from overt.access.rules import Act, Role, can_be_withheld
from overt.rooms import named, rooms

Pair = tuple[Role, Act]


@dataclass(frozen=True, slots=True)
class RoleTerms:
    """`withheld`: acts taken from roles; `every`: how long a role counts without confirmation, None for ever."""

    withheld: frozenset[Pair] = frozenset()
    every: timedelta | None = None


def role_terms() -> RoleTerms:
    """The terms of the policy in force. It only narrows: what a role never had, or always keeps, is not looked at.

    Source: BASS-8.2.1.6.
    """
    name = next((room.role_terms for room in rooms() if room.role_terms), "")
    if not name:
        return RoleTerms()
    pairs, days = named(name)()
    withheld = frozenset((role, act) for role, act in pairs if can_be_withheld(role, act))
    return RoleTerms(withheld, None if days is None else timedelta(days=days))
