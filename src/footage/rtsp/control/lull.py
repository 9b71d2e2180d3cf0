"""A lull after each turn of the event loop that read something, so that one waking serves several cameras.

Cameras send each in its own rhythm: thirty-two of them wake a process eight hundred times a second, and half of what a
picture costs is the waking, with everything it needs gone from the processor's caches. What comes meanwhile waits in
the kernel; a picture is told some milliseconds later. Whoever asks the node something ends the lull.
"""

from __future__ import annotations

import asyncio
import select
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress

#: 32 cameras in their own rhythms cost 0.18 CPU-seconds a camera-minute without a lull, 0.14 with 20 ms, 0.10 with 60,
#: 0.094 with 100 and 0.090 with 150. Above 70 the order in which B pictures are shown is learned too late, and some
#: stand 40 ms wrong: pictures that are read together do not show it.
LULL_SECONDS = 0.060
#: The longest while somebody watches: a live picture comes half of it later.
WATCHED_SECONDS = 0.020


class Lull:
    """Blocks its loop for a moment after what it read; not where the work itself takes as long."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._loop, self._seconds = loop, seconds
        self._worked = 0.0  # the thread's processor time when the last one ended
        self._impatient = select.poll()
        self._watching = 0
        self._before: list[Callable[[], None]] = []
        self.due = False

    def before_each(self, call: Callable[[], None]) -> None:
        """Have this called before each lull, whether it is kept or not: what was left until all was read."""
        self._before.append(call)

    def after_this_turn(self) -> None:
        """Something was read. Everything else that is ready is read before the lull."""
        self.due = True
        self._loop.call_soon(self._wait)

    @contextmanager
    def ended_by(self, descriptor: int) -> Iterator[None]:
        """While this lasts, something to read there ends the lull."""
        self._impatient.register(descriptor, select.POLLIN)
        try:
            yield
        finally:
            with suppress(KeyError):  # closed meanwhile, and its number given to another that has ended too
                self._impatient.unregister(descriptor)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While this lasts, somebody looks at live pictures."""
        self._watching += 1
        try:
            yield
        finally:
            self._watching -= 1

    def _wait(self) -> None:
        self.due = False
        for call in self._before:
            call()
        seconds = min(self._seconds, WATCHED_SECONDS) if self._watching else self._seconds
        worked = time.thread_time()
        if worked - self._worked < seconds:
            self._impatient.poll(seconds * 1000)
        self._worked = worked


_lulls: dict[asyncio.AbstractEventLoop, Lull] = {}


def lull_of(loop: asyncio.AbstractEventLoop, seconds: float) -> Lull | None:
    """The one lull that all connections of a loop share; None for no seconds."""
    if seconds <= 0:
        return None
    for closed in [one for one in _lulls if one.is_closed()]:
        del _lulls[closed]
    return _lulls.setdefault(loop, Lull(loop, seconds))


def ended_by(lull: Lull | None, descriptor: int) -> AbstractContextManager[None]:
    """While this lasts, something to read there ends the lull, if there is one."""
    return lull.ended_by(descriptor) if lull else nullcontext()
