"""What an exhibit says of itself: the typed form of metadata/exhibit.json. Times count 1/90000 s of UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from footage.contract import ClipFile, Gap, SegmentClosed, times_json
from footage.times import utc_shown, utc_text
from overt.evidence.bag.digests import Digests
from overt.evidence.bag.index import Fragment
from overt.evidence.bag.layout import CHUNK, FORMAT, MASTER, STILLS, WORKING
from overt.shared.canonical import Json


@dataclass(frozen=True, slots=True)
class CameraFacts:
    camera_id: str
    number: str
    name: str
    kind: str
    partner: str
    town: str
    latitude: str = ""  # WGS 84 degrees as text; empty where not known
    longitude: str = ""
    bearing_degrees: int | None = None


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One MP4 of a clip as it was cut, and where its pictures are."""

    cut: ClipFile
    index: tuple[Fragment, ...]

    @property
    def name(self) -> str:
        """The same under data/master and data/working."""
        return self.cut.path.name

    @property
    def digests(self) -> Digests:
        return Digests(self.cut.size_bytes, self.cut.sha256, self.cut.sha512, self.cut.chunk_sha256)

    def as_json(self) -> dict[str, Json]:
        """The file as the bag has it: told of its master."""
        return {**self.cut.as_json(), "path": f"{MASTER}/{self.name}"}


@dataclass(frozen=True, slots=True)
class ClipFacts:
    position: int
    camera: CameraFacts
    start_90k: int  # the in point that was asked for
    end_90k: int  # the out point
    files: tuple[FileFacts, ...]
    gaps: tuple[Gap, ...]  # inside the span, in order
    sources: tuple[SegmentClosed, ...]  # the recorder's files from which bytes were taken
    clock_offset_ms: int | None  # camera clock minus server clock
    original_kept_until: datetime | None  # by retention, without a hold


@dataclass(frozen=True, slots=True)
class StillFacts:
    """A single picture under data/stills: its place in the register, its camera, its time and its sequence."""

    name: str
    number: int
    camera_number: str
    at_90k: int
    start_90k: int
    end_90k: int
    sha512: str
    necessity: str
    authorised_by: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ExhibitFacts:
    reference: str
    scheme: str
    zone: ZoneInfo
    reason: str
    operator: str
    opened_at: datetime
    sealed_at: datetime
    keep_until: datetime | None  # None: the scheme's code gives no date
    clips: tuple[ClipFacts, ...]
    parent: str = ""
    stills: tuple[StillFacts, ...] = ()
    case_reference: str = ""
    requester: str = ""
    holds: tuple[dict[str, Json], ...] = ()
    recorder: dict[str, Json] = field(default_factory=dict)
    software: dict[str, Json] = field(default_factory=dict)
    logbook: dict[str, Json] = field(default_factory=dict)
    time_stamp_authority: str = ""
    time_stamped: bool = False  # promised before the list is signed: the stamp itself is made after it

    def as_json(self) -> dict[str, Json]:
        """The content of exhibit.json. Source: spec/exhibit-bag.md."""
        return {
            "format": FORMAT,
            "reference": self.reference,
            "parent": self.parent or None,
            "scheme": self.scheme,
            "reason": self.reason,
            "case_reference": self.case_reference or None,
            "requester": self.requester or None,
            "operator": self.operator,
            "time_zone": self.zone.key,
            "opened_at": stamp(self.opened_at),
            "sealed_at": stamp(self.sealed_at),
            "sealed_at_local": local(self.sealed_at, self.zone),
            "keep_until": stamp(self.keep_until) if self.keep_until else None,
            "chunk_bytes": CHUNK,
            "clips": [clip_json(clip, self.zone) for clip in self.clips],
            "stills": [still_json(still, self.zone) for still in self.stills],
            "holds": list(self.holds),
            "recorder": self.recorder,
            "software": self.software,
            "logbook": self.logbook,
            "time_stamp_authority": self.time_stamp_authority or None,
            "time_stamped": self.time_stamped,
        }


def clip_json(clip: ClipFacts, zone: ZoneInfo) -> dict[str, Json]:
    camera = clip.camera
    return {
        "position": clip.position,
        "camera": {
            "id": camera.camera_id,
            "number": camera.number,
            "name": camera.name,
            "kind": camera.kind,
            "partner": camera.partner,
            "town": camera.town,
            "latitude": camera.latitude or None,
            "longitude": camera.longitude or None,
            "bearing_degrees": camera.bearing_degrees,
        },
        "asked_for": span_json(clip.start_90k, clip.end_90k, zone),
        "camera_clock_minus_server_ms": clip.clock_offset_ms,
        "times_are": "server time",
        "trimmed": "by whole groups of pictures: a file may begin a little before the in point and end after the out",
        "original_kept_until": stamp(clip.original_kept_until) if clip.original_kept_until else None,
        "files": [file_json(found, zone) for found in clip.files],
        "gaps": [gap_json(gap, zone) for gap in clip.gaps],
        "segments": [
            {"path": s.path, "sha256": s.sha256, **span_json(s.start_90k, s.end_90k, zone)} for s in clip.sources
        ],
    }


def file_json(found: FileFacts, zone: ZoneInfo) -> dict[str, Json]:
    """One file, with its fragments as [first byte, bytes, UTC, media time, duration, frames], times in 1/90000 s."""
    return {
        **found.as_json(),
        **local_json(found.cut.start_90k, found.cut.end_90k, zone),
        "working": f"{WORKING}/{found.name}",
        "fragments": [
            [f.offset, f.size_bytes, f.utc_90k, f.media_90k, f.duration_90k, len(f.durations)] for f in found.index
        ],
    }


def gap_json(gap: Gap, zone: ZoneInfo) -> dict[str, Json]:
    """A gap whose both ends are known."""
    assert gap.end_90k is not None  # a clip's gaps are cut to its span
    return {**gap.as_json(), **local_json(gap.start_90k, gap.end_90k, zone)}


def still_json(still: StillFacts, zone: ZoneInfo) -> dict[str, Json]:
    """One still with what stands beneath it: camera number, date and time, and its sequence. Source: HERTS-24.2."""
    return {
        "path": f"{STILLS}/{still.name}",
        "number": still.number,
        "camera_number": still.camera_number,
        "at_90k": still.at_90k,
        "at": utc_text(still.at_90k),
        "at_local": local(utc_shown(still.at_90k), zone),
        "sequence": span_json(still.start_90k, still.end_90k, zone),
        "sha512": still.sha512,
        "necessity": still.necessity,
        "authorised_by": still.authorised_by,
        "made_by": still.made_by,
        "made_at": stamp(still.made_at),
    }


def span_json(start_90k: int, end_90k: int, zone: ZoneInfo) -> dict[str, Json]:
    """A stretch of time: in counts, in UTC and on the scheme's clocks."""
    return {**times_json(start_90k, end_90k), **local_json(start_90k, end_90k, zone)}


def local_json(start_90k: int, end_90k: int, zone: ZoneInfo) -> dict[str, Json]:
    """What an exhibit adds to every stretch: the same on the scheme's clocks, for whoever reads it without a tool."""
    return {
        "start_local": local(utc_shown(start_90k), zone),
        "end_local": local(utc_shown(end_90k), zone),
    }


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return moment.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")


def local(moment: datetime, zone: ZoneInfo) -> str:
    """RFC 3339 in the scheme's zone with its offset, to the millisecond."""
    return moment.astimezone(zone).isoformat(timespec="milliseconds")
