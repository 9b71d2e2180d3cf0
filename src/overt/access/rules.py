"""Who may do what: the roles of a scheme and the acts each may carry out. Pure; grants with dates are in models.

The acts, and which roles may carry them out, are the rooms' to say, each of its own (their `room.py`). A role never
reaches beyond its grants' partner and camera group.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from overt.rooms import Act as Act  # both are named from here by those who ask what a role may do
from overt.shared.errors import BadInput, Refused
from overt.shared.roles import Role as Role

#: What each role may do, by the rooms' declarations.
ROLE_ACTS: dict[Role, frozenset[Act]] = {role: frozenset(act for act in Act if role in act.roles) for role in Role}


def can_be_withheld(role: Role, act: Act) -> bool:
    """Whether a policy may take this act from this role: it only ever takes away what the role has.

    What a role keeps no policy takes away, or nobody could mend the policy, give a role, or call the scheme to account.
    Source: BASS-8.2.1.6 (recorded material is reached only as policy allows).
    """
    return role in act.roles - act.keeps


def roles_with(act: Act) -> frozenset[Role]:
    """The roles that may carry out an act somewhere."""
    return act.roles


#: Who may give which role. Those who answer for the scheme or watch over the manager are the owner's to name.
_OVERSIGHT = frozenset(
    {Role.OWNER_NOMINEE, Role.DATA_CONTROLLER, Role.DATA_PROTECTION_OFFICER, Role.INSPECTOR, Role.AUDITOR}
)
MAY_APPOINT: dict[Role, frozenset[Role]] = {
    Role.OWNER_NOMINEE: frozenset(Role),
    Role.MANAGER: frozenset(Role) - _OVERSIGHT,
}


#: The one role that does not lapse for want of confirmation, or nobody would be left to confirm any.
NEVER_LAPSES = Role.OWNER_NOMINEE


def lapses_at(role: Role, confirmed_at: datetime, every: timedelta | None) -> datetime | None:
    """When a role is over unless somebody confirms it; `every` is the policy's period, None where it has none.

    Source: BASS-8.2.1.9 (granted with a review date, lapses unless renewed), PROG-4.2.22.a (confirmed each quarter).
    """
    return None if every is None or role is NEVER_LAPSES else confirmed_at + every


class GrantRefused(Refused):
    """This grant is not this person's to give or to take."""

    code = "grant-refused"


class OwnGrant(GrantRefused):
    """Nobody gives himself a role, or takes one from himself."""

    code = "own-grant"


class BadGrant(BadInput):
    """A date or a reason of the grant cannot be."""

    code = "bad-grant"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a role reaches: a partner's cameras, a camera group's, both at once, or (two Nones) everywhere."""

    role: Role
    partner_id: UUID | None
    group_id: UUID | None

    def covers(self, other: Scope) -> bool:
        """Whether everything the other reaches lies inside this one."""
        return self.partner_id in {None, other.partner_id} and self.group_id in {None, other.group_id}

    def covers_camera(self, partner_id: UUID, group_ids: Collection[UUID]) -> bool:
        """Whether a camera of this partner, in these groups, lies inside."""
        return self.partner_id in {None, partner_id} and (self.group_id is None or self.group_id in group_ids)


def may_appoint(granter: Iterable[Scope], wanted: Scope) -> bool:
    """Whether somebody who may grant in these scopes may give (or take) this role there.

    A granter never reaches beyond his own scope. Source: HERTS-19.5, BASS-7.1.c (the manager decides who has access).
    """
    return any(wanted.role in MAY_APPOINT.get(own.role, ()) and own.covers(wanted) for own in granter)


def check_appointment(granter: Iterable[Scope], wanted: Scope, *, to_self: bool) -> None:
    """Raises OwnGrant or GrantRefused where this role is not the granter's to give or take."""
    if to_self:
        raise OwnGrant("Nobody changes his own roles. Ask another manager, or the owner's nominee.")
    if not may_appoint(granter, wanted):
        role = wanted.role.value.replace("_", " ")
        raise GrantRefused(f"The role of {role}, this wide, is not yours to give or take: it reaches beyond your own.")


def check_grant_terms(starts_at: datetime, ends_at: datetime | None, reason: str, now: datetime) -> None:
    """Raises BadGrant for an empty reason, a beginning that is past, or dates the wrong way round or already over.

    What somebody did before he had the role was done without it: no later date makes that otherwise.
    """
    if not reason.strip():
        raise BadGrant("Say why: the reason stays with the grant and in the logbook.")
    if starts_at < now:
        raise BadGrant("A role begins when it is given, or later. Leave the first day empty for now.")
    if ends_at is not None and ends_at <= starts_at:
        raise BadGrant("The grant would end before it begins. Give a later end, or leave the end empty.")
    if ends_at is not None and ends_at <= now:
        raise BadGrant("The grant would already be over. Give an end that is still to come.")
