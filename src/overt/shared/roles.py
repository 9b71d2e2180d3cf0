"""The roles of a scheme. What each may do is said by the rooms, act by act (see overt.rooms.Act)."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    OWNER_NOMINEE = "owner_nominee"
    DATA_CONTROLLER = "data_controller"
    MANAGER = "manager"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    #: Reads everything of the operators' work, the recordings they made among it, and writes nothing: HERTS-22.1.
    INSPECTOR = "inspector"
    #: No sight of recordings but under a supervisor's eye, for a time (watch.supervised): BASS-6.7.3.
    ENGINEER = "engineer"
    POLICE_REVIEWER = "police_reviewer"
    AUDITOR = "auditor"


class Group(StrEnum):
    """Under what the page of roles shows an act; the groups in the order of the page."""

    CAMERAS = "Cameras and pictures"
    EVIDENCE = "Recordings and evidence"
    BOOKS = "The books"
    SYSTEM = "People, policy and system"


EVERYBODY = frozenset(Role)
#: Who supervises the operators, and who operates: each with those above.
SUPERVISORS = frozenset({Role.SUPERVISOR, Role.MANAGER})
OPERATORS = SUPERVISORS | {Role.OPERATOR}
