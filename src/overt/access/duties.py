"""What must not lie in one hand: who may give which role to whom, beside the granter's own reach. Pure.

The tables are the rule; `access.rules.may_appoint` says how far a granter reaches. Source: BASS-7.1.c, HERTS-19.5 (the
manager decides who has access), BASS-2.1.a (the owner, not the manager, answers for the policy).
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from overt.access.rules import GrantRefused
from overt.shared.roles import Role

#: Those who approve, erase, or name the others: nobody gives such a role to an account whose key he had in hand.
TWO_HANDS = frozenset({Role.OWNER_NOMINEE, Role.DATA_CONTROLLER, Role.DATA_PROTECTION_OFFICER})
#: Who runs the scheme and who watches over that are never the same person.
APART = tuple((Role.MANAGER, watching) for watching in sorted(TWO_HANDS))
#: The first person holds two roles that are apart, until there is somebody to give one of them to.
FIRST_PERSON_DAYS = 30


class TwoHandsNeeded(GrantRefused):
    """The account was made by whoever would now give it such a role."""

    code = "two-hands-needed"


class RolesApart(GrantRefused):
    """One person would run the scheme and watch over it."""

    code = "roles-apart"


def check_two_hands(role: Role, granter: UUID, link_made_by: UUID | None, *, others_can_make_accounts: bool) -> None:
    """Raises TwoHandsNeeded where the granter made, or last reset, the account.

    While nobody else can make accounts there is no second hand: the first person names the first others.
    """
    if role in TWO_HANDS and link_made_by == granter and others_can_make_accounts:
        words = role.value.replace("_", " ")
        raise TwoHandsNeeded(
            "You made this person's account or its last one-time link, so somebody else has to give the role of "
            f"{words}: otherwise one person could act as two."
        )


def check_apart(role: Role, held: Iterable[Role]) -> None:
    """Raises RolesApart where the role does not go together with one that the person has, or will have."""
    pairs = {frozenset(pair) for pair in APART}
    other = next((one for one in held if frozenset((role, one)) in pairs), None)
    if other is not None:
        first, second = (one.value.replace("_", " ") for one in (role, other))
        raise RolesApart(f"One person is never {first} and {second}: one of them watches over the other.")
