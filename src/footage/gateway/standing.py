"""Whether what a ticket was given for still stands: asked of the scheme again and again, while anything is served.

A ticket says what was so when it was signed. The scheme knows what has ended since (a role, a session, a review), and
is asked before anything is served and then several times a second, in one question for all that is held. Without
anybody to ask, tickets alone count: the gateway is usable alone.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from footage.contract import FootageError
from footage.gateway.tickets import Ticket

_log = logging.getLogger(__name__)

#: Between two questions about what is being served, seconds. With the answer's own time it stays well below a second.
EVERY = 0.25
#: An answer holds for so long for the next request on the same ticket: a player asks for many small parts.
FRESH = 0.25
#: The scheme that gives no answer for so long cannot be reached.
ANSWER_SECONDS = 2.0
#: What is on a wall stays so long while nobody can be asked, and then ends. Nothing new is opened meanwhile.
GRACE_SECONDS = 5.0

#: Of these tickets, those whose right has ended. It may raise, and is called on one thread of its own.
Rights = Callable[[Collection[Ticket]], Collection[Ticket]]


class RightEnded(FootageError):
    """The ticket was good, and what it was given for has ended since."""

    code = "right-ended"


class RightsUnknown(FootageError):
    """Nobody could say whether the ticket still stands."""

    code = "rights-unknown"


@dataclass(slots=True, eq=False)
class Held:
    """Something being served on a ticket. `ended` is set, with `cause`, as soon as the right is known to have ended."""

    ticket: Ticket
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    cause: FootageError | None = None

    def end(self, cause: FootageError) -> None:
        self.cause = cause
        self.ended.set()

    def check(self) -> None:
        """Raises the cause, once it has ended."""
        if self.cause is not None:
            raise self.cause


@dataclass(slots=True)
class _Question:
    """Several askers' tickets, asked about together; the answer is None where there is none."""

    tickets: set[Ticket] = field(default_factory=set)
    answer: asyncio.Future[Collection[Ticket] | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Standing:
    """What is served now, and whether it may go on. On one event loop; `rights` is None where nobody is asked."""

    def __init__(self, rights: Rights | None = None) -> None:
        self._rights = rights
        self._thread = ThreadPoolExecutor(1, "rights")
        self._held: set[Held] = set()
        self._good: dict[Ticket, float] = {}  # since when (monotonic) it is known to have stood
        self._next: _Question | None = None
        self._answering: asyncio.Task[None] | None = None
        self._repeating: asyncio.Task[None] | None = None
        self._heard = 0.0  # when an answer last came (monotonic)
        self._silent = False

    async def check(self, ticket: Ticket) -> None:
        """Raises RightEnded where the right has ended, RightsUnknown where nobody answers."""
        if self._rights is None or time.monotonic() - self._good.get(ticket, -FRESH) < FRESH:
            return
        over = await self._ask({ticket})
        if over is None:
            raise RightsUnknown("It cannot be told now whether this may still be shown. Try again.")
        if ticket in over:
            raise RightEnded(_ENDED)

    @contextmanager
    def holding(self, ticket: Ticket) -> Iterator[Held]:
        """Something served for as long as the block runs, asked about until then. The ticket has been checked."""
        held = Held(ticket)
        if self._rights is not None:
            if not self._held:
                self._heard = time.monotonic()
            self._held.add(held)
            if self._repeating is None or self._repeating.done():
                self._repeating = asyncio.create_task(self._repeat(), name="rights")
        try:
            yield held
        finally:
            self._held.discard(held)

    async def _repeat(self) -> None:
        while self._held:
            await asyncio.sleep(EVERY)
            await self._end_what_is_over()

    async def _end_what_is_over(self) -> None:
        asked = [(held, held.ticket) for held in self._held]
        if not asked:
            return
        over = await self._ask({ticket for _, ticket in asked})
        if over is not None:
            self._heard = time.monotonic()
            for held, ticket in asked:
                if ticket in over:
                    self._end(held, RightEnded(_ENDED))
        elif time.monotonic() - self._heard > GRACE_SECONDS:
            for held in list(self._held):
                self._end(held, RightsUnknown("It cannot be told any more whether this may be shown."))

    def _end(self, held: Held, cause: FootageError) -> None:
        held.end(cause)
        self._held.discard(held)

    async def _ask(self, tickets: Collection[Ticket]) -> Collection[Ticket] | None:
        """Those that are over; None where no answer came in time."""
        question = self._next = self._next or _Question()
        question.tickets.update(tickets)
        if self._answering is None or self._answering.done():
            self._answering = asyncio.create_task(self._answer(), name="asking for rights")
        try:
            return await asyncio.wait_for(asyncio.shield(question.answer), ANSWER_SECONDS)
        except TimeoutError:
            return None

    async def _answer(self) -> None:
        """Put one question after the other, each with all that has come together meanwhile."""
        assert self._rights is not None
        while (question := self._next) is not None:
            self._next = None
            tickets, began = frozenset(question.tickets), time.monotonic()
            try:
                asked = asyncio.get_running_loop().run_in_executor(self._thread, self._rights, tickets)
                over = frozenset(await asked)
            except Exception:
                if not self._silent:  # said once, not several times a second
                    _log.exception("it cannot be told whether tickets still stand")
                self._silent = True
                question.answer.set_result(None)
                continue
            self._silent = False
            self._remember(tickets - over, over, began)
            question.answer.set_result(over)

    def _remember(self, good: Collection[Ticket], over: Collection[Ticket], began: float) -> None:
        """An answer is as old as its question. What is old is forgotten, so that this never grows."""
        self._good = {ticket: since for ticket, since in self._good.items() if began - since < FRESH}
        self._good.update(dict.fromkeys(good, began))
        for ticket in over:
            self._good.pop(ticket, None)


_ENDED = "What this address was given for has ended."
