"""A film's sound: the AAC frames of its file, sent as a camera would (RFC 3640, AAC-hbr, a frame in a packet)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from footage.segments.aac import SoundParameters, sound_parameters
from footage.segments.bits import BadParameterSet
from footage.times import HZ

if TYPE_CHECKING:
    from av.container import InputContainer

PAYLOAD_TYPE = 97
_LONGEST_FRAME = (1 << 13) - 1
_HEAD = struct.Struct("!BBHBBHIIHH")  # interleaved, RTP, the count of header bits, one header


@dataclass(frozen=True, slots=True)
class Soundtrack:
    """Coded frames, one after the other without a hole; the first begins with the film."""

    parameters: SoundParameters
    frames: tuple[bytes, ...] = field(repr=False)

    def due(self, start_90k: int, end_90k: int) -> range:
        """The frames that begin in a part of the film."""
        return range(
            min(self._first_from(start_90k), len(self.frames)), min(self._first_from(end_90k), len(self.frames))
        )

    def timestamp(self, loop_90k: int, number: int) -> int:
        """A frame's time in samples, in a showing of the film that began at `loop_90k`."""
        return loop_90k * self.parameters.rate // HZ + number * self.parameters.frame

    def _first_from(self, at_90k: int) -> int:
        return -(-at_90k * self.parameters.rate // (HZ * self.parameters.frame))


def read_soundtrack(container: InputContainer) -> Soundtrack | None:
    """The sound of an open file where it is AAC that a camera could send; None for any other, or none."""
    if not container.streams.audio or container.streams.audio[0].codec_context.name != "aac":
        return None
    stream = container.streams.audio[0]
    try:
        parameters = sound_parameters(bytes(stream.codec_context.extradata or b""))
    except BadParameterSet:
        return None
    frames = [bytes(packet) for packet in container.demux(stream) if packet.size]
    if not frames or max(map(len, frames)) > _LONGEST_FRAME:
        return None
    return Soundtrack(parameters, tuple(frames))


def packet(channel: int, frame: bytes, sequence: int, timestamp: int, source: int) -> bytes:
    """One frame as an interleaved RTP packet."""
    head = _HEAD.pack(
        0x24, channel, 16 + len(frame), 0x80, 0x80 | PAYLOAD_TYPE, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, source,
        16, len(frame) << 3,
    )  # fmt: skip
    return head + frame


def described(sound: Soundtrack) -> list[str]:
    """Its lines of the session description."""
    told = sound.parameters
    mode = "streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3"
    return [
        f"m=audio 0 RTP/AVP {PAYLOAD_TYPE}",
        f"a=rtpmap:{PAYLOAD_TYPE} mpeg4-generic/{told.rate}/{told.channels}",
        f"a=fmtp:{PAYLOAD_TYPE} {mode};config={told.config.hex()}",
        "a=control:trackID=1",
        "a=recvonly",
    ]
