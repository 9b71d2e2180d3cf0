"""What the rest of the product may know of cameras and the places they stand in."""

from __future__ import annotations

from overt.rooms import Act, Room
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
)
