"""What the rest of the product may know of evidence: holds, exhibits, copies and stills."""

from __future__ import annotations

from datetime import timedelta

from overt.rooms import Act, Limit, MenuItem, Room, Round, Way
from overt.shared.roles import OPERATORS, SUPERVISORS, Group, Role

MARK_HOLD = Act("mark_hold", "Hold footage", Group.EVIDENCE, roles=OPERATORS | {Role.POLICE_REVIEWER})
SEAL_EXHIBIT = Act("seal_exhibit", "Seal exhibits", Group.EVIDENCE, roles=OPERATORS)
SEE_EXHIBIT = Act(
    "see_exhibit",
    "See exhibits and holds",
    Group.EVIDENCE,
    roles=OPERATORS
    | {Role.DATA_CONTROLLER, Role.DATA_PROTECTION_OFFICER, Role.INSPECTOR, Role.POLICE_REVIEWER, Role.AUDITOR},
)
EXPORT_BAG = Act("export_bag", "Take sealed evidence away", Group.EVIDENCE, roles=SUPERVISORS)
#: Storage locations and who may open them, the destruction of copies.
MANAGE_EVIDENCE = Act(
    "manage_evidence", "Look after storage and destruction", Group.EVIDENCE, roles=frozenset({Role.MANAGER})
)

#: A signed paper (evidence.papers) with the form around it; a whole exhibit as it was read back from its medium.
_PAPER_BYTES = 11 * 1024 * 1024
_ARCHIVE_BYTES = 256 * 1024**3

ROOM = Room(
    acts=(MARK_HOLD, SEAL_EXHIBIT, SEE_EXHIBIT, EXPORT_BAG, MANAGE_EVIDENCE),
    menu=(MenuItem("Evidence", "/exhibits/", frozenset({SEE_EXHIBIT}), place=30),),
    ways=(
        Way(
            SEE_EXHIBIT,
            "Exhibits and holds",
            "/exhibits/",
            "What was sealed, what is held and until when",
            place=30,
        ),
    ),
    notices=(
        "overt.evidence.notices.unfinished_exhibits",
        "overt.evidence.notices.waiting_holds",
        "overt.evidence.notices.masters_due",
    ),
    limits=(
        Limit("exhibits/stills/<int:number>/hand-over/", body_bytes=_PAPER_BYTES),
        Limit("exhibits/<str:reference>/copies/<int:number>/hand-over/", body_bytes=_PAPER_BYTES),
        Limit("exhibits/<str:reference>/copies/<int:number>/test/", body_bytes=_ARCHIVE_BYTES),
    ),
    rounds=(
        Round(
            "holds to the node, and those that ended", timedelta(minutes=1), "overt.evidence.holds.node_sync.sync_holds"
        ),
    ),
    resumes=("overt.evidence.exhibits.services.sealing.resume_unfinished",),  # exhibits whose sealing a stop cut off
    alone=("verify",),
    repeated=frozenset({"exhibit-progress"}),
    impersonal=True,
)
