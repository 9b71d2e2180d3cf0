"""What the API and the pages' data say of recordings: the engine's values in their one form as JSON, described."""

from __future__ import annotations

from ninja import Field, Schema

from footage.contract import GapCause, Timeline, times_json
from overt.shared.api_types import Time, Utc


class SpanOut(Schema):
    """An unbroken stretch of recording, half-open."""

    start_90k: Utc
    end_90k: Utc
    start: Time
    end: Time


class GapOut(Schema):
    """A stretch without recording, and why. Its end is null while it lasts."""

    start_90k: Utc
    end_90k: Utc | None
    start: Time
    end: Time | None
    cause: GapCause
    words: str = Field(description="The cause as a person reads it.")
    detail: str


class FileOut(Schema):
    """One MP4 of a clip; `path` is where it lies in the bag."""

    path: str
    start_90k: Utc
    end_90k: Utc
    start: Time
    end: Time
    size_bytes: int
    sha256: str
    sha512: str
    frames: int
    codec: str
    sound: bool
    width: int
    height: int
    begins_on_key_frame: bool


class ClipOut(Schema):
    """A span of one camera as files."""

    camera: str
    start_90k: Utc
    end_90k: Utc
    start: Time
    end: Time
    files: list[FileOut]
    gaps: list[GapOut] = Field(description="What is missing; while it is being sealed, as the recorder knew it then.")
    clock_offset_ms: int | None = Field(description="The camera's clock minus the server's; null where not measured.")


class HeldOut(Schema):
    """Footage that retention may not delete, for whom, why, and until when (null: until it is let go)."""

    id: str
    start_90k: Utc
    end_90k: Utc
    start: Time
    end: Time
    owner: str
    reason: str
    expires_90k: Utc | None
    expires: Time | None


class CameraNoteOut(Schema):
    """Something out of the ordinary in what a camera sends: what it is, and what an engineer may set."""

    code: str = Field(description="Stable, such as key-frames-far-apart.")
    text: str


class TimelineOut(Schema):
    """What is known of one camera between two moments."""

    number: str
    start_90k: Utc
    end_90k: Utc
    start: Time
    end: Time
    spans: list[SpanOut]
    gaps: list[GapOut]
    holds: list[HeldOut]


def timeline_out(number: str, line: Timeline) -> TimelineOut:
    """A timeline of the camera of this number."""
    return TimelineOut(
        number=number,
        **times_json(line.start_90k, line.end_90k),
        spans=[SpanOut(**span.as_json()) for span in line.spans],
        gaps=[GapOut(**gap.as_json()) for gap in line.gaps],
        holds=[HeldOut(**hold.as_json()) for hold in line.holds],
    )
