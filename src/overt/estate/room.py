"""What the rest of the product may know of cameras and the places they stand in."""

from __future__ import annotations

from datetime import timedelta

from overt.rooms import Act, Check, MenuItem, Room, Round, Way
from overt.shared.roles import EVERYBODY, SUPERVISORS, Group, Role

#: Know that it exists, where it is and how it is.
SEE_CAMERA = Act("see_camera", "Know of cameras and how they are", Group.CAMERAS, roles=EVERYBODY, keeps=EVERYBODY)
CHECK_CAMERA = Act("check_camera", "Check a camera", Group.CAMERAS, roles=SUPERVISORS | {Role.ENGINEER})
#: Add, change, retire, import.
MANAGE_CAMERA = Act("manage_camera", "Add, change and retire cameras", Group.CAMERAS, roles=frozenset({Role.MANAGER}))
#: Health, disk, version.
SEE_SYSTEM = Act(
    "see_system",
    "See how the system stands",
    Group.SYSTEM,
    roles=SUPERVISORS | {Role.OWNER_NOMINEE, Role.DATA_CONTROLLER, Role.INSPECTOR, Role.ENGINEER, Role.AUDITOR},
)

ROOM = Room(
    acts=(SEE_CAMERA, CHECK_CAMERA, MANAGE_CAMERA, SEE_SYSTEM),
    menu=(MenuItem("Cameras", "/cameras/", frozenset({SEE_CAMERA}), place=40),),
    ways=(
        Way(MANAGE_CAMERA, "Cameras", "/cameras/", "Add, check, change and retire them", place=50),
        Way(CHECK_CAMERA, "Check a camera", "/cameras/", "Whether it connects, its picture and its clock", place=60),
        Way(
            SEE_SYSTEM,
            "Retention",
            "/retention/",
            "What was deleted and what is kept, day by day, and what is at risk",
            place=70,
        ),
        Way(
            SEE_CAMERA,
            "Where the cameras are",
            "/cameras/",
            "The cameras of the scheme that you may know of",
            place=120,
        ),
    ),
    tasks=("overt.estate.notices.first_camera",),
    standing=("overt.estate.standing.recorder",),
    rounds=(
        Round("cameras to the node", timedelta(seconds=30), "overt.estate.node.sync_node"),
        Round("sound whose end has come", timedelta(seconds=30), "overt.estate.rounds.end_sound"),
        Round("what retention did the day before", timedelta(minutes=15), "overt.estate.rounds.write_retention"),
    ),
    checks=(
        Check("node", "overt.estate.health.node_is_alive"),
        Check("disk", "overt.estate.health.disk_has_room"),
    ),
    metrics=("overt.estate.health.recorder_and_cameras",),
    cameras="estate.camera",
    impersonal=True,
)
