"""A wire that remembers: stands between a recorder and somebody else's server and notes each byte and when it came.

What a server sent is then read off the wire by a reader of its own, which shares nothing with the recorder's, so that
the two can be compared picture by picture. Source: RFC 2326 10.12, RFC 6184 5.6-5.8, RFC 7798 4.4.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from footage.rtsp.events import Codec
from footage.times import utc_now
from rtsp.servers.films import slices


@dataclass
class Sent:
    """A picture as it went over the wire: its slices, and the wall clock in 1/90000 s at its last byte."""

    slices: tuple[bytes, ...]
    wall_90k: int


@dataclass
class Wire:
    """Everything a server sent to one client, connection by connection."""

    server_port: int
    port: int = 0
    connections: list[list[tuple[float, bytes]]] = field(default_factory=list)
    ended_90k: list[int] = field(default_factory=list)  # when the server closed one, UTC

    def pictures(self, codec: Codec) -> list[Sent]:
        """The pictures of the first connection that were sent whole, on the channel of the first track."""
        found: list[Sent] = []
        for wall, stamp_packets in _by_stamp(self.connections[0]):
            nals = list(_units(codec, stamp_packets))
            if kept := slices(codec, nals):
                found.append(Sent(kept, round(wall * 90_000)))
        return found


def _by_stamp(received: list[tuple[float, bytes]]) -> Iterator[tuple[float, list[bytes]]]:
    """The packets of channel 0 that bear one time stamp, with the wall clock at the last; the last lot if marked."""
    lot: list[bytes] = []
    at = 0.0
    for wall, packet in _packets(received):
        if lot and packet[4:8] != lot[-1][4:8]:
            yield at, lot
            lot = []
        lot.append(packet)
        at = wall
    if lot and lot[-1][1] & 0x80:
        yield at, lot


def _packets(received: list[tuple[float, bytes]]) -> Iterator[tuple[float, bytes]]:
    """The interleaved packets of channel 0, each with when its last byte came. Answers between them are passed over."""
    data, times = b"".join(piece for _, piece in received), iter(received)
    wall, have, at = 0.0, 0, 0
    while at + 4 <= len(data):
        if data[at] != 0x24:
            at = _after_answer(data, at)
            continue
        end = at + 4 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end > len(data):
            return
        while have < end:
            wall, piece = next(times)
            have += len(piece)
        if data[at + 1] == 0:
            yield wall, data[at + 4 : end]
        at = end


def _after_answer(data: bytes, at: int) -> int:
    head = data[at : data.index(b"\r\n\r\n", at)].decode().lower()
    length = next((int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:")), 0)
    return at + len(head) + 4 + length


def _units(codec: Codec, packets: list[bytes]) -> Iterator[bytes]:
    header, aggregate, fragment = (1, 24, 28) if codec is Codec.H264 else (2, 48, 49)
    arriving = b""
    for packet in packets:
        assert packet[0] & 0xCF == 0x80, "padding, or an extension, of which this reader knows nothing"
        body = packet[12 + 4 * (packet[0] & 15) :]
        kind = body[0] & 31 if codec is Codec.H264 else body[0] >> 1 & 63
        if kind == aggregate:
            at = header
            while at < len(body):
                size = int.from_bytes(body[at : at + 2], "big")
                yield body[at + 2 : at + 2 + size]
                at += 2 + size
        elif kind == fragment:
            flags = body[header]
            if flags & 0x80:
                first = body[0] & 0xE0 | flags & 31 if codec is Codec.H264 else body[0] & 0x81 | (flags & 63) << 1
                arriving = bytes([first, *body[1:header]])
            arriving += body[header + 1 :]
            if flags & 0x40:
                yield arriving
        else:
            yield body


class Witness:
    """Wires to servers on this machine, in a thread of their own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def wire(self, server_port: int) -> Wire:
        """A port of its own to reach a server by."""
        made = Wire(server_port)
        asyncio.run_coroutine_threadsafe(self._listen(made), self._loop).result(5)
        return made

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _listen(self, wire: Wire) -> None:
        async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", wire.server_port)
            noted: list[tuple[float, bytes]] = []
            wire.connections.append(noted)
            asking = asyncio.create_task(_carry(reader, server_writer, None))
            await _carry(server_reader, writer, noted)
            wire.ended_90k.append(utc_now())
            asking.cancel()

        server = await asyncio.start_server(carry, "127.0.0.1", 0)
        wire.port = server.sockets[0].getsockname()[1]


async def _carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, noted: list[tuple[float, bytes]] | None
) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            if noted is not None:
                noted.append((time.time(), data))
            writer.write(data)
            await writer.drain()
    writer.close()
