"""Where each group of pictures lies in an exhibit's MP4 and when it was recorded, read from the file's own boxes.

The index goes into exhibit.json and README.html, so that damage to a byte can be told as a time, and a frame's true
time be shown, without parsing (possibly damaged) boxes again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from struct import unpack_from

HZ = 90_000
_NTP_EPOCH = 2_208_988_800  # seconds from 1900 to 1970
_MOST_HEAD = 8 * 1024 * 1024


class UnreadableClip(Exception):
    """The file is not a fragmented MP4 with one video track in 90 kHz, as the recorder cuts them."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """One group of pictures: its bytes, its wall time, and each frame's duration. Times count 1/90000 s."""

    offset: int
    size_bytes: int
    utc_90k: int
    media_90k: int
    durations: tuple[int, ...]

    @property
    def duration_90k(self) -> int:
        return sum(self.durations)


def read_index(path: Path, start_90k: int) -> tuple[Fragment, ...]:
    """The fragments of a clip in order. `start_90k` dates those without a `prft` box. Raises UnreadableClip."""
    found: list[Fragment] = []
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        begin, wall, head = 0, None, None
        for kind, offset, length in _boxes(file.fileno(), size):
            if kind == b"prft":
                begin, wall = offset, _wall(os.pread(file.fileno(), min(length, 64), offset))
            elif kind == b"moof":
                begin = offset if wall is None else begin
                head = os.pread(file.fileno(), length, offset) if length <= _MOST_HEAD else b""
            elif kind == b"mdat" and head is not None:
                media, durations = _pictures(head)
                utc = wall if wall is not None else start_90k + media - (found[0].media_90k if found else media)
                found.append(Fragment(begin, offset + length - begin, utc, media, durations))
                wall, head = None, None
    if not found:
        raise UnreadableClip(f"{path.name} holds no fragment")
    return tuple(found)


def _boxes(descriptor: int, size: int) -> Iterator[tuple[bytes, int, int]]:
    """(kind, offset, length) of each top-level box; stops with UnreadableClip where one does not fit."""
    offset = 0
    while offset < size:
        head = os.pread(descriptor, 16, offset)
        if len(head) < 8:
            raise UnreadableClip(f"half a box at byte {offset}")
        length, kind = unpack_from(">I4s", head)
        if length == 1 and len(head) == 16:
            (length,) = unpack_from(">Q", head, 8)
        if length < 8 or offset + length > size:
            raise UnreadableClip(f"a box of {length} bytes at byte {offset}")
        yield kind, offset, length
        offset += length


def _wall(prft: bytes) -> int:
    """A `prft` box's NTP time as UTC in 90 kHz, to the nearest."""
    if len(prft) < 24:
        raise UnreadableClip("half a prft box")
    seconds, fraction = unpack_from(">II", prft, 16)
    return int((seconds - _NTP_EPOCH) * HZ + (fraction * HZ + (1 << 31) >> 32))


def _pictures(moof: bytes) -> tuple[int, tuple[int, ...]]:
    """(decode time, duration of each sample) of a fragment's only track."""
    traf = _child(moof, 8, len(moof), b"traf")
    if traf is None:
        raise UnreadableClip("a fragment without a track")
    media, default, durations = 0, 0, []
    at = traf[0]
    while at + 8 <= traf[1]:
        length, kind = unpack_from(">I4s", moof, at)
        if length < 8 or at + length > traf[1]:
            raise UnreadableClip("a box that does not fit into its fragment")
        if kind == b"tfdt":
            media = unpack_from(">Q" if moof[at + 8] == 1 else ">I", moof, at + 12)[0]
        elif kind == b"tfhd":
            default = _default_duration(moof, at)
        elif kind == b"trun":
            durations += _durations(moof, at, length, default)
        at += length
    return media, tuple(durations)


def _default_duration(moof: bytes, at: int) -> int:
    flags, place = unpack_from(">I", moof, at + 8)[0] & 0xFFFFFF, at + 16
    place += (8 if flags & 1 else 0) + (4 if flags & 2 else 0)
    return int(unpack_from(">I", moof, place)[0]) if flags & 8 else 0


def _durations(moof: bytes, at: int, length: int, default: int) -> list[int]:
    flags, count = unpack_from(">II", moof, at + 8)
    place = at + 16 + (4 if flags & 1 else 0) + (4 if flags & 4 else 0)
    width = 4 * sum(1 for bit in (0x100, 0x200, 0x400, 0x800) if flags & bit)
    if place + count * width > at + length:
        raise UnreadableClip("a table of pictures that does not fit into its box")
    if not flags & 0x100:
        return [default] * count
    return [unpack_from(">I", moof, place + n * width)[0] for n in range(count)]


def _child(data: bytes, start: int, end: int, wanted: bytes) -> tuple[int, int] | None:
    at = start
    while at + 8 <= end:
        length, kind = unpack_from(">I4s", data, at)
        if length < 8 or at + length > end:
            return None
        if kind == wanted:
            return at + 8, at + length
        at += length
    return None
