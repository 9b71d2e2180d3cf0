"""What a segment says of itself, so that the journal can be rebuilt from the disk alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from footage.contract import CameraId, GapCause
from footage.segments.boxes import DamagedSegment, box

#: The type of the top-level `uuid` box that carries the header.
BOX_TYPE = b"overt-segment-v1"
MAX_HEADER_BYTES = 16_384
#: Causes that a header repeats, whose length is bounded.
MOST_BEFORE = 40


@dataclass(frozen=True, slots=True)
class GapBefore:
    """A stretch without recording before a segment; it lasts until the next one, the last until the segment starts.

    `end_90k` is given where that is not so: the server's clock was set back, and the next one begins in another time.
    """

    start_90k: int
    cause: GapCause
    detail: str = ""
    end_90k: int | None = None


@dataclass(frozen=True, slots=True)
class SegmentHeader:
    """`start_90k` is the UTC time of the first picture; `sequence` counts the files of one camera from 1.

    `gaps_before` are those since the camera's last segment, in order: the file repeats them for a reindex. `checked`:
    a check stands behind each fragment (see check.py); files of earlier releases have none.
    """

    camera_id: CameraId
    name: str
    run: int
    sequence: int
    start_90k: int
    codec: str
    width: int
    height: int
    gaps_before: tuple[GapBefore, ...] = ()
    checked: bool = False


def header_box(header: SegmentHeader) -> bytes:
    """The `uuid` box: 16 bytes of type, then canonical JSON (sorted keys, no spaces, UTF-8)."""
    facts: dict[str, Any] = {
        "camera": str(header.camera_id),
        "codec": header.codec,
        "height": header.height,
        "name": header.name,
        "run": header.run,
        "sequence": header.sequence,
        "start_90k": header.start_90k,
        "width": header.width,
    }
    if header.checked:
        facts["checked"] = True
    if header.gaps_before:
        facts["gaps_before"] = [_gap_facts(gap) for gap in header.gaps_before]
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return box(b"uuid", BOX_TYPE, text.encode())


def parse_header(body: bytes) -> SegmentHeader:
    """The header from the body of its box (without the 16 bytes of type). Raises DamagedSegment."""
    try:
        facts = json.loads(body.decode())
        return SegmentHeader(
            camera_id=CameraId(UUID(_text(facts, "camera"))),
            name=_text(facts, "name"),
            run=_count(facts, "run"),
            sequence=_count(facts, "sequence"),
            start_90k=_count(facts, "start_90k"),
            codec=_text(facts, "codec"),
            width=_count(facts, "width"),
            height=_count(facts, "height"),
            gaps_before=tuple(_gap(gap) for gap in facts.get("gaps_before", ())),
            checked=facts.get("checked") is True,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedSegment(f"the segment's own description cannot be read: {error}") from None


def _gap_facts(gap: GapBefore) -> dict[str, Any]:
    facts: dict[str, Any] = {"cause": gap.cause.value, "detail": gap.detail, "start_90k": gap.start_90k}
    return facts if gap.end_90k is None else {**facts, "end_90k": gap.end_90k}


def _gap(facts: dict[str, Any]) -> GapBefore:
    end = _count(facts, "end_90k") if "end_90k" in facts else None
    return GapBefore(_count(facts, "start_90k"), GapCause(_text(facts, "cause")), _text(facts, "detail"), end)


def _text(facts: dict[str, Any], name: str) -> str:
    value = facts[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value


def _count(facts: dict[str, Any], name: str) -> int:
    value = facts[name]
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 62:
        raise TypeError(f"{name} is no count")
    return value
