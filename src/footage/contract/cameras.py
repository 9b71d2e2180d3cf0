"""The cameras that are recorded, how they are, how the recorder is, and what a look at a stream found."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from footage.contract.recordings import CameraId


@dataclass(frozen=True, slots=True)
class CameraSource:
    """A camera to record. `url` holds no credentials; they travel apart and are sealed at rest."""

    camera_id: CameraId
    name: str
    url: str  # rtsp:// or rtsps://
    username: str = ""
    password: str = field(default="", repr=False)
    retention_days: int = 31
    priority: int = 100  # on a full disk the lowest sheds first
    sound_until_90k: int = 0  # sound is recorded until this moment, and never without an end; 0: not at all
    enabled: bool = True
    tls_pin: str = ""  # rtsps: SHA-256 of the camera's own certificate in hex, or "any"; empty: one the system trusts
    basic_allowed: bool = (
        False  # the password may be sent unencrypted (Basic over rtsp://); else such a camera is refused
    )
    transport: str = "tcp"  # or "udp", for a camera that offers nothing else


class CameraCondition(StrEnum):
    RECORDING = "recording"
    CONNECTING = "connecting"
    LOST = "lost"
    REFUSED = "refused"
    STOPPED = "stopped"


class SoundCondition(StrEnum):
    """How a camera's sound is; anything but OFF only while an order lets it be recorded."""

    OFF = "off"
    RECORDING = "recording"
    SILENT = "silent"  # set up, and nothing comes
    UNAVAILABLE = "unavailable"  # the camera offers none, or none that can be recorded


@dataclass(frozen=True, slots=True)
class CameraNote:
    """Something odd in what a camera sends that was dealt with: what, and what an engineer may do about it.

    `code` is stable (`key-frames-far-apart`); `text` is a sentence. Notes stand in the order in which they would be
    mended: first what costs footage, last what is merely out of the ordinary.
    """

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """What the node knows of one camera now."""

    camera_id: CameraId
    condition: CameraCondition
    since_90k: int  # recorded since then; where it is not recorded, not since then (its last picture, if there was one)
    detail: str = ""
    last_picture_90k: int | None = None
    attempts: int = 0
    codec: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    bitrate_bps: int = 0
    clock_offset_ms: float | None = None
    frames_lost: int = 0
    sound: SoundCondition = SoundCondition.OFF
    sound_detail: str = ""
    notes: tuple[CameraNote, ...] = ()
    oddities: tuple[tuple[str, int], ...] = ()  # what odd things came and how often, since the recorder began


@dataclass(frozen=True, slots=True)
class NodeHealth:
    """What the node knows of itself. `oldest_90k` and the forecast tell whether the retention promise is at risk."""

    alive: bool
    now_90k: int
    store_total_bytes: int
    store_free_bytes: int
    held_bytes: int
    disk_days_left: float | None  # at a day's rate, beyond what retention gives back; None: never, or not known
    alarms: tuple[str, ...]
    cameras: tuple[CameraHealth, ...]
    disk_lost: str = ""  # what is wrong with the footage disk itself; while there is, nothing is recorded
    disk_forecast_known: bool = False  # not before an hour was recorded, nor where the recorder does not run


class CheckOutcome(StrEnum):
    """How a look at a camera's stream ended."""

    CONNECTS = "connects"
    UNREACHABLE = "unreachable"  # nothing answers at that address and port
    REFUSED = "refused"  # wrong credentials, or no such stream
    UNTRUSTED = "untrusted"  # its certificate is not trusted; `detail` has its fingerprint
    NO_VIDEO = "no-video"  # an answer, but no video track that can be recorded
    SILENT = "silent"  # set up, but no picture came
    PROTOCOL = "protocol"  # whatever answers there speaks no RTSP
    BAD_ADDRESS = "bad-address"  # or one outside the networks that may hold cameras


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was seen of a stream in a few seconds; the measures are zero or None unless it connects."""

    outcome: CheckOutcome
    detail: str
    codec: str = ""  # as people say it: H.264, H.265
    width: int = 0
    height: int = 0
    fps: float = 0.0
    bitrate_bps: int = 0
    clock_offset_ms: float | None = None  # camera clock minus server clock; None where the camera did not tell
    sound: str = ""  # what sound the camera offers, in words; none was set up to learn it
    notes: tuple[CameraNote, ...] = ()
