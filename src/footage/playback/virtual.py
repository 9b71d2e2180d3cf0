"""An MP4 file that is not there: a stretch of recording as one file, its size and any of its bytes known at once.

ftyp and moov as recorded, a `sidx` so that players can seek, then every fragment: prft and moof with their times and
number rewritten (same length), and mdat by reference to the segment that holds it. Nothing is read from mdat until
asked for, and nothing of it is ever changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
from bisect import bisect_right
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from footage.contract import DamagedFootage
from footage.playback.spans import Piece, Stretch
from footage.playback.tracks import Tracks, beginning, rewritten, sound_head_bytes
from footage.segments.boxes import full_box
from footage.segments.reader import Fragment
from footage.segments.writer import SOUND_TRACK, TRACK

_U32_MAX = 0xFFFFFFFF
_MOST_REFERENCES = 0xFFFF
_BLOCK = 256 << 10
_SAP = 0x90000000  # starts with a stream access point of type 1: a key frame


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of the virtual file: given here, or `size` bytes at `offset` of a file, with a head rewritten where
    `sequence` is set."""

    size: int
    data: bytes | None = None
    path: Path | None = None
    offset: int = 0
    prft_size: int = 0
    sequence: int | None = None
    decode_90k: int = 0
    tracks: Tracks = Tracks.ALL
    head_bytes: int = 0  # of a head: how long it is in the file


class VirtualFile:
    """A stretch as a file. Decode times count from `base_90k` (UTC), which is not after the stretch's start.

    `about` are boxes of the file's own, put after moov. Of the sound alone, every piece of the stretch has some.
    """

    def __init__(self, stretch: Stretch, base_90k: int, about: bytes = b"", *, tracks: Tracks = Tracks.ALL) -> None:
        if base_90k > stretch.start_90k:
            raise ValueError("the times of a file cannot be negative")
        self.stretch, self.base_90k, self.tracks = stretch, base_90k, tracks
        self.parts = _parts(stretch, base_90k, about, tracks)
        self._starts = _running_total(self.parts)
        self.size_bytes = self._starts[-1] + self.parts[-1].size

    @cached_property
    def etag(self) -> str:
        """A strong tag: the same for the same bytes. Recorded bytes never change under a name."""
        facts = [(str(one.path), one.offset, one.size, one.decode_90k) for one in self.parts if one.path is not None]
        start = [len(self.parts[0].data or b""), self.tracks]
        digest = hashlib.sha256(json.dumps([start, facts]).encode())
        return f'"{digest.hexdigest()[:32]}"'

    def read(self, start: int, end: int) -> Generator[bytes, None, None]:
        """Bytes `[start, end)` in blocks of at most 256 KiB, with at most one file open.

        Raises DamagedFootage where a segment is shorter than it was, or its heads are not as they were.
        """
        at = bisect_right(self._starts, start) - 1
        with _OneFile() as file:
            while start < end:
                part, skip = self.parts[at], start - self._starts[at]
                length = min(part.size - skip, end - start)
                yield from _read_part(part, skip, length, file)
                start, at = start + length, at + 1


def _parts(stretch: Stretch, base: int, about: bytes, tracks: Tracks) -> list[Part]:
    head = beginning(stretch.file.init, tracks) + about + segment_index(stretch.pieces, base, tracks)
    parts = [Part(len(head), head)]
    for sequence, piece in enumerate(stretch.pieces, start=1):
        one, path = piece.fragment, piece.file.path
        head_bytes = one.prft_size + one.moof_size
        media = _media_bytes(one, tracks)
        size = sound_head_bytes(one) if tracks is Tracks.SOUND else head_bytes
        times = (one.prft_size, sequence, one.wall_90k - base)
        parts.append(Part(size, None, path, one.offset, *times, tracks, head_bytes))
        parts.append(Part(media, None, path, one.end - media))
    return parts


def _media_bytes(one: Fragment, tracks: Tracks) -> int:
    """The end of the fragment that goes out as it is: the whole mdat box, or the sound in it."""
    if tracks is Tracks.SOUND:
        return one.sound.size_bytes if one.sound else 0
    return one.size - one.prft_size - one.moof_size


def _running_total(parts: Sequence[Part]) -> list[int]:
    starts, total = [], 0
    for part in parts:
        starts.append(total)
        total += part.size
    return starts


def _read_part(part: Part, skip: int, length: int, file: _OneFile) -> Iterator[bytes]:
    if part.data is not None:
        yield part.data[skip : skip + length]
    elif part.sequence is not None:
        yield file.head(part)[skip : skip + length]
    else:
        end = skip + length
        for at in range(skip, end, _BLOCK):
            yield file.read(part, part.offset + at, min(_BLOCK, end - at))


class _OneFile:
    """Reads from one file at a time, and closes it when another is wanted."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._descriptor = -1

    def __enter__(self) -> _OneFile:
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def read(self, part: Part, offset: int, size: int) -> bytes:
        assert part.path is not None
        if part.path != self._path:
            self.__exit__()
            self._descriptor = os.open(part.path, os.O_RDONLY | os.O_CLOEXEC)
            self._path = part.path
        data = os.pread(self._descriptor, size, offset)
        if len(data) != size:
            raise DamagedFootage(f"{part.path.name} is shorter than it was.")
        return data

    def head(self, part: Part) -> bytes:
        return head_of(part, self.read(part, part.offset, part.head_bytes))


def head_of(part: Part, head: bytes) -> bytes:
    """A fragment's head as it goes out, from the bytes that are in the file. Raises DamagedFootage."""
    assert part.sequence is not None
    made = rewritten(head, part.prft_size, part.sequence, part.decode_90k, part.tracks)
    if len(made) != part.size:
        raise DamagedFootage("A fragment's head is not as it was.")
    return made


def segment_index(pieces: Sequence[Piece], base_90k: int, tracks: Tracks = Tracks.ALL) -> bytes:
    """A `sidx` (ISO/IEC 14496-12, 8.16.3) of every fragment; nothing where its fields cannot hold the stretch.

    A fragment's duration here reaches to the next one, so that times after a gap are right for players that add up.
    """
    fragments = [piece.fragment for piece in pieces]
    rows = [_reference(one, until, tracks) for one, until in zip(fragments, _untils(fragments), strict=True)]
    if len(rows) > _MOST_REFERENCES or None in rows:
        return b""
    track = SOUND_TRACK if tracks is Tracks.SOUND else TRACK
    head = struct.pack(">IIQQHH", track, 90_000, fragments[0].wall_90k - base_90k, 0, 0, len(rows))
    return full_box(b"sidx", 1, 0, head, *(row for row in rows if row is not None))


def _untils(fragments: Sequence[Fragment]) -> list[int]:
    return [*(one.wall_90k for one in fragments[1:]), fragments[-1].end_wall_90k]


def _reference(one: Fragment, until_90k: int, tracks: Tracks) -> bytes | None:
    duration = max(until_90k - one.wall_90k, 0)
    alone = tracks is Tracks.SOUND
    size = sound_head_bytes(one) + _media_bytes(one, tracks) if alone else one.size
    if duration > _U32_MAX or size >= 1 << 31:
        return None
    return struct.pack(">III", size, duration, _SAP if one.key or alone else 0)
