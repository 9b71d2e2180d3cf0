"""What the scheme's policy takes from a role. The room of policies lies above this one, so it comes and tells.

It only ever narrows: an act that the role does not have, or that nobody may take from it, is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from overt.access.rules import ROLE_ACTS, Act, Role, can_be_withheld, roles_with

Pair = tuple[Role, Act]
Teller = Callable[[], Iterable[Pair]]
_TELLERS: dict[str, Teller] = {}


def register(name: str, teller: Teller) -> None:
    """Let a room say what is withheld now; the same name again replaces it."""
    _TELLERS[name] = teller


def withheld() -> frozenset[Pair]:
    """The acts taken from roles by the policy in force. Source: BASS-8.2.1.6."""
    told = {pair for teller in _TELLERS.values() for pair in teller()}
    return frozenset((role, act) for role, act in told if can_be_withheld(role, act))


def roles_that_may(act: Act) -> frozenset[Role]:
    """The roles that may carry out an act somewhere, in this scheme, now."""
    gone = withheld()
    return frozenset(role for role in roles_with(act) if (role, act) not in gone)


def acts_of_role(role: Role) -> frozenset[Act]:
    """What a role may do in this scheme, now."""
    return frozenset(act for act in ROLE_ACTS[role] if (role, act) not in withheld())
