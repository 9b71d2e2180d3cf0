"""A track's packets as datagrams, for cameras that offer nothing else: two sockets.

Source: RFC 2326, 12.39; RFC 3550, 6.4.2 (the receiver reports that keep a firewall open) and 11 (the two ports).
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Callable
from functools import partial

#: A burst of a key frame waits here while the event loop is busy; the system may give less.
_RECEIVE_BYTES = 4 << 20
_TRIES = 32
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
