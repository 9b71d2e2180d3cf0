"""Knows when this process itself was paused or too slow, so that no camera is blamed for it.

A timer that should go off five times a second and comes late shows that nothing was read meanwhile.
"""

from __future__ import annotations

import asyncio
from weakref import WeakKeyDictionary

_EVERY_SECONDS = 0.2
#: A timer later than this has cost more than a busy moment does.
_LATE_SECONDS = 0.5
#: What a pause does to cameras shows within so long of its end: their buffers overflow, or they close the connection.
_AFTERMATH_SECONDS = 10.0


class LoopLag:
    """One event loop's. Made by `lag_of`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._due = loop.time() + _EVERY_SECONDS
        self._last_end = -1e9
        self.worst_seconds = 0.0  # of the lags that are still felt
        loop.call_at(self._due, self._look)

    def felt(self, least_seconds: float = _LATE_SECONDS) -> bool:
        """Whether the loop stood still for at least so long, and so lately that it may be felt."""
        now = self._loop.time()
        self._note(now)
        return now - self._last_end < _AFTERMATH_SECONDS and self.worst_seconds >= least_seconds

    def words(self) -> str:
        """What happened, for the gap that it caused."""
        return f"the recorder was paused or overloaded for {self.worst_seconds:.1f} s"

    def _look(self) -> None:
        now = self._loop.time()
        self._note(now)
        self._due = now + _EVERY_SECONDS
        self._loop.call_at(self._due, self._look)

    def _note(self, now: float) -> None:
        """Also asked by whoever reads first after a pause, before the timer has had its turn."""
        late = now - self._due
        if late < _LATE_SECONDS:
            return
        felt = now - self._last_end < _AFTERMATH_SECONDS
        self.worst_seconds = max(self.worst_seconds if felt else 0.0, late)
        self._last_end = now


_lags: WeakKeyDictionary[asyncio.AbstractEventLoop, LoopLag] = WeakKeyDictionary()


def lag_of(loop: asyncio.AbstractEventLoop) -> LoopLag:
    """The loop's watch over itself, begun when it is first asked for."""
    found = _lags.get(loop)
    if found is None:
        found = _lags[loop] = LoopLag(loop)
    return found
