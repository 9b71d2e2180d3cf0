"""What this room writes into the logbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from overt.logbook.actions import action
from overt.logbook.facts import Given


@dataclass(frozen=True, slots=True)
class CameraAsItIs:
    """A camera as it stands after the act: of its address the host alone, for a path may hold a password."""

    number: str
    name: Given
    kind: str
    partner: UUID
    town: UUID
    groups: tuple[UUID, ...]
    latitude: str | None
    longitude: str | None
    bearing_degrees: int | None
    host: str
    credentials: str  # kept or none
    certificate: str
    basic_allowed: bool
    transport: str
    recorded: bool
    retention_days: int | None
    priority: int


@dataclass(frozen=True, slots=True)
class CameraChanged(CameraAsItIs):
    changed: tuple[str, ...]  # the names of what did


@dataclass(frozen=True, slots=True)
class CameraChecked:
    """What a look at a camera's stream found."""

    outcome: str
    codec: str
    width: int
    height: int
    millihertz: int  # pictures in 1000 s
    bits_per_second: int
    sound: Given  # as the camera names it; empty for none
    clock_ms: int | None  # ahead of the server's, negative for behind; None where it was not told
    notes: tuple[str, ...]  # codes

    @property
    def size(self) -> str:
        return f"{self.width} × {self.height}" if self.width else ""


@dataclass(frozen=True, slots=True)
class SoundOrdered:
    """An order for a camera's sound. Who asked and who decided are personal content."""

    number: str
    order: UUID
    case: Given
    until: datetime


@dataclass(frozen=True, slots=True)
class CamerasImported:
    cameras: int


@dataclass(frozen=True, slots=True)
class FrameSeen:
    at_90k: int  # the picture's own time, 1/90000 s


@dataclass(frozen=True, slots=True)
class RetentionRan:
    """A day's deletions over all cameras; what is of one camera stands in its row of the run."""

    day: date
    cameras: int
    oldest_kept: datetime | None
    deleted: int
    deleted_bytes: int
    early: int
    holds: int
    failed_cameras: int
    alarms: int  # of the recorder when it ran; their words stand in the rows


_ORDER = "case {case}, until {until}"

CAMERA_ADDED = action("estate.camera.added", "Camera added", CameraAsItIs, line="{kind:words}")
CAMERA_CHANGED = action("estate.camera.changed", "Camera changed", CameraChanged, line="{changed:words}")
CAMERA_RETIRED = action("estate.camera.retired", "Camera retired", CameraAsItIs, line="")
CAMERA_CHECKED = action(
    "estate.camera.checked", "Camera checked", CameraChecked, line="{outcome:words}[, {codec} {size}]"
)
SOUND_ASKED = action("estate.camera.sound-asked", "Sound of a camera asked for", SoundOrdered, line=_ORDER)
SOUND_APPROVED = action(
    "estate.camera.sound-approved", "Sound of a camera approved and switched on", SoundOrdered, line=_ORDER
)
SOUND_REFUSED = action("estate.camera.sound-refused", "Sound of a camera refused", SoundOrdered, line=_ORDER)
SOUND_ENDED = action("estate.camera.sound-ended", "Sound of a camera ended", SoundOrdered, line=_ORDER)
SOUND_LAPSED = action(
    "estate.camera.sound-lapsed", "Sound of a camera asked for and not used", SoundOrdered, line=_ORDER
)
CAMERAS_IMPORTED = action("estate.cameras.imported", "Cameras imported", CamerasImported, line="{cameras:count camera}")
FRAME_SEEN = action("estate.frame.seen", "Single picture looked at", FrameSeen, line="{at_90k:90k}")
RETENTION_RAN = action(
    "estate.retention.ran",
    "Retention of a day written down",
    RetentionRan,
    line="{day}: {deleted:count file} of {cameras:count camera} deleted[, {failed_cameras:count camera} with a failure]"
    "[, {alarms:count alarm}]",
)
