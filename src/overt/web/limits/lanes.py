"""How many requests are worked on at once, and who waits: strangers never in front of those who are signed in.

Each request is a thread of Django's and a connection to the database, so there are only so many. Whoever asks beyond
that waits in line, where the addresses take turns; where too many wait, the longest line loses its last.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from overt.web.limits.asgi import Asgi, Message, Receive, Scope, Send, refuse
from overt.web.limits.visitors import Visitors

_RETRY_AFTER_S = 5


class Full(Exception):
    """Too many wait already, or this one has waited for too long."""


@dataclass(slots=True)
class Lane:
    """`at_once` are let in; `waiting` more stand in line, each for at most `patience_s`."""

    at_once: int
    waiting: int
    patience_s: float
    _inside: int = field(default=0, init=False)
    _lines: OrderedDict[str, deque[asyncio.Future[None]]] = field(default_factory=OrderedDict, init=False)

    @asynccontextmanager
    async def turn(self, network: str) -> AsyncIterator[Callable[[], None]]:
        """Wait for a turn; what is given ends it before the block does. Raises Full."""
        await self._enter(network)
        left = False

        def leave() -> None:
            nonlocal left
            if not left:
                left = True
                self._next()

        try:
            yield leave
        finally:
            leave()

    async def _enter(self, network: str) -> None:
        if self._inside < self.at_once:
            self._inside += 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._make_room(network)
        self._lines.setdefault(network, deque()).append(place)
        try:
            async with asyncio.timeout(self.patience_s):
                await place
        except TimeoutError:
            self._give_up(network, place)
            raise Full from None
        except asyncio.CancelledError:
            self._give_up(network, place)
            raise
        # Whoever left handed its place over: `_inside` stays as it is.

    def _make_room(self, network: str) -> None:
        """Raises Full where everybody waits who may, and nobody stands in a longer line than this one would."""
        if sum(map(len, self._lines.values())) < self.waiting:
            return
        longest = max(self._lines, key=lambda name: len(self._lines[name]))  # never empty: somebody waits
        if len(self._lines[longest]) <= len(self._lines.get(network, ())) + 1:
            raise Full
        last = self._lines[longest].pop()
        if not last.done():
            last.set_exception(Full())

    def _next(self) -> None:
        while self._lines:
            network, line = next(iter(self._lines.items()))
            place = line.popleft()
            if line:
                self._lines.move_to_end(network)
            else:
                del self._lines[network]
            if not place.done():
                place.set_result(None)
                return
        self._inside -= 1

    def _give_up(self, network: str, place: asyncio.Future[None]) -> None:
        if place.done() and not place.cancelled() and place.exception() is None:
            self._next()  # the turn came in the moment in which the wait ended: it is the next one's
        line = self._lines.get(network)
        if line is not None and place in line:
            line.remove(place)
        if line is not None and not line:
            del self._lines[network]


@dataclass(slots=True)
class Lanes:
    """Three lanes before one application: who is known, who is not, and what has a password to check.

    A password is hashed with a hundred megabytes, so few are at once. A turn ends when the answer begins: a long
    download keeps nobody waiting.
    """

    app: Asgi
    visitors: Visitors
    hashes: Callable[[str], bool]
    known: Lane = field(default_factory=lambda: Lane(at_once=16, waiting=400, patience_s=30))
    strangers: Lane = field(default_factory=lambda: Lane(at_once=2, waiting=100, patience_s=10))
    passwords: Lane = field(default_factory=lambda: Lane(at_once=1, waiting=60, patience_s=20))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        visitor = self.visitors.of(scope)
        lane = self.known if visitor.known else self.strangers
        if scope["method"] == "POST" and self.hashes(scope["path"]):
            lane = self.passwords
        try:
            async with lane.turn(visitor.network) as leave:
                await self.app(scope, receive, _first(leave, send))
        except Full:
            words = "Too many requests are waiting. Try again in a moment."
            await refuse(scope, send, 503, "too-busy", words, retry_after_s=_RETRY_AFTER_S)


def _first(leave: Callable[[], None], send: Send) -> Send:
    async def sending(message: Message) -> None:
        leave()
        await send(message)

    return sending
