"""Spans with what was missed taken out of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from footage.contract import Span


def without_holes(spans: Iterable[Span], holes: Sequence[Span]) -> list[Span]:
    """What is left of each span after its own run's holes are cut out. Holes come in the order of their start."""
    left: list[Span] = []
    for span in spans:
        at = span.start_90k
        for hole in holes:
            if hole.run != span.run or hole.end_90k <= at or hole.start_90k >= span.end_90k:
                continue
            if hole.start_90k > at:
                left.append(Span(at, hole.start_90k, span.run))
            at = max(at, hole.end_90k)
        if at < span.end_90k:
            left.append(Span(at, span.end_90k, span.run))
    return left


def joined(spans: Iterable[Span]) -> list[Span]:
    """Neighbours of one run as one span; spans come in the order of their start."""
    whole: list[Span] = []
    for span in spans:
        last = whole[-1] if whole else None
        if last is not None and last.run == span.run and last.end_90k == span.start_90k:
            whole[-1] = Span(last.start_90k, span.end_90k, span.run)
        else:
            whole.append(span)
    return whole
