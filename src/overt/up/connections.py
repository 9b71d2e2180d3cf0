"""How the web process holds its connections: how many, how long a request may take to say itself, who goes first.

uvicorn reads heads of any length for any time and refuses newcomers where too many are there: a thousand connections
that say nothing would shut out everybody. Here it is the silent who go: a new connection is always taken, and where the
house is full the oldest one that has no request in progress is closed for it, first of the address that holds most.
"""

from __future__ import annotations

import asyncio
import resource
from asyncio import TimerHandle
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from overt.shared.client_address import is_within, network_of

MOST_CONNECTIONS = 400
#: Of one address, before its own idle ones make room. A proxy's are everybody's: it is not counted by address.
MOST_OF_ONE = 100
HEAD_SECONDS = 10.0
HEAD_BYTES = 32 * 1024
#: An answer of which nothing was taken for so long is for nobody.
STUCK_SECONDS = 60.0
#: Open files besides connections: the database, the log, footage that is played.
_OTHER_FILES = 256


@dataclass(slots=True)
class House:
    """Every HTTP connection of this process, the oldest first, by the address that holds it."""

    most: int = MOST_CONNECTIONS
    most_of_one: int = MOST_OF_ONE
    proxies: Sequence[str] = ()
    _held: dict[str, OrderedDict[Guarded, None]] = field(default_factory=dict)
    _count: int = 0

    def enter(self, connection: Guarded) -> None:
        """Take a connection, and close an idle one for it where there are too many."""
        network = connection.network
        mine = self._held.setdefault(network, OrderedDict())
        mine[connection] = None
        self._count += 1
        if len(mine) > self.most_of_one and not is_within(network, self.proxies):
            self._make_room(network, connection)
        elif self._count > self.most:
            self._make_room(max(self._held, key=lambda name: len(self._held[name])), connection)

    def leave(self, connection: Guarded) -> None:
        mine = self._held.get(connection.network)
        if mine is not None and connection in mine:
            del mine[connection]
            self._count -= 1
            if not mine:
                del self._held[connection.network]

    def _make_room(self, network: str, newcomer: Guarded) -> None:
        """The oldest that never asked anything goes; else the oldest that rests between two requests; else the newest.

        Never the newcomer, who has had no time to ask, unless each of the others is at work.
        """
        mine = self._held[network]
        others = [one for one in mine if one is not newcomer]
        silent = (one for one in others if one.cycle is None)
        resting = (one for one in others if one.is_idle)
        gone = next(silent, None) or next(resting, None) or next(reversed(mine))
        self.leave(gone)
        gone.hang_up()


class Guarded(HttpToolsProtocol):
    """An HTTP connection that has to say what it wants in time and in few words. `house` is set by `guarded`."""

    house: House
    head_seconds = HEAD_SECONDS
    head_bytes = HEAD_BYTES
    stuck_seconds = STUCK_SECONDS

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        self.network = ""
        self._head_timer: TimerHandle | None = None
        self._head_taken = 0
        self._stuck_timer: TimerHandle | None = None
        self._refused = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing was asked for, or all that was asked for has been answered."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self.network = network_of(self.client[0]) if self.client else ""
        self._expect_head()
        self.house.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop(self._head_timer, self._stuck_timer)
        self.house.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        waited = self._head_timer is not None
        self._head_taken += len(data)
        super().data_received(data)
        if waited and self._head_timer is not None and self._head_taken > self.head_bytes:
            self._refuse(431, b"Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._head_timer is None:
            self._expect_head()

    def on_headers_complete(self) -> None:
        self._stop(self._head_timer)
        self._head_timer = None
        if self._refused:
            return
        if sum(len(name) + len(value) for name, value in self.headers) + len(self.url) > self.head_bytes:
            self._refuse(431, b"Request Header Fields Too Large")
            return
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self._refused:
            super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """From here on the socket is the gateway's, which has its own limits."""
        if self._refused:
            return
        self._stop(self._head_timer, self._stuck_timer)
        self.house.leave(self)
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection; what was written and not taken in all that time is dropped."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            super().timeout_keep_alive_handler()

    def hang_up(self) -> None:
        """Close for somebody else's sake; nothing was in progress, or nothing can be said for want of room."""
        if not self.transport.is_closing():
            self.transport.abort()

    def _expect_head(self) -> None:
        self._head_taken = 0
        self._head_timer = self.loop.call_later(self.head_seconds, self._head_late)

    def _head_late(self) -> None:
        self._head_timer = None
        if self.transport.is_closing():
            return
        if self.is_idle:
            self._refuse(408, b"Request Timeout")
        else:
            self._expect_head()  # the next request of a connection whose answer is still on its way

    def _refuse(self, status: int, phrase: bytes) -> None:
        self._stop(self._head_timer)
        self._head_timer, self._refused = None, True
        if self.is_idle:  # else the words would stand in the middle of another answer
            line = b"HTTP/1.1 %d %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            self.transport.write(line % (status, phrase))
        self.transport.close()

    def _watch_reader(self) -> None:
        """Ask from time to time whether a reader who lets its answer wait takes anything at all."""
        if self._stuck_timer is None:
            left = self.transport.get_write_buffer_size()
            self._stuck_timer = self.loop.call_later(self.stuck_seconds, self._is_stuck, left)

    def _is_stuck(self, before: int) -> None:
        self._stuck_timer = None
        left = self.transport.get_write_buffer_size()
        if left == 0:
            return
        if left >= before and self.flow.write_paused:
            self.transport.abort()
        else:
            self._watch_reader()

    @staticmethod
    def _stop(*timers: TimerHandle | None) -> None:
        for timer in timers:
            if timer is not None:
                timer.cancel()


def guarded(house: House) -> type[Guarded]:
    """The protocol class for uvicorn (`http=`), whose connections share this house."""
    return type("GuardedConnection", (Guarded,), {"house": house})


def raise_file_limit() -> int:
    """Let this process open as many files as its owner may; returns how many connections that leaves room for."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft = hard if hard != resource.RLIM_INFINITY else 65536
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(64, min(MOST_CONNECTIONS, soft - _OTHER_FILES))
