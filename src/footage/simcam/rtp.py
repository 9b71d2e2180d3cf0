"""RTP packets of coded pictures, ready for interleaved RTSP (RFC 2326 10.12, RFC 6184, RFC 7798), and RTCP reports.

A picture's packets are made once as a template. What differs from camera to camera and loop to loop (sequence
number, timestamp, source) is patched into a copy; this is what makes 500 cameras in one process cheap.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from footage.rtsp.events import Codec

#: RTP payload bytes in a packet, as cameras on an Ethernet choose it.
PAYLOAD_BYTES = 1400
PAYLOAD_TYPE = 96
_PATCH = struct.Struct("!HII")  # sequence, timestamp, source: six bytes into the interleaved packet
_HEAD = struct.Struct("!BBHBBHII")
_NTP_EPOCH = 2_208_988_800  # seconds from 1900 to 1970


@dataclass(frozen=True, slots=True)
class Burst:
    """All packets of one picture, each behind its interleaved header. `offsets` tell where each begins."""

    template: bytes = field(repr=False)
    offsets: tuple[int, ...]

    def __add__(self, other: Burst) -> Burst:
        """These packets and then the other's, as one picture's."""
        size = len(self.template)
        return Burst(self.template + other.template, (*self.offsets, *(size + offset for offset in other.offsets)))

    def patched(self, sequence: int, timestamp: int, source: int) -> bytearray:
        """The packets of one camera's picture, numbered from `sequence` on."""
        packets = bytearray(self.template)
        patch = _PATCH.pack_into
        for offset in self.offsets:
            patch(packets, offset + 6, sequence & 0xFFFF, timestamp, source)
            sequence += 1
        return packets


def packetise(codec: Codec, nals: tuple[bytes, ...], *, last: bool = True) -> Burst:
    """Packets of one picture: a NAL unit a packet, larger ones in fragments, the marker bit on the `last`."""
    payloads = [payload for nal in nals for payload in _fragments(codec, nal)]
    parts: list[bytes] = []
    offsets: list[int] = []
    at = 0
    for number, payload in enumerate(payloads, 1):
        marker = 0x80 if last and number == len(payloads) else 0
        head = _HEAD.pack(0x24, 0, 12 + len(payload), 0x80, marker | PAYLOAD_TYPE, 0, 0, 0)
        offsets.append(at)
        parts += (head, payload)
        at += len(head) + len(payload)
    return Burst(b"".join(parts), tuple(offsets))


def _fragments(codec: Codec, nal: bytes) -> list[bytes]:
    if len(nal) <= PAYLOAD_BYTES:
        return [nal]
    if codec is Codec.H264:
        indicator, kind, body = bytes([nal[0] & 0xE0 | 28]), nal[0] & 0x1F, nal[1:]
    else:
        indicator, kind, body = bytes([nal[0] & 0x81 | 49 << 1, nal[1]]), nal[0] >> 1 & 0x3F, nal[2:]
    room = PAYLOAD_BYTES - len(indicator) - 1
    pieces = [body[at : at + room] for at in range(0, len(body), room)]
    flags = [0x80] + [0] * (len(pieces) - 2) + [0x40]
    return [indicator + bytes([flag | kind]) + piece for flag, piece in zip(flags, pieces, strict=True)]


def sender_report(source: int, wall_s: float, timestamp: int, packets: int, octets: int) -> bytes:
    """A compound RTCP packet, sender report and name (RFC 3550 6.4.1), behind its interleaved header on channel 1."""
    seconds = int(wall_s)
    fraction = min(int((wall_s - seconds) * 2**32), 2**32 - 1)
    counts = (packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    report = struct.pack("!BBHIIIIII", 0x80, 200, 6, source, seconds + _NTP_EPOCH, fraction, timestamp, *counts)
    name = struct.pack("!BBHI", 0x81, 202, 4, source) + b"\x01\x06simcam\0\0\0\0"
    return struct.pack("!BBH", 0x24, 1, len(report) + len(name)) + report + name


def goodbye(source: int) -> bytes:
    """RTCP BYE behind its interleaved header on channel 1."""
    return struct.pack("!BBHBBHI", 0x24, 1, 8, 0x81, 203, 1, source)
