"""What was recorded, what was not and why, what is held, and what is cut from it. Ranges are half-open.

A span, a gap, a hold and a file have one form as JSON, wherever they are written: by the `footage` command, in an
exhibit's exhibit.json and its row, by the API and for the browser. Sealed exhibits outlive every release, so a name in
that form is never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, NewType
from uuid import UUID

from footage.contract.words import cause_words
from footage.times import HZ, utc_text

CameraId = NewType("CameraId", UUID)

#: A span is asked for in milliseconds: so much, at most, its ends lie from where they are meant.
ROUNDED_90K = HZ // 1000


class GapCause(StrEnum):
    """Why nothing was recorded. Each is shown on the timeline, in exports and in the monthly continuity figure."""

    CAMERA_LOST = "camera-lost"
    CAMERA_REFUSED = "camera-refused"  # wrong credentials, no such stream, nothing that can be recorded
    CAMERA_TOO_MUCH = "camera-too-much"  # past its bytes or files a minute: paused, for the sake of the others
    DISK_BEHIND = "disk-behind"  # the bounded buffer overflowed because the disk was too slow
    DISK_FULL = "disk-full"
    DISK_LOST = "disk-lost"  # unmounted, replaced, deleted, read-only, or it does not answer
    RECORDER_BEHIND = "recorder-behind"  # it was paused or overloaded, and the camera went on without it
    CLOCK_STEP = "clock-step"
    NODE_STOPPED = "node-stopped"  # an orderly stop, or the time between a crash and the next start
    OPERATOR_STOP = "operator-stop"
    MAINTENANCE = "maintenance"
    RETENTION = "retention"  # recorded, then deleted at its date
    DAMAGED = "damaged"  # the file failed a check
    NOT_YET_RECORDED = "not-yet-recorded"  # before the first moment that the journal knows of this camera
    NOT_CLOSED = "not-closed"  # of a clip: it was being written when the clip was cut


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

    def as_json(self) -> dict[str, Any]:
        return {**times_json(self.start_90k, self.end_90k), "run": self.run}


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without recording. `end_90k` is None while it lasts."""

    camera_id: CameraId
    start_90k: int
    end_90k: int | None
    cause: GapCause
    detail: str = ""

    @property
    def words(self) -> str:
        """The cause as a person reads it."""
        return cause_words(self.cause)

    def within(self, start_90k: int, end_90k: int) -> Gap:
        """What of it lies in a span that it touches; one that lasts ends with the span."""
        end = end_90k if self.end_90k is None else min(self.end_90k, end_90k)
        return replace(self, start_90k=max(self.start_90k, start_90k), end_90k=end)

    def as_json(self) -> dict[str, Any]:
        """`end` is null while it lasts. Of which camera it is, whatever it stands in says."""
        told = {"cause": self.cause.value, "words": self.words, "detail": self.detail}
        return {**times_json(self.start_90k, self.end_90k), **told}

    @classmethod
    def from_json(cls, facts: Mapping[str, Any], camera_id: CameraId) -> Gap:
        """A gap from its own form. The words are today's."""
        return cls(camera_id, facts["start_90k"], facts["end_90k"], GapCause(facts["cause"]), facts.get("detail", ""))


def gaps_of_span(gaps: Iterable[Gap], start_90k: int, end_90k: int) -> list[Gap]:
    """The gaps that touch a span, cut to it; not what only the rounding of its ends to a millisecond lets touch it."""
    pairs = [(gap, gap.within(start_90k, end_90k)) for gap in gaps]
    return [cut for gap, cut in pairs if cut == gap or (cut.end_90k or end_90k) - cut.start_90k > ROUNDED_90K]


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

    def as_json(self) -> dict[str, Any]:
        told = {"id": str(self.hold_id), "owner": self.owner, "reason": self.reason, "expires_90k": self.expires_90k}
        return {**times_json(self.start_90k, self.end_90k), **told, "expires": _text(self.expires_90k)}


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

    @property
    def sound(self) -> bool:
        """Whether it has a sound track: its codec then stands behind the pictures'."""
        return "," in self.codec

    def as_json(self) -> dict[str, Any]:
        """All but the digests of its parts, which stand beside the recordings."""
        return {
            "path": str(self.path),
            **times_json(self.start_90k, self.end_90k),
            "size_bytes": self.size_bytes,
            "sha256": self.sha256,
            "sha512": self.sha512,
            "frames": self.frames,
            "codec": self.codec,
            "sound": self.sound,
            "width": self.width,
            "height": self.height,
            "begins_on_key_frame": self.begins_on_key_frame,
        }

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> ClipFile:
        """A file from its own form, without the digests of its parts."""
        kept = ("start_90k", "end_90k", "size_bytes", "sha256", "sha512", "frames", "codec", "width", "height")
        known = {name: facts[name] for name in kept}
        begins = facts.get("begins_on_key_frame", True)  # rows that do not say so are of files that did
        return cls(path=Path(facts["path"]), chunk_sha256=(), begins_on_key_frame=begins, **known)


@dataclass(frozen=True, slots=True)
class ClipReceipt:
    """What was cut: the files, what is missing between them and why, and the segments the bytes came from."""

    request: ClipRequest
    files: tuple[ClipFile, ...]
    gaps: tuple[Gap, ...]
    sources: tuple[SegmentClosed, ...]
    clock_offset_ms: float | None  # camera clock minus server clock, as last measured inside or before the span

    def as_json(self) -> dict[str, Any]:
        """All but the segments the bytes came from, which only the recorder knows."""
        return {
            "camera": str(self.request.camera_id),
            **times_json(self.request.start_90k, self.request.end_90k),
            "clock_offset_ms": self.clock_offset_ms,
            "files": [file.as_json() for file in self.files],
            "gaps": [gap.as_json() for gap in self.gaps],
        }


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


def times_json(start_90k: int, end_90k: int | None) -> dict[str, Any]:
    """A stretch of time: exact, in counts, and as RFC 3339 in UTC with milliseconds. The end may be still to come."""
    return {"start_90k": start_90k, "end_90k": end_90k, "start": utc_text(start_90k), "end": _text(end_90k)}


def _text(count: int | None) -> str | None:
    return None if count is None else utc_text(count)
