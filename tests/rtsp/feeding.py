"""Feeds a connection in the middle of playing as its socket would, without one, and looks at what was told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence

import pytest

from footage.rtsp.control.connection import RtspConnection
from footage.rtsp.events import Codec
from footage.rtsp.payload.h264 import H264Track
from footage.rtsp.payload.h265 import H265Track
from rtsp.listener import Listener
from rtsp.packets import interleaved, packets
from rtsp.pictures import Coded, encoded

TRACKS = {Codec.H264: H264Track, Codec.H265: H265Track}
SOURCE = 0x0B5E55ED  # of rtsp.packets.rtp


def film(codec: Codec, frames: int = 12) -> Coded:
    """Pictures of several packets each, a key picture every fourth."""
    return encoded(codec, width=160, height=120, frames=frames, gop=4)


def made_of(coded: Coded, mtu: int = 300) -> list[bytes]:
    return packets(coded.codec, coded.pictures, mtu=mtu)


def renumbered(made: Iterable[bytes], first: int = 0) -> list[bytes]:
    """The packets with sequence numbers in a row."""
    return [p[:2] + ((first + n) & 0xFFFF).to_bytes(2, "big") + p[4:] for n, p in enumerate(made)]


def stamp_of(packet: bytes) -> int:
    return int.from_bytes(packet[4:8], "big")


def framed(made: Iterable[bytes], channel: int = 0) -> bytes:
    return b"".join(interleaved(channel, packet) for packet in made)


class Clock:
    """Our own clocks, as the track reads them; a burst moves them on."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.ns = time.monotonic_ns()
        patch.setattr("footage.rtsp.rtp.track.monotonic_ns", lambda: self.ns)
        patch.setattr("footage.rtsp.payload.pictures.monotonic_ns", lambda: self.ns)

    def wait(self, seconds: float) -> None:
        self.ns += round(seconds * 1_000_000_000)


class Fed:
    """A connection that plays, and its listener."""

    def __init__(self, codec: Codec, sets: Sequence[bytes], **told: int | None) -> None:
        self.heard, self.connection = Listener(), RtspConnection()
        self.track = TRACKS[codec](self.heard, tuple(sets), **told)
        self.connection.listen(self.track, 0, 1)

    def take(self, data: bytes, step: int = 1 << 16) -> None:
        """Receive bytes, so many at once at most."""
        while data and not self.connection.ended.done():
            room = self.connection.get_buffer(-1)
            count = min(len(room), len(data), step)
            room[:count] = data[:count]
            self.connection.buffer_updated(count)
            data = data[count:]

    @property
    def lost(self) -> list[int]:
        return self.heard.lost_packets

    @property
    def why(self) -> str:
        return self.connection.ended.result().detail if self.connection.ended.done() else ""


def fed(
    coded: Coded,
    data: bytes | Callable[[Fed], None],
    *,
    step: int = 1 << 16,
    told: bool = True,
    parameter_sets: Sequence[bytes] = (),
    code: bytes = b"",
    **how: int | None,
) -> Fed:
    """What a connection made of these bytes, which have to leave it standing.

    The sets of the film are `told` beforehand, or others, with start codes in front.
    """
    how = {"payload_type": 96} | how
    sets = [code + nal for nal in (coded.parameter_sets() if told else parameter_sets)]

    async def run() -> Fed:
        made = Fed(coded.codec, sets, **how)
        if callable(data):
            data(made)
        else:
            made.take(data, step)
        made.track.settle()
        assert not made.why
        return made

    return asyncio.run(run())


def all_of(coded: Coded) -> list[list[bytes]]:
    return [list(picture) for picture in coded.pictures]
