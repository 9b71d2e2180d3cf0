"""A track's packets as datagrams, for cameras that offer nothing else: two sockets, and packets put back in order.

Source: RFC 2326, 12.39; RFC 3550, 6.4.2 (the receiver reports that keep a firewall open) and 11 (the two ports).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import socket
from collections.abc import Callable
from functools import partial

from footage.rtsp.errors import StreamLost
from footage.rtsp.events import LossCause
from footage.rtsp.track import RtpTrack

log = logging.getLogger("footage.rtsp")
#: A burst of a key frame waits here while the event loop is busy; the system may give less.
_RECEIVE_BYTES = 4 << 20
_TRIES = 32
#: How far, and how long, a packet may be overtaken before those behind it are taken without it.
MOST_HELD = 64
HELD_SECONDS = 0.1
Take = Callable[[bytes], None]


class DatagramPair:
    """Two neighbouring ports, the even one for packets and the other for reports. Hears the camera and nobody else."""

    def __init__(self, camera: str) -> None:
        self._camera = camera
        self._transports: list[asyncio.DatagramTransport] = []
        self._ears: tuple[_Ear, _Ear] = (_Ear(camera), _Ear(camera))
        self._source = secrets.token_bytes(4)
        self._server_ports: tuple[int, int] | None = None
        self.ports = (0, 0)

    def listen(self, rtp: Take, rtcp: Take, server_ports: tuple[int, int] | None) -> None:
        """Hand on what comes from now on, where the camera names its own ports from these alone."""
        self._server_ports = server_ports
        for at, (ear, take) in enumerate(zip(self._ears, (rtp, rtcp), strict=True)):
            ear.take, ear.port = take, server_ports[at] if server_ports else 0

    def knock(self) -> None:
        """Say on both ports that somebody listens: an empty packet, and a report with nothing in it."""
        if self._server_ports is None or len(self._transports) < 2:
            return
        words = (b"\x80\x00\x00\x00\x00\x00\x00\x00" + self._source, b"\x80\xc9\x00\x01" + self._source)
        for transport, word, port in zip(self._transports, words, self._server_ports, strict=True):
            with contextlib.suppress(OSError):
                transport.sendto(word, (self._camera, port))

    def close(self) -> None:
        for ear in self._ears:
            ear.take = None
        for transport in self._transports:
            transport.abort()

    async def open(self, here: str) -> None:
        """Bind both sockets to this end's address. Raises OSError."""
        loop = asyncio.get_running_loop()
        sockets = _neighbours(here)
        self.ports = (sockets[0].getsockname()[1], sockets[1].getsockname()[1])
        for ear, made in zip(self._ears, sockets, strict=True):
            transport, _ = await loop.create_datagram_endpoint(partial(_itself, ear), sock=made)
            self._transports.append(transport)


class _Ear(asyncio.DatagramProtocol):
    def __init__(self, camera: str) -> None:
        self._camera = camera
        self.take: Take | None = None
        self.port = 0  # the camera's; 0 where it did not tell

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        if self.take and address[0] == self._camera and self.port in (0, address[1]):
            self.take(data)


def _itself(ear: _Ear) -> _Ear:
    return ear


def _neighbours(here: str) -> tuple[socket.socket, socket.socket]:
    """Two sockets on an even port and the one after it. Raises OSError where none are free."""
    family = socket.AF_INET6 if ":" in here else socket.AF_INET
    for _ in range(_TRIES):
        first, second = (socket.socket(family, socket.SOCK_DGRAM) for _ in range(2))
        try:
            first.bind((here, 0))
            port = first.getsockname()[1]
            if port % 2 == 0:
                second.bind((here, port + 1))
                for made in (first, second):
                    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
                    made.setblocking(False)
                return first, second
        except OSError:
            pass
        first.close()
        second.close()
    raise OSError("no two neighbouring ports are free")


class TrackFeed:
    """Feeds a track with datagrams in the order of their numbers. What it raises ends the session through `end`."""

    def __init__(self, track: RtpTrack, end: Callable[[StreamLost], None]) -> None:
        self._track, self._end = track, end
        self._loop = asyncio.get_running_loop()
        self._expected = -1  # the number that comes next; -1 before the first packet
        self._source = b""  # whose packets are put in order; those of others the track judges as they come
        self._held: dict[int, bytes] = {}
        self._timer: asyncio.TimerHandle | None = None
        self.closed = False

    def rtp(self, packet: bytes) -> None:
        """Take a packet as it came."""
        self._guard(lambda: self._place(packet))

    def rtcp(self, packet: bytes) -> None:
        """Take a report."""
        self._guard(lambda: self._track.control(packet))

    def close(self) -> None:
        """Take nothing more."""
        self.closed = True
        self._held.clear()
        if self._timer:
            self._timer.cancel()

    def _place(self, packet: bytes) -> None:
        number, source = int.from_bytes(packet[2:4], "big"), packet[8:12]
        if self._expected < 0 and len(packet) >= 12:
            # The first ones wait as if something before them were missing: it may only have been overtaken.
            self._expected, self._source = (number - MOST_HELD) & 0xFFFF, source
        ahead = (number - self._expected) & 0xFFFF
        if source != self._source or ahead == 0 or ahead >= 0x1_0000 - MOST_HELD:
            self._tell(packet)  # a late one, or one that came twice, the track passes over itself
            if source == self._source and ahead == 0:
                self._go_on(number)
            return
        self._held.setdefault(number, packet)
        if len(self._held) >= MOST_HELD:
            self._skip()
        elif self._timer is None:
            self._timer = self._loop.call_later(HELD_SECONDS, self._waited)

    def _go_on(self, number: int) -> None:
        """Tell what was held behind the packet of this number, up to the next that is missing."""
        self._expected = (number + 1) & 0xFFFF
        while self._held and (packet := self._held.pop(self._expected, None)) is not None:
            self._expected = (self._expected + 1) & 0xFFFF
            self._tell(packet)
        if not self._held and self._timer:
            self._timer.cancel()
            self._timer = None

    def _skip(self) -> None:
        """Go on without what is missing; the track sees the hole and tells it as a loss."""
        nearest = min(self._held, key=lambda number: (number - self._expected) & 0xFFFF)
        self._go_on((nearest - 1) & 0xFFFF)

    def _waited(self) -> None:
        self._timer = None
        if self._held:
            self._guard(self._skip)
        if self._held and not self.closed:
            self._timer = self._loop.call_later(HELD_SECONDS, self._waited)

    def _tell(self, packet: bytes) -> None:
        buffer = bytearray(packet)
        self._track.start_burst()
        self._track.packet(buffer, memoryview(buffer), 0, len(buffer))

    def _guard(self, act: Callable[[], None]) -> None:
        if self.closed:
            return
        try:
            act()
        except StreamLost as lost:
            self._end(lost)
        except Exception:
            log.exception("a stream's listener failed")
            self._end(StreamLost(LossCause.FAULT, "The recorder failed on this stream; its log has the details."))
