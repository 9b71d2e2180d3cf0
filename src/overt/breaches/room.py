"""What the rest of the product may know of breaches of the code."""

from __future__ import annotations

from overt.rooms import Act, Check, Room, Way
from overt.shared.roles import Group, Role

#: Acknowledge, in words, that the code or the system was broken.
ANSWER_BREACH = Act(
    "answer_breach",
    "Answer breaches",
    Group.BOOKS,
    roles=frozenset({Role.OWNER_NOMINEE, Role.DATA_CONTROLLER, Role.MANAGER, Role.DATA_PROTECTION_OFFICER}),
    keeps=frozenset({Role.MANAGER}),
)

ROOM = Room(
    acts=(ANSWER_BREACH,),
    ways=(
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
    notices=("overt.breaches.notices.breaches_to_tell",),
    checks=(Check("logbook", "overt.breaches.health.no_open_breach"),),
    metrics=("overt.breaches.health.open_breaches_by_kind",),
    kinds_before=(("logbook.codebreach", "breaches.codebreach"),),
    impersonal=True,
)
