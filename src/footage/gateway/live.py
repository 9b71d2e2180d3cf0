"""Live pictures over a WebSocket, for Media Source Extensions.

What may not be opened is refused before the handshake: what has no good ticket by a bare 403, the rest in words. The
socket dies with its ticket: the page renews it with `{"type": "renew", "ticket": ...}`. Codes at close: 4401 the ticket
has expired, 4403 what it was given for has ended or the renewal is not good, 4503 nobody can say whether it stands,
4408 the viewer stopped reading, 1008 nonsense sent, 1009 too much of it.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager

from starlette.websockets import WebSocket, WebSocketDisconnect

from footage.contract import CameraId, FootageError
from footage.gateway.doors import Door, same_place
from footage.gateway.hub import LiveHub
from footage.gateway.problems import TooManySockets, problem
from footage.gateway.served import Tally
from footage.gateway.standing import Held, RightsUnknown, Standing
from footage.gateway.tickets import ExpiredTicket, Ticket, TicketAct
from footage.gateway.viewer import Viewer
from footage.times import utc_now

EXPIRED, REFUSED, STUCK, UNKNOWN, NONSENSE, TOO_BIG = 4401, 4403, 4408, 4503, 1008, 1009

#: A wall has at most 36 tiles; nobody honest holds this many sockets.
MOST_SOCKETS = 144
LONGEST_MESSAGE = 4096
#: A socket is renewed every few minutes.
MOST_MESSAGES = 64
#: A peer that takes nothing for so long is gone or hostile.
STUCK_SECONDS = 20.0


class Goodbye(Exception):
    """Ends a live socket with a code and a word."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code, self.reason = code, reason


class LiveSockets:
    """Every live socket of this process."""

    def __init__(self, door: Door, hub: LiveHub, standing: Standing, tally: Tally) -> None:
        self._door, self._hub, self._standing, self._tally = door, hub, standing, tally
        self._sockets: Counter[str] = Counter()

    async def serve(self, socket: WebSocket) -> None:
        """One viewer, from handshake to close."""
        ticket = self._admit(socket)
        if ticket is None:
            await socket.close(REFUSED)  # a bare 403 before the handshake, of which the server below keeps no line
            return
        try:
            with self._counted(ticket.viewer):
                await self._standing.check(ticket)
                await self._welcome(socket, ticket)
        except FootageError as error:
            await _refuse(socket, error)

    def _admit(self, socket: WebSocket) -> Ticket | None:
        if not same_place(socket.headers):
            return None
        try:
            return self._door.admit(socket.path_params["ticket"], TicketAct.LIVE)
        except FootageError:
            return None

    async def _welcome(self, socket: WebSocket, ticket: Ticket) -> None:
        await socket.accept()
        try:
            await self._watch(socket, ticket)
        except Goodbye as goodbye:
            await _close(socket, goodbye)
        except WebSocketDisconnect:
            pass

    @contextmanager
    def _counted(self, viewer: str) -> Iterator[None]:
        """Raises TooManySockets."""
        if self._sockets[viewer] >= MOST_SOCKETS:
            raise TooManySockets("Close some pictures first.")
        self._sockets[viewer] += 1
        try:
            yield
        finally:
            self._sockets[viewer] -= 1
            if not self._sockets[viewer]:
                del self._sockets[viewer]

    async def _watch(self, socket: WebSocket, ticket: Ticket) -> None:
        with self._standing.holding(ticket) as held, self._hub.watching(CameraId(ticket.camera_id)) as viewer:
            await _first_of(_until_over(held), self._send(socket, viewer, held), self._listen(socket, held))

    async def _send(self, socket: WebSocket, viewer: Viewer, held: Held) -> None:
        """Hand over what waits for the viewer, one message at a time; the server below holds one more at most."""
        while True:
            message = await viewer.take()
            try:
                async with asyncio.timeout(STUCK_SECONDS):
                    for part in message.parts:
                        await (socket.send_text(part) if isinstance(part, str) else socket.send_bytes(part))
            except TimeoutError:
                raise Goodbye(STUCK, "not-reading") from None
            if message.picture:
                now = utc_now()
                self._tally.add(held.ticket, now, now, message.size_bytes)

    async def _listen(self, socket: WebSocket, held: Held) -> None:
        """Read renewals until the ticket in force has run out."""
        for _ in range(MOST_MESSAGES):
            try:
                async with asyncio.timeout(held.ticket.expires - self._door.clock()):
                    message = await socket.receive_text()
            except TimeoutError:
                raise Goodbye(EXPIRED, ExpiredTicket.code) from None
            except KeyError:  # a binary message
                raise Goodbye(NONSENSE, "not-understood") from None
            try:
                ticket = self._door.renew(held.ticket, _renewal(message))
                await self._standing.check(ticket)
            except FootageError as error:
                raise _goodbye(error) from error
            held.ticket = ticket
        raise Goodbye(NONSENSE, "too-many-messages")


def _renewal(message: str) -> str:
    """The ticket in a renewal. Raises Goodbye for anything else."""
    if len(message) > LONGEST_MESSAGE:
        raise Goodbye(TOO_BIG, "message-too-big")
    try:
        match json.loads(message):
            case {"type": "renew", "ticket": str(text)}:
                return text
    except (ValueError, RecursionError):
        pass
    raise Goodbye(NONSENSE, "not-understood")


async def _until_over(held: Held) -> None:
    """Wait until the right has ended; raises Goodbye."""
    await held.ended.wait()
    try:
        held.check()
    except FootageError as error:
        raise _goodbye(error) from error


async def _first_of(*works: Awaitable[None]) -> None:
    """Run until one of them ends, and end the others; its error is raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _close(socket: WebSocket, goodbye: Goodbye) -> None:
    try:
        async with asyncio.timeout(1.0):  # a peer that does not read cannot be told
            await socket.close(goodbye.code, goodbye.reason)
    except (TimeoutError, WebSocketDisconnect, RuntimeError):
        pass


async def _refuse(socket: WebSocket, error: FootageError) -> None:
    """Say why before the handshake, where the server below can: by a problem document, and else by a bare 403."""
    if "websocket.http.response" in (socket.scope.get("extensions") or {}):
        await socket.send_denial_response(problem(error))
    else:
        await socket.close(REFUSED)


def _goodbye(error: FootageError) -> Goodbye:
    code = {ExpiredTicket: EXPIRED, RightsUnknown: UNKNOWN}.get(type(error), REFUSED)
    return Goodbye(code, error.code)
