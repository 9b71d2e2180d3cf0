"""Who may do what: the roles of a scheme and the acts each may carry out. Pure; grants with dates are in models.

An act is what a person does, named once. A role never reaches beyond its grants' partner and camera group.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from overt.shared.errors import BadInput, Refused


class Role(StrEnum):
    OWNER_NOMINEE = "owner_nominee"
    DATA_CONTROLLER = "data_controller"
    MANAGER = "manager"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    INSPECTOR = "inspector"
    ENGINEER = "engineer"
    POLICE_REVIEWER = "police_reviewer"
    AUDITOR = "auditor"


class Act(StrEnum):
    SEE_CAMERA = "see_camera"  # know that it exists, where it is and how it is
    VIEW_LIVE = "view_live"
    REVIEW = "review"  # look at recordings, frames and timelines
    SUPERVISE_PLAYBACK = "supervise_playback"  # let an engineer look at recordings, under one's own eye
    MARK_HOLD = "mark_hold"
    WRITE_ENTRY = "write_entry"  # a line in the occurrence book
    SEAL_EXHIBIT = "seal_exhibit"
    SEE_EXHIBIT = "see_exhibit"
    EXPORT_BAG = "export_bag"
    MANAGE_EVIDENCE = "manage_evidence"  # storage places and who may open them, the destruction of copies
    CHECK_CAMERA = "check_camera"
    MANAGE_CAMERA = "manage_camera"  # add, change, retire, import
    READ_LOGBOOK = "read_logbook"
    VERIFY_LOGBOOK = "verify_logbook"  # checkpoints and proofs
    CORRECT_ENTRY = "correct_entry"  # a new entry that says what is right; the old one stays
    ANSWER_BREACH = "answer_breach"  # acknowledge, in words, that the code or the system was broken
    ERASE_PERSONAL = "erase_personal"
    MANAGE_PEOPLE = "manage_people"
    GRANT_ROLE = "grant_role"
    SEE_SYSTEM = "see_system"  # health, disk, version
    READ_POLICY = "read_policy"  # the code of practice as data, and its clocks
    MANAGE_POLICY = "manage_policy"  # draft, consult on, put in force
    APPROVE_POLICY = "approve_policy"  # never one's own draft
    KEEP_CLOCK = "keep_clock"  # run a deadline for a record, and say what came of it


_EVERYONE = frozenset({Act.SEE_CAMERA, Act.READ_POLICY})
_OPERATE = _EVERYONE | {
    Act.VIEW_LIVE,
    Act.REVIEW,
    Act.MARK_HOLD,
    Act.SEAL_EXHIBIT,
    Act.SEE_EXHIBIT,
    Act.WRITE_ENTRY,
}
_SUPERVISE = _OPERATE | {
    Act.EXPORT_BAG,
    Act.READ_LOGBOOK,
    Act.VERIFY_LOGBOOK,
    Act.CHECK_CAMERA,
    Act.SEE_SYSTEM,
    Act.SUPERVISE_PLAYBACK,
    Act.CORRECT_ENTRY,
}
_MANAGE = _SUPERVISE | {
    Act.MANAGE_EVIDENCE,
    Act.MANAGE_CAMERA,
    Act.MANAGE_PEOPLE,
    Act.GRANT_ROLE,
    Act.MANAGE_POLICY,
    Act.KEEP_CLOCK,
    Act.ANSWER_BREACH,
}

ROLE_ACTS: dict[Role, frozenset[Act]] = {
    Role.OWNER_NOMINEE: _EVERYONE
    | {Act.SEE_SYSTEM, Act.READ_LOGBOOK, Act.VERIFY_LOGBOOK, Act.MANAGE_PEOPLE, Act.GRANT_ROLE}
    | {Act.APPROVE_POLICY, Act.ANSWER_BREACH},
    Role.DATA_CONTROLLER: _EVERYONE
    | {Act.SEE_EXHIBIT, Act.READ_LOGBOOK, Act.VERIFY_LOGBOOK, Act.ERASE_PERSONAL, Act.SEE_SYSTEM}
    | {Act.MANAGE_POLICY, Act.APPROVE_POLICY, Act.KEEP_CLOCK, Act.ANSWER_BREACH, Act.CORRECT_ENTRY},
    Role.MANAGER: _MANAGE,
    Role.SUPERVISOR: _SUPERVISE,
    Role.OPERATOR: _OPERATE,
    Role.DATA_PROTECTION_OFFICER: _EVERYONE
    | {
        Act.KEEP_CLOCK,
        Act.REVIEW,
        Act.SEE_EXHIBIT,
        Act.READ_LOGBOOK,
        Act.VERIFY_LOGBOOK,
        Act.ERASE_PERSONAL,
        Act.ANSWER_BREACH,
        Act.CORRECT_ENTRY,
        Act.WRITE_ENTRY,
    },
    # Reads everything of the operators' work, the recordings they made among it, and writes nothing: HERTS-22.1.
    Role.INSPECTOR: _EVERYONE
    | {Act.VIEW_LIVE, Act.REVIEW, Act.SEE_EXHIBIT, Act.READ_LOGBOOK, Act.VERIFY_LOGBOOK, Act.SEE_SYSTEM},
    # No sight of recordings but under a supervisor's eye, for a time (watch.supervised): BASS-6.7.3.
    Role.ENGINEER: _EVERYONE | {Act.CHECK_CAMERA, Act.VIEW_LIVE, Act.SEE_SYSTEM, Act.WRITE_ENTRY},
    Role.POLICE_REVIEWER: _EVERYONE | {Act.REVIEW, Act.MARK_HOLD, Act.SEE_EXHIBIT, Act.WRITE_ENTRY},
    Role.AUDITOR: _EVERYONE | {Act.SEE_EXHIBIT, Act.READ_LOGBOOK, Act.VERIFY_LOGBOOK, Act.SEE_SYSTEM},
}


#: What no policy takes away, or nobody could mend the policy, give a role, or hold the scheme to account.
KEPT: dict[Role, frozenset[Act]] = {
    Role.OWNER_NOMINEE: frozenset({Act.GRANT_ROLE, Act.MANAGE_PEOPLE, Act.APPROVE_POLICY, Act.READ_LOGBOOK}),
    Role.DATA_CONTROLLER: frozenset({Act.MANAGE_POLICY, Act.APPROVE_POLICY, Act.READ_LOGBOOK, Act.VERIFY_LOGBOOK}),
    Role.MANAGER: frozenset({Act.MANAGE_POLICY, Act.GRANT_ROLE, Act.ANSWER_BREACH}),
    Role.DATA_PROTECTION_OFFICER: frozenset({Act.READ_LOGBOOK, Act.VERIFY_LOGBOOK}),
    Role.INSPECTOR: frozenset({Act.READ_LOGBOOK, Act.VERIFY_LOGBOOK}),
    Role.AUDITOR: frozenset({Act.READ_LOGBOOK, Act.VERIFY_LOGBOOK}),
}


def can_be_withheld(role: Role, act: Act) -> bool:
    """Whether a policy may take this act from this role: it only ever takes away what the role has.

    Source: BASS-8.2.1.6 (recorded material is reached only as policy allows).
    """
    return act in ROLE_ACTS[role] - _EVERYONE - KEPT.get(role, frozenset())


def roles_with(act: Act) -> frozenset[Role]:
    """The roles that may carry out an act somewhere."""
    return frozenset(role for role, acts in ROLE_ACTS.items() if act in acts)


#: Who may give which role. Those who answer for the scheme or watch over the manager are the owner's to name.
_OVERSIGHT = frozenset({Role.OWNER_NOMINEE, Role.DATA_CONTROLLER, Role.DATA_PROTECTION_OFFICER})
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
    """Raises BadGrant for an empty reason or for dates that are the wrong way round or already over."""
    if not reason.strip():
        raise BadGrant("Say why: the reason stays with the grant and in the logbook.")
    if ends_at is not None and ends_at <= starts_at:
        raise BadGrant("The grant would end before it begins. Give a later end, or leave the end empty.")
    if ends_at is not None and ends_at <= now:
        raise BadGrant("The grant would already be over. Give an end that is still to come.")
