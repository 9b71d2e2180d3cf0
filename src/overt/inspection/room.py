"""What the rest of the product may know of reading, proving and correcting the logbook."""

from __future__ import annotations

from datetime import timedelta

from overt.rooms import Act, MenuItem, Room, Round, Way
from overt.shared.roles import SUPERVISORS, Group, Role

#: Who reads all of it; those who watch over the others keep it, whatever the policy says.
_KEEPERS = frozenset({Role.DATA_CONTROLLER, Role.DATA_PROTECTION_OFFICER, Role.INSPECTOR, Role.AUDITOR})
_READERS = SUPERVISORS | _KEEPERS | {Role.OWNER_NOMINEE}

READ_LOGBOOK = Act(
    "read_logbook", "Read the logbook", Group.BOOKS, roles=_READERS, keeps=_KEEPERS | {Role.OWNER_NOMINEE}
)
#: Checkpoints and proofs.
VERIFY_LOGBOOK = Act("verify_logbook", "Take checkpoints and proofs", Group.BOOKS, roles=_READERS, keeps=_KEEPERS)
#: A new entry that says what is right; the old one stays.
CORRECT_ENTRY = Act(
    "correct_entry",
    "Correct entries, by a new one",
    Group.BOOKS,
    roles=SUPERVISORS | {Role.DATA_CONTROLLER, Role.DATA_PROTECTION_OFFICER},
)
ERASE_PERSONAL = Act(
    "erase_personal",
    "Erase personal content",
    Group.BOOKS,
    roles=frozenset({Role.DATA_CONTROLLER, Role.DATA_PROTECTION_OFFICER}),
)

ROOM = Room(
    acts=(READ_LOGBOOK, VERIFY_LOGBOOK, CORRECT_ENTRY, ERASE_PERSONAL),
    menu=(MenuItem("Logbook", "/logbook/", frozenset({READ_LOGBOOK}), place=50),),
    ways=(
        Way(
            READ_LOGBOOK,
            "Read the logbook",
            "/logbook/",
            "Who did what, when and why, numbered and provable",
            place=40,
        ),
    ),
    standing=("overt.inspection.health.last_check",),
    rounds=(
        # How often the logbook is signed, and how long it keeps personal content, are the policy's to say.
        Round("checkpoint", timedelta(seconds=30), "overt.inspection.rounds.sign_checkpoint"),
        Round("personal content whose day has come", timedelta(hours=1), "overt.inspection.rounds.erase_what_is_due"),
        Round("the logbook checked from end to end", timedelta(hours=1), "overt.inspection.rounds.check_whole_logbook"),
    ),
)
