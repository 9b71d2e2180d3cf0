"""Who may do what: the roles of a scheme and the acts each may carry out. Pure; grants with dates are in models.

An act is what a person does, named once. A role never reaches beyond its grants' partner and camera group.
"""

from __future__ import annotations

from enum import StrEnum


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
    MARK_HOLD = "mark_hold"
    SEAL_EXHIBIT = "seal_exhibit"
    SEE_EXHIBIT = "see_exhibit"
    EXPORT_BAG = "export_bag"
    CHECK_CAMERA = "check_camera"
    MANAGE_CAMERA = "manage_camera"  # add, change, retire, import
    READ_LOGBOOK = "read_logbook"
    VERIFY_LOGBOOK = "verify_logbook"  # checkpoints and proofs
    ERASE_PERSONAL = "erase_personal"
    MANAGE_PEOPLE = "manage_people"
    GRANT_ROLE = "grant_role"
    SEE_SYSTEM = "see_system"  # health, disk, version


_EVERYONE = frozenset({Act.SEE_CAMERA})
_OPERATE = _EVERYONE | {Act.VIEW_LIVE, Act.REVIEW, Act.MARK_HOLD, Act.SEAL_EXHIBIT, Act.SEE_EXHIBIT}
_SUPERVISE = _OPERATE | {Act.EXPORT_BAG, Act.READ_LOGBOOK, Act.VERIFY_LOGBOOK, Act.CHECK_CAMERA, Act.SEE_SYSTEM}
_MANAGE = _SUPERVISE | {Act.MANAGE_CAMERA, Act.MANAGE_PEOPLE, Act.GRANT_ROLE}

ROLE_ACTS: dict[Role, frozenset[Act]] = {
    Role.OWNER_NOMINEE: _EVERYONE | {Act.SEE_SYSTEM, Act.READ_LOGBOOK, Act.VERIFY_LOGBOOK, Act.GRANT_ROLE},
    Role.DATA_CONTROLLER: _EVERYONE
    | {Act.SEE_EXHIBIT, Act.READ_LOGBOOK, Act.VERIFY_LOGBOOK, Act.ERASE_PERSONAL, Act.SEE_SYSTEM},
    Role.MANAGER: _MANAGE,
    Role.SUPERVISOR: _SUPERVISE,
    Role.OPERATOR: _OPERATE,
    Role.DATA_PROTECTION_OFFICER: _EVERYONE
    | {Act.REVIEW, Act.SEE_EXHIBIT, Act.READ_LOGBOOK, Act.VERIFY_LOGBOOK, Act.ERASE_PERSONAL},
    Role.INSPECTOR: _EVERYONE | {Act.VIEW_LIVE, Act.SEE_EXHIBIT, Act.READ_LOGBOOK, Act.VERIFY_LOGBOOK, Act.SEE_SYSTEM},
    # No sight of recordings where it can be avoided: BASS-10 and section 5, row 34 of the catalogue.
    Role.ENGINEER: _EVERYONE | {Act.CHECK_CAMERA, Act.VIEW_LIVE, Act.SEE_SYSTEM},
    Role.POLICE_REVIEWER: _EVERYONE | {Act.REVIEW, Act.MARK_HOLD, Act.SEE_EXHIBIT},
    Role.AUDITOR: _EVERYONE | {Act.SEE_EXHIBIT, Act.READ_LOGBOOK, Act.VERIFY_LOGBOOK, Act.SEE_SYSTEM},
}


def roles_with(act: Act) -> frozenset[Role]:
    """The roles that may carry out an act somewhere."""
    return frozenset(role for role, acts in ROLE_ACTS.items() if act in acts)
