"""What of a span is not in its clip, each stretch with its cause: the statement that an exhibit seals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from footage.contract import ClipRequest, Gap, GapCause, gaps_of_span
from footage.playback.archive import Journal
from footage.playback.spans import Stretch
from footage.times import HZ, utc_text

#: Slack between one file's last picture and the next one's first that is no gap: two pictures of a slow camera.
_NO_GAP_90K = HZ // 2


def missing(request: ClipRequest, found: Sequence[Stretch], journal: Journal) -> list[Gap]:
    """Cut to the span and in order: the journal's gaps, and what it has no row for, with what is known of it."""
    asked = request.start_90k, request.end_90k
    known = gaps_of_span(journal.gaps(request.camera_id, *asked), *asked)
    covered = sorted(
        [(piece.fragment.wall_90k, piece.fragment.end_wall_90k) for one in found for piece in one.pieces]
        + [(gap.start_90k, gap.end_90k or request.end_90k) for gap in known]
    )
    at, holes = request.start_90k, list[Gap]()
    for start, end in [*covered, (request.end_90k, request.end_90k)]:
        if start - at > _NO_GAP_90K:
            holes += _explained(request, journal, at, start)
        at = max(at, end)
    return sorted([*known, *holes], key=lambda gap: gap.start_90k)


def _explained(request: ClipRequest, journal: Journal, start: int, end: int) -> Iterator[Gap]:
    """A hole without a row: before anything was known of the camera, in a file that is being written, or damaged."""
    camera = request.camera_id
    first = journal.first_known_90k(camera)
    if first is not None and start < first:
        said = f"Nothing is known of this camera before {utc_text(first)}."
        yield Gap(camera, start, min(end, first), GapCause.NOT_YET_RECORDED, said)
        start = min(end, first)
    written = min((one.start_90k for one in journal.open_files(camera) if one.start_90k < end), default=end)
    if start < written:
        yield Gap(camera, start, written, GapCause.DAMAGED, "The journal has no cause for this gap.")
    if (from_90k := max(start, written)) < end:
        yield Gap(camera, from_90k, end, GapCause.NOT_CLOSED, "Its file was not closed yet.")
