"""Reads segments back by walking their boxes, never past what is there. Decodes nothing."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from footage.segments.boxes import Box, DamagedSegment, box_head, child, unpack, utc_from_ntp, walk
from footage.segments.check import CHECK_BOX_BYTES, read_check
from footage.segments.header import BOX_TYPE, MAX_HEADER_BYTES, SegmentHeader, parse_header
from footage.segments.writer import SOUND_TRACK, TRACK

_MAX_MOOV_BYTES = 1 << 20
_MAX_MOOF_BYTES = 1 << 20
_FIRST_LOOK = 4096  # holds prft and moof of a fragment of up to 300 pictures
_PRFT = struct.Struct(">IIQQ")  # version and flags, track, NTP time, media time
_TFHD = struct.Struct(">II")
_TFDT = struct.Struct(">IQ")
_TRUN = struct.Struct(">IIi")  # version and flags, count, data offset
_PLAIN, _SHIFTED = struct.Struct(">III"), struct.Struct(">IIIi")
_NOT_KEY = 0x00010000
#: What rounding of stamps may make of the first picture's shift: a millisecond.
_LEADS_90K = 90


class SoundPart(NamedTuple):
    """A fragment's sound: when its first frame begins on the file's own clock, and how much there is.

    Its bytes are the last of the fragment's mdat.
    """

    start_media_90k: int
    duration_90k: int
    samples: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """Where a fragment lies and when it is. `prft`, `moof` and `mdat` follow each other from `offset`.

    `samples` and all times are the pictures'. `check` is what stands behind it (see check.py), and no part of it.
    """

    offset: int
    size: int
    prft_size: int
    moof_size: int
    start_media_90k: int  # tfdt: decode time on the file's own clock
    wall_90k: int  # UTC of the first sample
    duration_90k: int
    samples: int
    key: bool  # begins on a key frame
    sound: SoundPart | None = None
    check: bytes = b""  # empty in files of earlier releases
    shifted: bool = False  # its table says of each picture how long after decoding it is shown
    least_shift_90k: int = 0  # the least of these, below nought where pictures are sent in another order than shown
    leads: bool = False  # pictures are shown before its first one, and may need some that were sent before that

    @property
    def lead_90k(self) -> int:
        """How long before the first picture the sound begins; 0 where it does not."""
        return max(0, self.start_media_90k - self.sound.start_media_90k) if self.sound else 0

    @property
    def end(self) -> int:
        return self.offset + self.size

    @property
    def whole_end(self) -> int:
        """Where the next one begins."""
        return self.end + (CHECK_BOX_BYTES if self.check else 0)

    @property
    def mdat_offset(self) -> int:
        return self.offset + self.prft_size + self.moof_size

    @property
    def end_wall_90k(self) -> int:
        return self.wall_90k + self.duration_90k


class SamplePlace(NamedTuple):
    """One picture: where its bytes lie in the file and when it is shown."""

    offset: int
    size_bytes: int
    media_90k: int  # decode time on the file's own clock
    wall_90k: int  # UTC, of decoding; add the shift for the time of showing
    duration_90k: int
    shift_90k: int
    key: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """A file as found: what is whole, where that ends, and what is wrong after it (empty when nothing is)."""

    header: SegmentHeader
    init_size: int  # ftyp and moov
    fragments: tuple[Fragment, ...]
    good_bytes: int
    size_bytes: int
    trouble: str

    @property
    def start_90k(self) -> int:
        return self.header.start_90k

    @property
    def end_90k(self) -> int:
        """UTC of the end of the last picture; the start where there is no whole fragment."""
        return self.fragments[-1].end_wall_90k if self.fragments else self.header.start_90k

    @property
    def frames(self) -> int:
        return sum(fragment.samples for fragment in self.fragments)


def read_header(path: Path) -> SegmentHeader:
    """What the segment says of itself. Raises DamagedSegment or OSError."""
    with path.open("rb") as file:
        return _read_start(file.fileno(), os.fstat(file.fileno()).st_size)[0]


def read_init(path: Path) -> bytes:
    """`ftyp` and `moov`, as recorded. Raises DamagedSegment or OSError."""
    with path.open("rb") as file:
        _, init_size, _ = _read_start(file.fileno(), os.fstat(file.fileno()).st_size)
        return os.pread(file.fileno(), init_size, 0)


def fragments(path: Path) -> list[Fragment]:
    """Every fragment of a finished segment. Raises DamagedSegment where anything is not whole, or OSError."""
    found = scan(path)
    if found.trouble:
        raise DamagedSegment(f"{path.name}: {found.trouble}")
    return list(found.fragments)


def scan(path: Path) -> Scan:
    """What is whole of a segment that may be unfinished or damaged. Raises DamagedSegment without a header."""
    with path.open("rb") as file:
        descriptor = file.fileno()
        size = os.fstat(descriptor).st_size
        header, init_size, offset = _read_start(descriptor, size)
        whole: list[Fragment] = []
        trouble = ""
        try:
            for fragment in _walk_fragments(descriptor, offset, size, checked=header.checked):
                whole.append(fragment)
                offset = fragment.whole_end
        except DamagedSegment as error:
            trouble = str(error)
        return Scan(header, init_size, tuple(whole), offset, size, trouble)


def samples(path: Path, fragment: Fragment) -> list[SamplePlace]:
    """Every picture of a fragment. Raises DamagedSegment or OSError."""
    with path.open("rb") as file:
        moof = os.pread(file.fileno(), fragment.moof_size, fragment.offset + fragment.prft_size)
    top = _box_at(moof, 0)
    offset, media, wall = fragment.mdat_offset + 8, fragment.start_media_90k, fragment.wall_90k
    found = []
    for duration, size, flags, shift in _trun_rows(moof, child(moof, child(moof, top, b"traf"), b"trun")):
        found.append(SamplePlace(offset, size, media, wall, duration, shift, not flags & _NOT_KEY))
        offset, media, wall = offset + size, media + duration, wall + duration
    return found


def _read_start(descriptor: int, size: int) -> tuple[SegmentHeader, int, int]:
    """The header, the length of ftyp and moov, and where the first fragment begins."""
    ftyp = _top_box(descriptor, 0, size, b"ftyp", 1024)
    moov = _top_box(descriptor, ftyp.end, size, b"moov", _MAX_MOOV_BYTES)
    own = _top_box(descriptor, moov.end, size, b"uuid", MAX_HEADER_BYTES)
    body = os.pread(descriptor, own.end - own.body, own.body)
    if body[:16] != BOX_TYPE or len(body) != own.end - own.body:
        raise DamagedSegment("this file does not say which segment it is")
    return parse_header(body[16:]), moov.end, own.end


def _top_box(descriptor: int, offset: int, size: int, kind: bytes, most: int) -> Box:
    found = box_head(os.pread(descriptor, 16, offset), 0, 16)
    if found is None or found.kind != kind or found.end > most or offset + found.end > size:
        raise DamagedSegment(f"no whole {kind.decode()} box at byte {offset}")
    return Box(kind, offset, offset + found.body, offset + found.end)


def _walk_fragments(descriptor: int, offset: int, size: int, *, checked: bool) -> Iterator[Fragment]:
    while offset < size:
        data = os.pread(descriptor, _FIRST_LOOK, offset)
        prft = _expect(data, 0, b"prft", offset)
        moof = _expect(data, prft.end, b"moof", offset)
        if moof.end > _MAX_MOOF_BYTES:
            raise DamagedSegment(f"the fragment at byte {offset} has a head of {moof.end} bytes")
        if moof.end + 8 > len(data):
            data = os.pread(descriptor, moof.end + 8, offset)
        mdat = _expect(data, moof.end, b"mdat", offset)
        if offset + mdat.end > size:
            raise DamagedSegment(f"the fragment at byte {offset} is not all there")
        check = read_check(os.pread(descriptor, CHECK_BOX_BYTES, offset + mdat.end)) if checked else b""
        yield (fragment := _fragment(data, offset, prft, moof, mdat, check))
        offset = fragment.whole_end


def _expect(data: bytes, at: int, kind: bytes, offset: int) -> Box:
    found = box_head(data, at, len(data))
    if found is None or found.kind != kind or found.body - found.offset != 8:
        raise DamagedSegment(f"the fragment at byte {offset} has no whole {kind.decode()} box")
    return found


def _fragment(data: bytes, offset: int, prft: Box, moof: Box, mdat: Box, check: bytes) -> Fragment:
    if moof.end > len(data):
        raise DamagedSegment(f"the fragment at byte {offset} is not all there")
    _, _, ntp, _ = unpack(_PRFT, data, prft.body, prft.end)
    tracks = [found for found in walk(data, moof.body, moof.end) if found.kind == b"traf"]
    if len(tracks) not in (1, 2):
        raise DamagedSegment(f"the fragment at byte {offset} does not have one or two tracks")
    media, rows = _track(data, tracks[0], TRACK)
    sound = _sound(data, tracks[1]) if len(tracks) > 1 else None
    size = sum(row[1] for row in rows) + (sound.size_bytes if sound else 0)
    if size != mdat.end - mdat.body:
        raise DamagedSegment(f"the fragment at byte {offset} does not add up")
    return Fragment(
        offset=offset,
        size=mdat.end,
        prft_size=prft.end,
        moof_size=moof.end - moof.offset,
        start_media_90k=media,
        wall_90k=utc_from_ntp(ntp),
        duration_90k=sum(row[0] for row in rows),
        samples=len(rows),
        key=not rows[0][2] & _NOT_KEY,
        sound=sound,
        check=check,
        shifted=_is_shifted(data, tracks[0]),
        least_shift_90k=min([row[3] for row in rows]),
        leads=rows[0][3] > _LEADS_90K,
    )


def _is_shifted(data: bytes, traf: Box) -> bool:
    return bool(data[child(data, traf, b"trun").body + 2] & 0x08)


def _sound(data: bytes, traf: Box) -> SoundPart:
    media, rows = _track(data, traf, SOUND_TRACK)
    return SoundPart(media, sum(row[0] for row in rows), len(rows), sum(row[1] for row in rows))


def _track(data: bytes, traf: Box, track: int) -> tuple[int, list[tuple[int, int, int, int]]]:
    """The decode time and the rows of one track of a fragment. Raises DamagedSegment where it is another track's."""
    tfhd, tfdt = child(data, traf, b"tfhd"), child(data, traf, b"tfdt")
    _, number = unpack(_TFHD, data, tfhd.body, tfhd.end)
    version, media = unpack(_TFDT, data, tfdt.body, tfdt.end)
    rows = _trun_rows(data, child(data, traf, b"trun"))
    if number != track or version >> 24 != 1 or not rows:
        raise DamagedSegment("a track of a fragment is not as we write it")
    return media, rows


def _trun_rows(data: bytes, trun: Box) -> list[tuple[int, int, int, int]]:
    """(duration, size, flags, shift) of each sample; only the two layouts that the writer makes."""
    kind, count, _ = unpack(_TRUN, data, trun.body, trun.end)
    flags, start = kind & 0xFFFFFF, trun.body + _TRUN.size
    layout = {0x701: _PLAIN, 0xF01: _SHIFTED}.get(flags)
    if layout is None or start + count * layout.size != trun.end or trun.end > len(data):
        raise DamagedSegment("a fragment's table of pictures is not as we write it")
    rows = layout.iter_unpack(data[start : trun.end])
    return [(row[0], row[1], row[2], row[3] if len(row) > 3 else 0) for row in rows]


def _box_at(data: bytes, offset: int) -> Box:
    return next(iter(walk(data, offset, len(data))))
