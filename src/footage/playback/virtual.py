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
from itertools import pairwise
from pathlib import Path

from footage.contract import DamagedFootage
from footage.playback.spans import Piece, Stretch
from footage.playback.tracks import Tracks, beginning, growth_bytes, rewritten, sound_head_bytes
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
    delay_90k: int = 0

    @property
    def source_bytes(self) -> int:
        """How many bytes of the file it takes the place of: a head may be made longer than it was."""
        return self.size if self.sequence is None else self.head_bytes


class VirtualFile:
    """A stretch as a file. Decode times count from `base_90k` (UTC), which is not after the stretch's start.

    `head` stands before the index in the place of `ftyp` and `moov` as recorded. `delay_90k` (all tracks alone) shows
    everything so much later, so that no picture is shown before it is decoded. Of the sound alone, every piece of the
    stretch has some.
    """

    def __init__(
        self,
        stretch: Stretch,
        base_90k: int,
        head: bytes | None = None,
        *,
        tracks: Tracks = Tracks.ALL,
        delay_90k: int = 0,
    ) -> None:
        if base_90k > stretch.start_90k:
            raise ValueError("the times of a file cannot be negative")
        self.stretch, self.base_90k, self.tracks, self.delay_90k = stretch, base_90k, tracks, delay_90k
        begins = beginning(stretch.file.init, tracks) if head is None else head
        self.parts = _parts(stretch, base_90k, begins, tracks, delay_90k)
        self._starts = _running_total(self.parts)
        self.size_bytes = self._starts[-1] + self.parts[-1].size

    @cached_property
    def etag(self) -> str:
        """A strong tag: the same for the same bytes. Recorded bytes never change under a name."""
        facts = [(str(one.path), one.offset, one.size, one.decode_90k) for one in self.parts if one.path is not None]
        start = [hashlib.sha256(self.parts[0].data or b"").hexdigest(), self.tracks]
        digest = hashlib.sha256(json.dumps([start, facts]).encode())
        return f'"{digest.hexdigest()[:32]}"'

    def span_of(self, start: int, end: int) -> tuple[int, int]:
        """From when to when (UTC counts) the fragments are that hold bytes `[start, end)`; the head is the first's."""
        first, last = self._fragment_at(start), self._fragment_at(max(start, end - 1))
        return first.wall_90k, last.end_wall_90k

    def _fragment_at(self, at: int) -> Fragment:
        part = bisect_right(self._starts, at) - 1  # the head, and then two parts to a fragment
        return self.stretch.pieces[min(max(0, part - 1) // 2, len(self.stretch.pieces) - 1)].fragment

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


def _parts(stretch: Stretch, base: int, begins: bytes, tracks: Tracks, delay: int) -> list[Part]:
    head = begins + segment_index(stretch.pieces, base, tracks, delay)
    parts = [Part(len(head), head)]
    for sequence, piece in enumerate(stretch.pieces, start=1):
        one, path = piece.fragment, piece.file.path
        head_bytes = one.prft_size + one.moof_size
        media = _media_bytes(one, tracks)
        size = sound_head_bytes(one) if tracks is Tracks.SOUND else head_bytes + growth_bytes(one, delay)
        times = (one.prft_size, sequence, one.wall_90k - base)
        parts.append(Part(size, None, path, one.offset, *times, tracks, head_bytes, delay))
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
    made = rewritten(head, part.prft_size, part.sequence, part.decode_90k, part.tracks, part.delay_90k)
    if len(made) != part.size:
        raise DamagedFootage("A fragment's head is not as it was.")
    return made


def segment_index(pieces: Sequence[Piece], base_90k: int, tracks: Tracks = Tracks.ALL, delay_90k: int = 0) -> bytes:
    """A `sidx` (ISO/IEC 14496-12, 8.16.3) of every fragment; nothing where its fields cannot hold the stretch.

    A reference begins at a `moof`, where players look for one, and so ends with the next `prft`. Its duration reaches
    to the next one, so that times after a gap are right for players that add up. Each fragment has its own, for
    libavformat passes over what has none after a seek. Times are those of showing, where an edit list has taken a
    delay away.
    """
    fragments = [piece.fragment for piece in pieces]
    walls = [*(one.wall_90k for one in fragments), fragments[-1].end_wall_90k]
    sizes = _reference_sizes(fragments, tracks, delay_90k)
    lasting = [max(after - at, 0) for at, after in pairwise(walls)]
    if len(fragments) > _MOST_REFERENCES or max(lasting) > _U32_MAX or max(sizes) >= 1 << 31:
        return b""
    alone = tracks is Tracks.SOUND
    saps = [_SAP if one.key or alone else 0 for one in fragments]
    track, first = (SOUND_TRACK, 0) if alone else (TRACK, fragments[0].prft_size)
    head = struct.pack(">IIQQHH", track, 90_000, walls[0] - base_90k, first, 0, len(fragments))
    return full_box(b"sidx", 1, 0, head, *(struct.pack(">III", *row) for row in zip(sizes, lasting, saps, strict=True)))


def _reference_sizes(fragments: Sequence[Fragment], tracks: Tracks, delay_90k: int) -> list[int]:
    """From each fragment's moof to the next one's, and from the last one's to the end."""
    if tracks is Tracks.SOUND:
        return [sound_head_bytes(one) + _media_bytes(one, tracks) for one in fragments]
    sizes = [one.size - one.prft_size + growth_bytes(one, delay_90k) for one in fragments]
    following = [*(one.prft_size for one in fragments[1:]), 0]
    return [size + prft for size, prft in zip(sizes, following, strict=True)]
