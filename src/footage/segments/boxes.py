"""The bricks of an MP4: boxes made, and boxes walked with every length checked against what is really there."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from footage.contract import DamagedFootage

U32 = struct.Struct(">I")
_HEAD = struct.Struct(">I4s")
_LARGE = struct.Struct(">Q")

#: Seconds from 1900 (NTP) to 1970 (Unix).
_NTP_OFFSET = 2_208_988_800


class DamagedSegment(DamagedFootage):
    """The bytes are no segment of ours, or are one no longer."""

    code = "damaged-segment"


class Box(NamedTuple):
    """Where a box lies: `body` is the offset of its first byte after the header."""

    kind: bytes
    offset: int
    body: int
    end: int


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box of four-letter `kind` around its parts."""
    body = b"".join(parts)
    return _HEAD.pack(8 + len(body), kind) + body


def full_box(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    """A box with a version and 24 bits of flags."""
    return box(kind, bytes([version]) + flags.to_bytes(3, "big"), *parts)


def box_head(data: bytes, offset: int, limit: int) -> Box | None:
    """The box whose header starts at data[offset:], or None when the header is not all there.

    `limit` is where the container ends; a box of length zero is refused, for it would reach to the end of anything.
    Raises DamagedSegment for a length below its own header.
    """
    if offset + 8 > limit or offset + 8 > len(data):
        return None
    size, kind = _HEAD.unpack_from(data, offset)
    body = offset + 8
    if size == 1:
        if body + 8 > limit or body + 8 > len(data):
            return None
        (size,) = _LARGE.unpack_from(data, body)
        body += 8
    if size < body - offset:
        raise DamagedSegment(f"a box at byte {offset} claims {size} bytes")
    return Box(kind, offset, body, offset + size)


def walk(data: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes that fill data[start:end] exactly. Raises DamagedSegment where one leaves its container."""
    while start < end:
        found = box_head(data, start, end)
        if found is None or found.end > end:
            raise DamagedSegment(f"a box at byte {start} reaches past its container")
        yield found
        start = found.end


def child(data: bytes, parent: Box, kind: bytes) -> Box:
    """The first box of a kind directly inside another. Raises DamagedSegment when there is none."""
    for found in walk(data, parent.body, parent.end):
        if found.kind == kind:
            return found
    raise DamagedSegment(f"no {kind.decode('latin-1')} box where one belongs")


def unpack(layout: struct.Struct, data: bytes, offset: int, end: int) -> tuple[int, ...]:
    """`layout` read at an offset that must not pass `end`. Raises DamagedSegment."""
    if offset + layout.size > end or end > len(data):
        raise DamagedSegment(f"a field at byte {offset} reaches past its box")
    return layout.unpack_from(data, offset)


def ntp_time(utc_90k: int) -> int:
    """A UTC count of 1/90000 s as a 64-bit NTP time, exact on the way back through `utc_from_ntp` until 2106."""
    seconds, ticks = divmod(utc_90k, 90_000)
    return ((seconds + _NTP_OFFSET & 0xFFFFFFFF) << 32) + ((ticks << 32) + 89_999) // 90_000


def utc_from_ntp(ntp: int) -> int:
    """The 90 kHz UTC count of a 64-bit NTP time, rounded down. Its seconds wrap in 2036; none is before 1970."""
    seconds = ((ntp >> 32) - _NTP_OFFSET) & 0xFFFFFFFF
    return seconds * 90_000 + ((ntp & 0xFFFFFFFF) * 90_000 >> 32)
