"""Keeps a session alive by whatever works, early enough that a second and a third way can be tried in time."""

from __future__ import annotations

import asyncio
import logging

from footage.rtsp.control.asking import Asker
from footage.rtsp.control.setup_answer import DEFAULT_TIMEOUT_SECONDS
from footage.rtsp.errors import StreamLost
from footage.rtsp.events import LossCause
from footage.rtsp.memory import CameraMemory, TryAgain

log = logging.getLogger("footage.rtsp")
#: SET_PARAMETER without a body changes nothing (RFC 2326, 10.9).
_METHODS = ("GET_PARAMETER", "OPTIONS", "SET_PARAMETER")
#: However long a camera says that it waits: some close sooner than they say, and some say nothing.
_LONGEST_SECONDS = 60
_SHORTEST_PAUSE_SECONDS = 0.5


class KeepAlive:
    """Asks something every third of the camera's timeout. `public` is its answer to OPTIONS, empty where unknown.

    Where a camera offers GET_PARAMETER it is asked that and OPTIONS by turns, because some answer the one and count
    only the other. A method that fails is followed at once by the next, all of them within the timeout, and is not
    asked again. Where every one of them fails nothing is lost while pictures come: one is asked now and then.
    """

    def __init__(self, asker: Asker, memory: CameraMemory, public: str, answer_seconds: float) -> None:
        self._asker, self._memory = asker, memory
        timeout = asker.timeout_seconds or DEFAULT_TIMEOUT_SECONDS
        self.pause = max(_SHORTEST_PAUSE_SECONDS, min(timeout, _LONGEST_SECONDS) / 3)
        self._patience = min(answer_seconds, self.pause / 2)
        offered = "GET_PARAMETER" in public.upper() or not public
        usual = ("GET_PARAMETER", "OPTIONS") if offered else ("OPTIONS",)
        self._turns = [method for method in usual if method not in memory.bad_keep_alives]
        self._turn = -1

    async def once(self, url: str) -> None:
        """Say once that somebody is still there. Raises StreamLost where the session is over."""
        forgotten = 0
        tried = self._in_order()
        for method in tried:
            status = await self._answered(method, url)
            if 200 <= status < 300:
                if method not in self._turns:
                    self._turns.append(method)
                return
            if status == 454:  # the session, it says; but some say it to this method alone
                forgotten += 1
            else:
                self._memory.bad_keep_alives.add(method)
            if method in self._turns:
                self._turns.remove(method)
        if tried and forgotten == len(tried):
            raise StreamLost(LossCause.CLOSED, "The camera has forgotten the session.")

    async def answers(self, url: str, seconds: float) -> bool:
        """Whether the camera answers at all, whatever it says. Two ways are tried together, for one may never be."""
        asked = [self._says_anything(method, url, seconds) for method in self._in_order()[:2]]
        return any(await asyncio.gather(*asked))

    async def _says_anything(self, method: str, url: str, seconds: float) -> bool:
        try:
            await self._asker.ask(method, url, seconds=seconds)
        except (StreamLost, TryAgain):
            return False
        return True

    def _in_order(self) -> list[str]:
        """The method whose turn it is, then what else may work. Where all failed before, the first one quietly."""
        self._turn += 1
        turns = self._turns
        if not turns and all(method in self._memory.bad_keep_alives for method in _METHODS):
            harmless = [method for method in _METHODS if method not in self._memory.closes_on]
            return [harmless[self._turn % len(harmless)]] if harmless else []
        first = self._turn % len(turns) if turns else 0
        usual = [*turns[first:], *turns[:first]]
        return usual + [one for one in _METHODS if one not in usual and one not in self._memory.bad_keep_alives]

    async def _answered(self, method: str, url: str) -> int:
        """The status of the answer, 0 where there is none. Raises StreamLost where the connection has ended."""
        try:
            return (await self._asker.ask(method, url, seconds=self._patience)).status
        except StreamLost as lost:
            if self._asker.ended:
                if lost.cause is LossCause.CLOSED:
                    self._memory.bad_keep_alives.add(method)  # it may be the question that the camera closes on
                    self._memory.closes_on.add(method)
                raise
            log.info("the camera takes no %s to keep its session alive: %s", method, lost.detail)
            return 0
