"""What the rest of the product may know of watching live pictures and looking at recordings."""

from __future__ import annotations

from datetime import timedelta

from overt.rooms import Act, MenuItem, Room, Round, Way
from overt.shared.roles import OPERATORS, SUPERVISORS, Group, Role

VIEW_LIVE = Act("view_live", "Watch live pictures", Group.CAMERAS, roles=OPERATORS | {Role.INSPECTOR, Role.ENGINEER})
#: Look at recordings, frames and timelines.
REVIEW = Act(
    "review",
    "Look at recordings",
    Group.EVIDENCE,
    roles=OPERATORS | {Role.DATA_PROTECTION_OFFICER, Role.INSPECTOR, Role.POLICE_REVIEWER},
)
#: Let an engineer look at recordings, under one's own eye.
SUPERVISE_PLAYBACK = Act(
    "supervise_playback", "Let an engineer look at recordings, under one's eye", Group.EVIDENCE, roles=SUPERVISORS
)
#: A line in the occurrence book.
WRITE_ENTRY = Act(
    "write_entry",
    "Write entries",
    Group.BOOKS,
    roles=OPERATORS | {Role.DATA_PROTECTION_OFFICER, Role.ENGINEER, Role.POLICE_REVIEWER},
)

#: How often the worker reads on in what is stored; its bytes are the setting's rate over this time.
STEP_EVERY = timedelta(seconds=10)

ROOM = Room(
    acts=(VIEW_LIVE, REVIEW, SUPERVISE_PLAYBACK, WRITE_ENTRY),
    menu=(
        MenuItem("Watch", "/watch/", frozenset({VIEW_LIVE}), place=10),
        MenuItem("Review", "/review/", frozenset({REVIEW}), place=20),
    ),
    ways=(
        Way(VIEW_LIVE, "Watch the cameras", "/watch/", "The live wall of the cameras you may see", place=10),
        Way(
            REVIEW,
            "Look at recordings",
            "/review/",
            "Opens with your reason; every look is in the logbook",
            place=20,
        ),
    ),
    tasks=("overt.watch.reviews.notices.open_review",),
    notices=("overt.watch.reviews.notices.review_notices",),
    standing=("overt.watch.integrity.health.recordings",),
    rounds=(
        Round("pictures and reviews left open", timedelta(minutes=1), "overt.watch.rounds.close_what_was_left"),
        Round("recordings held against their hashes", STEP_EVERY, "overt.watch.rounds.read_on"),
    ),
    metrics=("overt.watch.integrity.health.footage_round",),
    repeated=frozenset({"watch-now"}),
)
