"""What was served, and how much may be: counted by what it was given for, and told to the scheme when it rests.

A look is what a ticket was given for, at one camera. Its bytes are told as one sum when nothing was served on it for a
minute, when ten minutes have come together, and when the gateway stops: so a look is a few entries in a book, however
many requests a player makes.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from uuid import UUID

from footage.contract import FootageError
from footage.gateway.tickets import Ticket
from footage.times import HZ

_log = logging.getLogger(__name__)

#: Between two looks at what rests, seconds.
EVERY = 5.0
#: A look on which nothing was served for so long is told, and one that has gone on for so long, seconds.
REST_SECONDS, LONGEST_SECONDS = 60.0, 600.0

#: Recorded footage for each second of a viewer's time, in seconds: the fastest player plays 16 times.
PACE = 20.0
#: What may be fetched ahead of that, in seconds of footage: jumps about the day, and what lies around each.
AHEAD_SECONDS = 1200.0


class TooMuch(FootageError):
    """More recorded footage was asked for than anybody could look at meanwhile."""

    code = "too-much"


@dataclass(frozen=True, slots=True)
class Served:
    """What left the gateway for one purpose and camera: pictures taken in `[start_90k, end_90k)`, and the bytes sent.

    Live pictures count from the moment they were sent.
    """

    viewer: str
    under: str
    camera_id: UUID
    act: str
    start_90k: int
    end_90k: int
    bytes: int


#: Takes what was served; called on one thread of its own. What it raises for is told again later.
Report = Callable[[Sequence[Served]], None]
_Look = tuple[str, str, UUID, str]


@dataclass(slots=True)
class _Open:
    """What is not told yet, and when (monotonic) it began and was last added to."""

    served: Served
    began: float
    latest: float


class Tally:
    """Everything served in this process that was not told yet. On one event loop; without `report` nothing is kept."""

    def __init__(self, report: Report | None = None) -> None:
        self._report = report
        self._thread = ThreadPoolExecutor(1, "served")
        self._open: dict[_Look, _Open] = {}
        self._repeating: asyncio.Task[None] | None = None
        self._silent = False

    def add(self, ticket: Ticket, start_90k: int, end_90k: int, size_bytes: int) -> None:
        """So many bytes of this span went out."""
        if self._report is None:
            return
        look, now = (ticket.viewer, ticket.under, ticket.camera_id, str(ticket.act)), time.monotonic()
        known = self._open.get(look)
        if known is None:
            self._open[look] = _Open(Served(*look, start_90k, end_90k, size_bytes), now, now)
        else:
            _join(known, start_90k, end_90k, size_bytes)
            known.latest = now
        if self._repeating is None or self._repeating.done():
            self._repeating = asyncio.create_task(self._repeat(), name="served")

    async def tell(self, *, everything: bool = False) -> None:
        """Tell what rests, or `everything`; what could not be told is kept."""
        now = time.monotonic()
        due = {look: one for look, one in self._open.items() if everything or _is_due(one, now)}
        if not due or self._report is None:
            return
        for look in due:
            del self._open[look]
        rows = [one.served for one in due.values()]
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._report, rows)
        except Exception:
            if not self._silent:  # said once, not every few seconds
                _log.exception("what was served cannot be told")
            self._silent = True
            self._take_back(due)
        else:
            self._silent = False

    async def _repeat(self) -> None:
        while self._open:
            await asyncio.sleep(EVERY)
            await self.tell()

    def _take_back(self, untold: dict[_Look, _Open]) -> None:
        for look, one in untold.items():
            newer = self._open.get(look)
            if newer is not None:
                _join(one, newer.served.start_90k, newer.served.end_90k, newer.served.bytes)
                one.latest = newer.latest
            self._open[look] = one


def _is_due(one: _Open, now: float) -> bool:
    return now - one.latest >= REST_SECONDS or now - one.began >= LONGEST_SECONDS


def _join(one: _Open, start_90k: int, end_90k: int, size_bytes: int) -> None:
    old = one.served
    start, end = min(old.start_90k, start_90k), max(old.end_90k, end_90k)
    one.served = replace(old, start_90k=start, end_90k=end, bytes=old.bytes + size_bytes)


class Pace:
    """How much recorded footage one viewer of a camera may fetch: what can be looked at, and some way ahead of it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._spent: dict[tuple[str, UUID, str], tuple[float, float]] = {}  # seconds of footage, and as of when

    def spend(self, ticket: Ticket, what: str, span_90k: int) -> None:
        """Take this much of `what` (pictures, or sound). Raises TooMuch, and takes nothing then."""
        key, now = (ticket.viewer, ticket.camera_id, what), self._clock()
        spent = self._left_over(key, now) + span_90k / HZ
        if spent > AHEAD_SECONDS:
            raise TooMuch("This is more than anybody could look at meanwhile. Ask for less, or later.")
        self._spent[key] = (spent, now)
        if len(self._spent) > 1000:
            self._forget(now)

    def _left_over(self, key: tuple[str, UUID, str], now: float) -> float:
        spent, since = self._spent.get(key, (0.0, now))
        return max(0.0, spent - (now - since) * PACE)

    def _forget(self, now: float) -> None:
        self._spent = {key: one for key, one in self._spent.items() if self._left_over(key, now) > 0}
