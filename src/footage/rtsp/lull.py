"""A lull after each turn of the event loop that read something, so that one waking serves several cameras.

Cameras send each in its own rhythm: thirty-two of them wake a process eight hundred times a second, and half of what a
picture costs is the waking, with everything it needs gone from the processor's caches. What comes meanwhile waits in
the kernel; a picture is told some milliseconds later.
"""

from __future__ import annotations

import asyncio
import time

#: Half the time between two pictures of a usual camera. 32 cameras in their own rhythms cost 0.18 CPU-seconds a
#: camera-minute without a lull, 0.16 with 10 ms, 0.13 with 20, 0.12 with 30; a live picture comes half of it later.
LULL_SECONDS = 0.020


class Lull:
    """Blocks its loop for a moment after what it read; not where the work itself takes as long."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._loop, self._seconds = loop, seconds
        self._worked = 0.0  # the thread's processor time when the last one ended
        self.due = False

    def after_this_turn(self) -> None:
        """Something was read. Everything else that is ready is read before the lull."""
        self.due = True
        self._loop.call_soon(self._wait)

    def _wait(self) -> None:
        self.due = False
        worked = time.thread_time()
        if worked - self._worked < self._seconds:
            time.sleep(self._seconds)
        self._worked = worked


_lulls: dict[asyncio.AbstractEventLoop, Lull] = {}


def lull_of(loop: asyncio.AbstractEventLoop, seconds: float) -> Lull | None:
    """The one lull that all connections of a loop share; None for no seconds."""
    if seconds <= 0:
        return None
    for closed in [one for one in _lulls if one.is_closed()]:
        del _lulls[closed]
    return _lulls.setdefault(loop, Lull(loop, seconds))
