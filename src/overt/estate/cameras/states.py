"""How each camera is now, in words: from the recorder's health and from its own row."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from footage.contract import CameraCondition, CameraHealth, CameraNote, FootageError
from footage.times import utc_datetime
from overt.estate.models import Camera
from overt.estate.node import node
from overt.estate.rules import number_key

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CameraState:
    """A word for the table, the tag it is drawn in (grey is normal), since when, and what is known besides."""

    key: str
    words: str
    tag: str = ""
    since: datetime | None = None
    detail: str = ""
    health: CameraHealth | None = None

    @property
    def picture(self) -> str:
        """1920 × 1080, or nothing where none comes."""
        return f"{self.health.width} × {self.health.height}" if self.health and self.health.width else ""

    @property
    def sound_words(self) -> str:
        """What comes of an order for its sound; nothing where the recorder does not say."""
        if self.health is None:
            return ""
        if self.health.sound == "recording":
            return f"Recorded now: {self.health.sound_detail}"
        if self.health.sound == "off":
            return "The recorder is connecting the camera anew"
        return f"None is recorded: {self.health.sound_detail}"

    @property
    def notes(self) -> tuple[CameraNote, ...]:
        """What is out of the ordinary in what the camera sends, in the order in which it would be mended."""
        return self.health.notes if self.health else ()


_WORDS: Mapping[CameraCondition, tuple[str, str]] = {
    CameraCondition.RECORDING: ("Recording", ""),
    CameraCondition.CONNECTING: ("Connecting", "wait"),
    CameraCondition.LOST: ("Lost", "late"),
    CameraCondition.REFUSED: ("Refused", "late"),
    CameraCondition.STOPPED: ("Stopped", "wait"),
}
#: What a list is filtered by; the keys of CameraState.
STATES = {
    "recording": "Recording",
    "connecting": "Connecting",
    "lost": "Lost",
    "refused": "Refused",
    "stopped": "Stopped",
    "unknown": "Not known",
    "not-recorded": "Not recorded",
    "retired": "Retired",
}


@dataclass(frozen=True, slots=True)
class States:
    """The recorder's answer, once for a page. `alive` is False where it does not run."""

    alive: bool
    by_camera: Mapping[UUID, CameraHealth]

    def of(self, camera: Camera) -> CameraState:
        if camera.retired_at is not None:
            return CameraState("retired", "Retired", since=camera.retired_at)
        if not camera.recorded:
            return CameraState("not-recorded", "Not recorded")
        health = self.by_camera.get(camera.pk)
        if not self.alive:
            return CameraState("unknown", "Recorder not running", "late", health=health)
        if health is None:
            return CameraState("unknown", "Not known to the recorder yet", "wait")
        words, tag = _WORDS[health.condition]
        since = utc_datetime(health.since_90k)
        return CameraState(health.condition.value, words, tag, since, health.detail, health)


def states_now() -> States:
    """Ask the recorder; one that cannot be asked is one that does not run."""
    try:
        health = node().health()
    except (FootageError, OSError, ImportError) as error:
        _log.warning("the recorder cannot be asked: %s", error)
        return States(False, {})
    return States(health.alive, {one.camera_id: one for one in health.cameras})


def notes_now() -> list[tuple[str, tuple[CameraNote, ...]]]:
    """The numbers of the cameras of which the recorder noticed something, with what it was."""
    states = states_now()
    cameras = sorted(Camera.objects.in_use(), key=lambda camera: number_key(camera.number))
    noticed = [(camera.number, states.of(camera).notes) for camera in cameras]
    return [(number, notes) for number, notes in noticed if notes]
