"""Where a camera's recording goes on: what the journal and the disk say at the start."""

from __future__ import annotations

from dataclasses import dataclass

from footage.catalogue import Catalogue
from footage.contract import CameraId
from footage.segments.header import GapBefore


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """The numbers that come next, where the last picture ended, and the gaps since then (the last one still open)."""

    next_run: int = 1
    next_sequence: int = 1
    end_90k: int | None = None
    gaps: tuple[GapBefore, ...] = ()


def resume_point(catalogue: Catalogue, camera_id: CameraId) -> ResumePoint:
    """From the journal, after unfinished files were adopted."""
    run, sequence = catalogue.next_numbers(camera_id)
    newest = catalogue.newest_segment(camera_id)
    end = newest.end_90k if newest else None
    open_gap = catalogue.open_gap_of(camera_id)
    if open_gap is None:
        return ResumePoint(run, sequence, end)
    since = catalogue.gaps(camera_id, end if end is not None else open_gap.start_90k, open_gap.start_90k + 1)
    before = tuple(
        GapBefore(gap.start_90k, gap.cause, gap.detail) for gap in since if end is None or gap.start_90k >= end
    )
    return ResumePoint(run, sequence, end, before)
