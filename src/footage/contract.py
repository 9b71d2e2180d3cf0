"""Everything the other house may know of this one: the door between footage and the scheme that owns it.

Frozen values and a Protocol. All times are UTC counts of 1/90000 s (see times.py); ranges are half-open. The scheme
gives orders (which cameras, which holds) and asks questions (timelines, clips, stills, health); the node answers
from its own journal and never asks the scheme for anything, so it records on without it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NewType, Protocol
from uuid import UUID

CameraId = NewType("CameraId", UUID)

#: Called with bytes done and bytes in all.
Progress = Callable[[int, int], None]


class GapCause(StrEnum):
    """Why nothing was recorded. Each is shown on the timeline, in exports and in the monthly continuity figure."""

    CAMERA_LOST = "camera-lost"
    CAMERA_REFUSED = "camera-refused"  # wrong credentials, no such stream, nothing that can be recorded
    CAMERA_TOO_MUCH = "camera-too-much"  # past its bytes or files a minute: paused, for the sake of the others
    DISK_BEHIND = "disk-behind"  # the bounded buffer overflowed because the disk was too slow
    DISK_FULL = "disk-full"
    RECORDER_BEHIND = "recorder-behind"  # it was paused or overloaded, and the camera went on without it
    CLOCK_STEP = "clock-step"
    NODE_STOPPED = "node-stopped"  # an orderly stop, or the time between a crash and the next start
    OPERATOR_STOP = "operator-stop"
    MAINTENANCE = "maintenance"
    RETENTION = "retention"  # recorded, then deleted at its date
    DAMAGED = "damaged"  # the file failed a check


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


@dataclass(frozen=True, slots=True)
class SegmentClosed:
    """A finished file of one camera. `path` is relative to the store."""

    camera_id: CameraId
    run: int
    sequence: int
    start_90k: int
    end_90k: int
    path: str
    size_bytes: int
    sha256: str
    frames: int
    codec: str  # RFC 6381 of each track: avc1.64001f, or avc1.64001f,mp4a.40.2 where there is sound
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Span:
    """An unbroken stretch of recording (adjacent segments of one run, joined)."""

    start_90k: int
    end_90k: int
    run: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without recording. `end_90k` is None while it lasts."""

    camera_id: CameraId
    start_90k: int
    end_90k: int | None
    cause: GapCause
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """Footage that retention may not delete, with who asked and why. Kept until `expires_90k`, or until let go."""

    hold_id: UUID
    camera_id: CameraId
    start_90k: int
    end_90k: int
    owner: str  # what in the scheme it belongs to, e.g. exhibit:JD-7
    reason: str
    expires_90k: int | None = None


@dataclass(frozen=True, slots=True)
class DeletionReceipt:
    """Proof that a segment is gone: what it was, why it went, when the file and its directory entry were flushed."""

    camera_id: CameraId
    path: str
    start_90k: int
    end_90k: int
    size_bytes: int
    sha256: str
    reason: str  # retention | disk-full | order:<text>
    deleted_90k: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is known of one camera between two moments: what was recorded, what was not and why, what is held."""

    camera_id: CameraId
    start_90k: int
    end_90k: int
    spans: tuple[Span, ...]
    gaps: tuple[Gap, ...]
    holds: tuple[Hold, ...]


@dataclass(frozen=True, slots=True)
class ClipRequest:
    """A span of one camera, wanted as files. Whole fragments are taken, so the clip may begin and end a little wide."""

    camera_id: CameraId
    start_90k: int
    end_90k: int


@dataclass(frozen=True, slots=True)
class ClipFile:
    """One MP4 of a clip. A clip has several where the camera's parameter sets changed inside the span."""

    path: Path
    start_90k: int  # of the first picture in the file
    end_90k: int
    size_bytes: int
    sha256: str
    sha512: str
    chunk_sha256: tuple[str, ...]  # one for each 4 MiB
    frames: int
    codec: str
    width: int
    height: int
    begins_on_key_frame: bool


@dataclass(frozen=True, slots=True)
class ClipReceipt:
    """What was cut: the files, what is missing between them and why, and the segments the bytes came from."""

    request: ClipRequest
    files: tuple[ClipFile, ...]
    gaps: tuple[Gap, ...]
    sources: tuple[SegmentClosed, ...]
    clock_offset_ms: float | None  # camera clock minus server clock, as last measured inside or before the span


@dataclass(frozen=True, slots=True)
class Still:
    """One decoded picture and its exact time."""

    jpeg: bytes = field(repr=False)
    at_90k: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Damage:
    """A segment that is not on the disk as the journal has it."""

    camera_id: CameraId
    path: str
    finding: str  # missing | size-differs | hash-differs | unreadable
    detail: str
    start_90k: int
    end_90k: int


@dataclass(frozen=True, slots=True)
class CheckStep:
    """A little of a round over the whole store. `place` is where the next step begins; the first begins at 0."""

    place: int
    segments: int
    bytes: int
    damage: tuple[Damage, ...]
    at_end: bool  # nothing is stored after this place: the round is whole


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
    since_90k: int
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
    disk_days_left: float | None  # at today's rate, beyond what retention gives back
    alarms: tuple[str, ...]
    cameras: tuple[CameraHealth, ...]


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


class FootageError(Exception):
    """The engine could not do what was asked. `code` is stable; the text is for the person who asked."""

    code = "footage"


class NodeUnreachable(FootageError):
    """The recorder is not running; what is on disk can still be read."""

    code = "node-unreachable"


class NoFootage(FootageError):
    """Nothing was recorded in the span that was asked for."""

    code = "no-footage"


class BadSpan(FootageError):
    """The span ends before it starts, lies in the future, or is longer than is served at once."""

    code = "bad-span"


class DiskFull(FootageError):
    """There is no room for what was asked."""

    code = "disk-full"


class DamagedFootage(FootageError):
    """A segment on the disk is not what the journal says it is."""

    code = "damaged-footage"


class Node(Protocol):
    """A recorder, near or far. Orders are durable once the call returns, whether or not the recorder runs."""

    def set_cameras(self, cameras: Sequence[CameraSource]) -> None:
        """Record exactly these cameras from now on; one that is missing is stopped and its footage kept."""

    def put_hold(self, hold: Hold) -> None:
        """Keep a span; the same `hold_id` again replaces it."""

    def release_hold(self, hold_id: UUID, reason: str) -> None:
        """Let a hold go; unknown ids are no error."""

    def holds(self) -> list[Hold]: ...

    def timeline(self, camera_id: CameraId, start_90k: int, end_90k: int) -> Timeline: ...

    def cut_clip(self, request: ClipRequest, into: Path, progress: Progress | None = None) -> ClipReceipt:
        """Write the span's MP4 files into a folder. Raises NoFootage, BadSpan, DiskFull or DamagedFootage."""

    def still(self, camera_id: CameraId, at_90k: int, *, max_width: int | None = None) -> Still:
        """The picture shown at a moment. Raises NoFootage."""

    def receipts(self, since_90k: int = 0, limit: int = 1000) -> list[DeletionReceipt]: ...

    def check_next(self, after: int, budget_bytes: int) -> CheckStep:
        """Hold the next segments against their hashes: a little of a round over everything stored."""

    def stored_bytes(self) -> int:
        """What a whole round has to read."""

    def health(self) -> NodeHealth: ...
