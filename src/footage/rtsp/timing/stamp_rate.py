"""Measures how fast a camera's time stamps really run, from when its pictures came."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from footage.times import HZ

#: Every picture that a rate is measured by lies this near its line, else the stamps have none.
_FIT = HZ // 5
_LEAST_SPAN, _LEAST_SEEN, _MOST_KEPT = HZ, 4, 64
_LEAST_RATE, _MOST_RATE = 0.005, 200.0


class Seen(NamedTuple):
    """A picture as it came: its stamp and our monotonic clock, both in 1/90000 s."""

    stamp: int
    arrived: int


class Trail:
    """Some of the pictures that came lately, the oldest first."""

    def __init__(self) -> None:
        self._seen: list[Seen] = []

    def add(self, seen: Seen) -> None:
        self._seen.append(seen)
        if len(self._seen) > _MOST_KEPT:
            del self._seen[1::2]  # what is left reaches as far back, half as closely

    def begin_anew(self, kept: int) -> None:
        """Forget all but the newest ones."""
        del self._seen[:-kept]

    @property
    def long_enough(self) -> bool:
        """Whether a rate can be measured by it."""
        return self._seen[-1].arrived - self._seen[0].arrived >= _LEAST_SPAN

    @property
    def newest(self) -> Seen:
        return self._seen[-1]

    def rate(self) -> float | None:
        """Seconds of ours in one of the stamps', or None where the stamps follow no line."""
        if len(self._seen) < _LEAST_SEEN:
            return None
        first, last = self._seen[0], self._seen[-1]
        stamps, lived = last.stamp - first.stamp, last.arrived - first.arrived
        if stamps <= 0 or lived < _LEAST_SPAN or not _LEAST_RATE <= lived / stamps <= _MOST_RATE:
            return None
        rate = lived / stamps
        for before, seen in pairwise(self._seen):
            if seen.arrived - before.arrived > lived // 2:
                return None  # what lies between is not known
            if abs(seen.arrived - first.arrived - (seen.stamp - first.stamp) * rate) > _FIT:
                return None
        return rate
