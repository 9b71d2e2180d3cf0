"""RTP as a camera would write it: NAL units into payloads, payloads into packets, packets into interleaved frames."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from footage.rtsp.events import Codec


def rtp(
    payload: bytes,
    *,
    sequence: int,
    timestamp: int,
    marker: bool = False,
    padding: int = 0,
    sources: int = 0,
    extension: bytes | None = None,
) -> bytes:
    """One RTP packet; `extension` has a multiple of four bytes, `padding` counts its own last byte."""
    head = 0x80 | (0x20 if padding else 0) | (0x10 if extension is not None else 0) | sources
    packet = struct.pack("!BBHII", head, marker << 7 | 96, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, 0x0B5E55ED)
    packet += bytes(4 * sources)
    if extension is not None:
        packet += struct.pack("!HH", 0xABAC, len(extension) // 4) + extension
    return packet + payload + (bytes(padding - 1) + bytes([padding]) if padding else b"")


def interleaved(channel: int, packet: bytes) -> bytes:
    return struct.pack("!BBH", 0x24, channel, len(packet)) + packet


def single(nal: bytes) -> list[bytes]:
    return [nal]


def fragments(codec: Codec, nal: bytes, size: int) -> list[bytes]:
    """FU-A or FU payloads with `size` bytes of the unit in each; the unit needs more bytes than its header."""
    header = 1 if codec is Codec.H264 else 2
    pieces = [nal[at : at + size] for at in range(header, len(nal), size)]
    made = []
    for number, piece in enumerate(pieces):
        flags = (0x80 if number == 0 else 0) | (0x40 if number == len(pieces) - 1 else 0)
        if codec is Codec.H264:
            made.append(bytes([nal[0] & 0xE0 | 28, flags | nal[0] & 0x1F]) + piece)
        else:
            made.append(bytes([nal[0] & 0x81 | 49 << 1, nal[1], flags | nal[0] >> 1 & 0x3F]) + piece)
    return made


def aggregate(codec: Codec, nals: Sequence[bytes]) -> list[bytes]:
    """One STAP-A or AP payload of all the units."""
    head = bytes([0x78]) if codec is Codec.H264 else bytes([48 << 1, 1])
    return [head + b"".join(struct.pack("!H", len(nal)) + nal for nal in nals)]


def payloads(codec: Codec, nals: Iterable[bytes], mtu: int = 1400) -> list[bytes]:
    """As most cameras do it: small units alone, large ones in fragments."""
    made: list[bytes] = []
    for nal in nals:
        made += [nal] if len(nal) <= mtu else fragments(codec, nal, mtu)
    return made


def packets(
    codec: Codec,
    pictures: Sequence[Sequence[bytes]],
    *,
    first_sequence: int = 0,
    first_timestamp: int = 0,
    step: int = 3600,
    mtu: int = 1400,
    markers: bool = True,
) -> list[bytes]:
    """The RTP packets of a whole stream, `step` ticks of the 90 kHz clock from picture to picture."""
    made: list[bytes] = []
    for number, nals in enumerate(pictures):
        whole = payloads(codec, nals, mtu)
        for index, payload in enumerate(whole):
            last = markers and index == len(whole) - 1
            made.append(
                rtp(
                    payload, sequence=first_sequence + len(made), timestamp=first_timestamp + number * step, marker=last
                )
            )
    return made


def sender_report(ntp_seconds: float, rtp_timestamp: int, source: int = 1) -> bytes:
    """A sender report and a source description, as one compound packet; seconds since 1900."""
    whole = int(ntp_seconds)
    fraction = int((ntp_seconds - whole) * (1 << 32))
    report = struct.pack("!BBHIIIIII", 0x80, 200, 6, source, whole, fraction, rtp_timestamp & 0xFFFFFFFF, 9, 999)
    return report + struct.pack("!BBHIBB", 0x81, 202, 2, 1, 1, 0) + b"\0\0"
