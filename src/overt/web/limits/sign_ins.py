"""How often one address may fail to sign in, whatever the names: a bucket of tries that fills up slowly.

A lock on one name (django-axes) does not stop somebody who tries one password with a thousand names. Tries beyond the
bucket are refused without asking Django, and are told to `tell` together, once a minute: an entry for each of them
would let a stranger fill the logbook. One process serves the pages, so what it remembers is all there is.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from overt.web.limits.asgi import Asgi, Message, Receive, Scope, Send, refuse
from overt.web.limits.visitors import Visitors

#: Failures that an address has at once; a whole control room behind one address mistypes no more.
TRIES = 30
#: One more after so long.
REFILL_S = 10.0
TELL_EVERY_S = 60.0
#: Addresses that are remembered; the one longest unheard of is forgotten first.
_REMEMBERED = 50_000

Tell = Callable[[Mapping[str, int]], Awaitable[None]]
_log = logging.getLogger("overt.limits")


@dataclass(slots=True)
class Buckets:
    """The tries each address has left."""

    tries: int = TRIES
    refill_s: float = REFILL_S
    clock: Callable[[], float] = time.monotonic
    _used: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict, init=False)

    def wait_s(self, network: str) -> float:
        """How long until this address may try again; 0 where it may now."""
        return max(0.0, (self._of(network) - (self.tries - 1)) * self.refill_s)

    def take(self, network: str) -> None:
        self._used[network] = (self._of(network) + 1, self.clock())
        self._used.move_to_end(network)
        while len(self._used) > _REMEMBERED:
            self._used.popitem(last=False)

    def give_back(self, network: str) -> None:
        self._used[network] = (max(0.0, self._of(network) - 1), self.clock())

    def _of(self, network: str) -> float:
        used, at = self._used.get(network, (0.0, 0.0))
        return max(0.0, used - (self.clock() - at) / self.refill_s) if used else 0.0


@dataclass(slots=True)
class SignIns:
    """Counts what fails at the sign-in page and refuses (429) an address that has used up its tries.

    `tell` is given the refused tries of a minute, by address.
    """

    app: Asgi
    visitors: Visitors
    tell: Tell
    path: str = "/sign-in/"
    buckets: Buckets = field(default_factory=Buckets)
    tell_every_s: float = TELL_EVERY_S
    _refused: Counter[str] = field(default_factory=Counter, init=False)
    _telling: asyncio.Task[None] | None = field(default=None, init=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != self.path or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        network = self.visitors.of(scope).network
        if (wait := self.buckets.wait_s(network)) > 0:
            self._note(network)
            words = "Too many sign-ins failed from where you are. Wait a little, or ask a manager."
            await refuse(scope, send, 429, "too-many-sign-ins", words, retry_after_s=int(wait) + 1)
            return
        # Taken beforehand and given back for a success, so that many at once have no more than their share.
        self.buckets.take(network)
        await self.app(scope, receive, self._give_back_on_success(network, send))

    def _give_back_on_success(self, network: str, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                self.buckets.give_back(network)
            await send(message)

        return sending

    def _note(self, network: str) -> None:
        self._refused[network] += 1
        if self._telling is None:
            self._telling = asyncio.get_running_loop().create_task(self._tell_later())

    async def _tell_later(self) -> None:
        await asyncio.sleep(self.tell_every_s)
        refused, self._refused, self._telling = dict(self._refused), Counter(), None
        try:
            await self.tell(refused)
        except Exception:  # a note that cannot be written stops no page; the next minute's is tried again
            _log.exception("refused sign-ins could not be written into the logbook")
            self._refused.update(refused)
