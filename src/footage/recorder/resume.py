"""Where a camera's recording goes on: what the journal and the disk say at the start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from footage.catalogue import Catalogue
from footage.contract import CameraId, Gap
from footage.segments.header import MOST_BEFORE, GapBefore


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
    since = catalogue.gaps_since(camera_id, end if end is not None else open_gap.start_90k)
    return ResumePoint(run, sequence, end, _before(since or [open_gap]))


def _before(gaps: Sequence[Gap]) -> tuple[GapBefore, ...]:
    """The gaps as the next file repeats them: each lasts until the next, but where the clock was set back."""
    found = []
    for gap, following in zip_longest(gaps, gaps[1:]):
        set_back = following is not None and following.start_90k < gap.start_90k
        found.append(GapBefore(gap.start_90k, gap.cause, gap.detail, gap.end_90k if set_back else None))
    return tuple(found[-MOST_BEFORE:])
