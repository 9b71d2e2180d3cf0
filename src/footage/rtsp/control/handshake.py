"""From a connection to a camera that plays: OPTIONS, DESCRIBE, SETUP, PLAY, and what to try where one is refused.

Where one way fails and another is at hand, that is tried once, at once; nothing is tried without end. Follows no
redirect. Source: RFC 2326, and what cameras do instead.
"""

from __future__ import annotations

from collections.abc import Sequence

from footage.rtsp.control.addresses import Here, TrackAddress
from footage.rtsp.control.asking import Asker
from footage.rtsp.control.messages import Message
from footage.rtsp.control.refusals import check
from footage.rtsp.control.target import StreamTarget
from footage.rtsp.errors import StreamLost
from footage.rtsp.events import LossCause
from footage.rtsp.memory import CameraMemory, TryAgain
from footage.rtsp.policy import SessionPolicy

_RANGE = {"Range": "npt=0.000-"}
#: That the camera takes no such address, in the words of one or another of them.
_NO_SUCH_ADDRESS = frozenset({400, 403, 404, 405, 410, 451, 454, 455, 459, 460, 462, 500})
#: Asking another way would change nothing: signing in, another's room, elsewhere.
_FINAL = frozenset({401, 403, 453, 503})
_MOST_PLAYS = 4


class Handshake:
    """The steps of one connection. Each raises StreamLost, or TryAgain where another connection can do better."""

    def __init__(
        self, asker: Asker, target: StreamTarget, policy: SessionPolicy, memory: CameraMemory, here: Here
    ) -> None:
        self._asker, self._target, self._policy, self._memory, self._here = asker, target, policy, memory, here
        self._options_unanswered = False

    async def options(self) -> str:
        """What the camera offers; empty where it does not say. Nothing that it answers is in the way of going on.

        It is left out from then on where it costs time (no answer) or the connection (then another one is made).
        """
        if self._memory.skip_options:
            return ""
        seconds = min(self._policy.answer, self._policy.options)
        try:
            answer = await self._asker.ask("OPTIONS", self._target.url, seconds=seconds, sign_in=False)
        except StreamLost as lost:
            if lost.cause is LossCause.CLOSED:
                self._memory.skip_options = True
                self._memory.bad_keep_alives.add("OPTIONS")
                self._memory.closes_on.add("OPTIONS")
                raise TryAgain(lost) from None
            if lost.cause is not LossCause.SILENT:
                raise
            self._memory.skip_options = self._options_unanswered = True
            return ""
        return ", ".join(answer.headers.get("public", ()))

    async def describe(self) -> Message:
        """The session description, in the body of an answer."""
        try:
            answer = await self._asker.ask("DESCRIBE", self._target.url, {"Accept": "application/sdp"})
        except StreamLost as lost:
            if self._options_unanswered and lost.cause in (LossCause.SILENT, LossCause.CLOSED):
                raise TryAgain(lost) from None  # it may still be busy with OPTIONS
            raise
        if answer.status in (400, 406, 415):
            plainly = await self._asker.ask("DESCRIBE", self._target.url)
            answer = plainly if 200 <= plainly.status < 300 else answer
        check(answer, "DESCRIBE", self._target.password)
        return answer

    async def set_up(
        self, addresses: Sequence[TrackAddress], transports: Sequence[str]
    ) -> tuple[Message, TrackAddress]:
        """The camera's answer for the first of the addresses that it knows, or that for the first one, refused.

        Of the transports the next is asked for where one is not supported. The address that was taken is remembered.
        """
        ordered = sorted(addresses, key=lambda one: one.way != self._memory.way)
        refused: tuple[Message, TrackAddress] | None = None
        for address in ordered:
            answer = await self._set_up_at(address.url, transports)
            if 200 <= answer.status < 300:
                self._memory.way = address.way
                return answer, address
            refused = refused or (answer, address)
            if answer.status not in _NO_SUCH_ADDRESS:
                return answer, address
        assert refused
        return refused

    async def _set_up_at(self, url: str, transports: Sequence[str]) -> Message:
        first, *others = transports
        answer = await self._asker.ask("SETUP", url, {"Transport": first})
        for transport in others:
            if answer.status == 461:
                answer = await self._asker.ask("SETUP", url, {"Transport": transport})
        return answer

    async def play(self, address: TrackAddress) -> tuple[Message, str]:
        """The answer to PLAY and the address that was played: the whole presentation, else the track alone.

        Some refuse a Range; some, aggregate operation (459); some know only the address that was asked for.
        """
        aggregate, track = address.aggregate, address.url
        ways = [(aggregate, _RANGE), (aggregate, {}), (track, _RANGE), (self._target.url, _RANGE)]
        refused: tuple[Message, str] | None = None
        not_this: set[str] = set()
        for url, headers in [way for at, way in enumerate(ways) if way not in ways[:at]][:_MOST_PLAYS]:
            if url in not_this:
                continue
            answer = await self._asker.ask("PLAY", url, headers)
            if 200 <= answer.status < 300:
                return answer, url
            refused = refused or (answer, url)
            if 300 <= answer.status < 400 or answer.status in _FINAL:
                return answer, url
            if answer.status in (404, 459):
                not_this.add(url)
        assert refused
        return refused

    async def play_track(self, url: str) -> None:
        """Play one more track of a camera that plays them one by one; that it refuses costs that track alone."""
        await self._asker.ask("PLAY", url, _RANGE)
