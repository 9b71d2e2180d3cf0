"""What the rest of the product may know of the logbook."""

from __future__ import annotations

from datetime import timedelta

from overt.rooms import Act, Check, MenuItem, Room, Round, Way
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
#: Acknowledge, in words, that the code or the system was broken.
ANSWER_BREACH = Act(
    "answer_breach",
    "Answer breaches",
    Group.BOOKS,
    roles=frozenset({Role.OWNER_NOMINEE, Role.DATA_CONTROLLER, Role.MANAGER, Role.DATA_PROTECTION_OFFICER}),
    keeps=frozenset({Role.MANAGER}),
)

ROOM = Room(
    acts=(READ_LOGBOOK, VERIFY_LOGBOOK, CORRECT_ENTRY, ERASE_PERSONAL, ANSWER_BREACH),
    menu=(MenuItem("Logbook", "/logbook/", frozenset({READ_LOGBOOK}), place=50),),
    ways=(
        Way(
            READ_LOGBOOK,
            "Read the logbook",
            "/logbook/",
            "Who did what, when and why, numbered and provable",
            place=40,
        ),
        Way(ANSWER_BREACH, "Breaches", "/logbook/breaches/", "What the system found and people reported", place=90),
        # Everybody may report one: it hangs on the act that everybody has.
        Way(
            "see_camera",
            "Report a breach",
            "/logbook/breaches/report/",
            "Of the code, or of the safety of data",
            place=100,
        ),
    ),
    notices=("overt.logbook.notices.breaches_to_tell",),
    standing=("overt.logbook.health.last_check",),
    rounds=(
        Round("the logbook checked from end to end", timedelta(hours=1), "overt.logbook.rounds.check_whole_logbook"),
    ),
    checks=(Check("logbook", "overt.logbook.health.no_open_breach"),),
    metrics=("overt.logbook.health.open_breaches_by_kind",),
    guards=("overt.logbook.triggers.REFUSALS", "overt.logbook.triggers.KEYS"),
    impersonal=True,
)
