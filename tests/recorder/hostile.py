"""Cameras that mean harm: each sends one thing without end, as fast as the line takes it. A process of its own.

`python hostile.py` prints its port and serves `rtsp://127.0.0.1:PORT/KIND` for each kind below until it is ended.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import os
import random
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from footage.rtsp.events import Codec
from rtsp.packets import interleaved, rtp
from rtsp.pictures import encoded, nal_type

#: What is sent from PLAY on, in pieces; each is asked for the next when the line has taken the one before.
Flood = Callable[[], Iterator[bytes]]
FLOODS: dict[str, Flood] = {}
_RANDOM = random.Random(7)  # the same harm every time
CODED = encoded(Codec.H264, gop=8)
SPS, PPS = CODED.parameter_sets()[:2]
KEY = next(nal for nal in CODED.pictures[0] if nal_type(Codec.H264, nal) == 5)
SLICE = next(nal for nal in CODED.pictures[1] if nal_type(Codec.H264, nal) == 1)


def flood(make: Flood) -> Flood:
    FLOODS[make.__name__.replace("_", "-")] = make
    return make


def picture(nals: list[bytes], sequence: int, stamp: int) -> bytes:
    """The interleaved packets of one picture of small units."""
    last = len(nals) - 1
    made = (rtp(nal, sequence=sequence + n, timestamp=stamp, marker=n == last) for n, nal in enumerate(nals))
    return b"".join(interleaved(0, packet) for packet in made)


def begun() -> bytes:
    return picture([SPS, PPS, KEY], 0, 0)


@flood
def tiny_packets() -> Iterator[bytes]:
    """A slice in fragments of one byte that never ends, numbers running on: nothing is ever missing."""
    yield begun()
    pieces = [interleaved(0, rtp(b"\x7c\x01\x55", sequence=n, timestamp=9)) for n in range(1 << 16)]
    whole = b"".join(pieces)
    yield b"".join(pieces[3:])
    while True:
        yield whole


@flood
def tiny_pictures() -> Iterator[bytes]:
    """Pictures of a few bytes, a tick apart."""
    yield begun()
    for first in itertools.count(3, 5000):
        made = (
            interleaved(0, rtp(b"\x41\x9a\x02", sequence=n, timestamp=n, marker=True))
            for n in range(first, first + 5000)
        )
        yield b"".join(made)


@flood
def key_frames() -> Iterator[bytes]:
    """Small key frames, a tick apart: each may begin a fragment, and each fragment is flushed."""
    for first in itertools.count(0, 200):
        yield b"".join(picture([SPS, PPS, KEY], n * 3, n) for n in range(first, first + 200))


@flood
def parameter_sets() -> Iterator[bytes]:
    """Other parameter sets before each key frame."""
    other = [nal for nal in encoded(Codec.H264, 112, 64, gop=8).pictures[0] if nal_type(Codec.H264, nal) in (5, 7, 8)]
    ours = [SPS, PPS, KEY]
    for n in itertools.count():
        yield picture(other if n % 2 else ours, n * 3, n * 3600)


@flood
def stamps_at_random() -> Iterator[bytes]:
    for first in itertools.count(0, 200):
        yield b"".join(
            picture([SPS, PPS, KEY] if n % 8 == 0 else [SLICE, SLICE, SLICE], n * 3, _RANDOM.getrandbits(32))
            for n in range(first, first + 200)
        )


@flood
def losses() -> Iterator[bytes]:
    """Numbers at random: every packet tells of others that are missing."""
    while True:
        yield b"".join(
            interleaved(0, rtp(SLICE, sequence=_RANDOM.getrandbits(16), timestamp=n, marker=True)) for n in range(500)
        )


@flood
def huge_pictures() -> Iterator[bytes]:
    """Key frames of seven megabytes."""
    sequence = 0
    body = os.urandom(1400)
    for n in itertools.count():
        yield picture([SPS, PPS], sequence, n * 3600)[: -len(PPS) - 16] + interleaved(
            0, rtp(PPS, sequence=sequence + 1, timestamp=n * 3600)
        )
        sequence += 2
        for piece in range(5000):
            flags = 0x80 if piece == 0 else 0x40 if piece == 4999 else 0
            payload = bytes([0x7C, flags | 5]) + body
            yield interleaved(0, rtp(payload, sequence=sequence, timestamp=n * 3600, marker=piece == 4999))
            sequence += 1


@flood
def heavy() -> Iterator[bytes]:
    """Good pictures at 25 a second, 64 Mbit/s: no harm but for a disk that is small."""
    body = bytes(1400)
    sequence, begun_at = 0, time.monotonic()
    for n in itertools.count():
        time.sleep(max(0.0, begun_at + n / 25 - time.monotonic()))
        if n % 25 == 0:
            yield b"".join(
                interleaved(0, rtp(nal, sequence=sequence + k, timestamp=n * 3600)) for k, nal in enumerate((SPS, PPS))
            )
            sequence += 2
        pieces = []
        for piece in range(230):
            flags = (0x80 if piece == 0 else 0x40 if piece == 229 else 0) | (1 if n % 25 else 5)
            start = KEY[1:9] if piece == 0 else b""
            payload = bytes([0x7C, flags]) + start + body
            pieces.append(
                interleaved(0, rtp(payload, sequence=sequence + piece, timestamp=n * 3600, marker=piece == 229))
            )
        sequence += 230
        yield b"".join(pieces)


@flood
def empty_frames() -> Iterator[bytes]:
    yield begun()
    while True:
        yield b"\x24\x00\x00\x00" * 16_000


@flood
def other_channel() -> Iterator[bytes]:
    """As many bytes as the line takes, on a channel that nobody asked for."""
    yield begun()
    while True:
        yield (b"\x24\x09\xff\xff" + bytes(0xFFFF)) * 8


@flood
def reports() -> Iterator[bytes]:
    yield begun()
    report = struct.pack("!BBHIIIIII", 0x80, 200, 6, 1, 3_900_000_000, 0, 0, 1, 1)
    while True:
        yield interleaved(1, report) * 2000


@flood
def requests() -> Iterator[bytes]:
    yield begun()
    while True:
        yield b"GET_PARAMETER rtsp://127.0.0.1/ RTSP/1.0\r\nCSeq: 7\r\n\r\n" * 500


@flood
def answers() -> Iterator[bytes]:
    """Answers to nothing, each with as many headers as may be."""
    yield begun()
    while True:
        yield b"RTSP/1.0 200 OK\r\n" + b"X: y\r\n" * 120 + b"Content-Length: 9\r\n\r\n123456789"


@flood
def headers() -> Iterator[bytes]:
    yield b"RTSP/1.0 200 OK\r\n"
    while True:
        yield b"X-More: and more\r\n" * 500


@flood
def garbage() -> Iterator[bytes]:
    yield begun()
    while True:
        yield os.urandom(1 << 16)


@flood
def hang_up() -> Iterator[bytes]:
    """One picture, and gone: again at every connection."""
    yield begun()


class Server:
    """Answers the handshake of whoever comes and then floods them; a thread for each."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

    def serve(self) -> None:
        while True:
            line, _ = self._socket.accept()
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as asked, contextlib.suppress(OSError, ValueError):
            while head := _next_head(asked):
                method, url = head[0].split(" ")[:2]
                cseq = next(text for text in head if text.lower().startswith("cseq"))
                line.sendall(_answer(method, cseq))
                if method == "PLAY":
                    self._harm(line, FLOODS[url.rstrip("/").split("/")[3]])
                    return

    def _harm(self, line: socket.socket, made: Flood) -> None:
        for piece in made():
            line.sendall(piece)
        time.sleep(0.05)


def _next_head(asked) -> list[str]:
    lines = []
    while (text := asked.readline().decode()) not in ("\r\n", ""):
        lines.append(text.strip())
    return lines


def _answer(method: str, cseq: str) -> bytes:
    sets = f"{base64.b64encode(SPS).decode()},{base64.b64encode(PPS).decode()}"
    body = (
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=Hostile\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
        f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}\r\na=control:trackID=1\r\n"
        if method == "DESCRIBE"
        else ""
    )
    lines = ["RTSP/1.0 200 OK", cseq, "Session: 1;timeout=60", "Public: OPTIONS, DESCRIBE, SETUP, PLAY"]
    if method == "SETUP":
        lines.append("Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()


if __name__ == "__main__":
    server = Server()
    print(server.port, flush=True)
    server.serve()
