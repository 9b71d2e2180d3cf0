"""The beginning of a file that leaves the room: `ftyp` and `moov` as recorded, and in them how long it is and of when.

Players and tools for files read the length and the time from here (`mvhd`, `mehd`, `tkhd`, `mdhd`); a recording that
is still being written cannot say either. Where pictures are shown in another order than they are sent in, an edit list
takes away the wait before the first one: it hides no picture.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from footage.playback.spans import Stretch
from footage.segments.boxes import U32, Box, box, child, full_box, walk
from footage.segments.reader import Fragment, SoundPart
from footage.segments.writer import SOUND_TRACK, TRACK
from footage.times import utc_ms

_U32_MAX = 0xFFFFFFFF
_FROM_1904 = 2_082_844_800  # ISO/IEC 14496-12 counts seconds from 1904
_TKHD_TRACK = 12  # where tkhd (version 0) keeps the track's number, from its body


def seconds_1904(utc_90k: int) -> int:
    """A moment as the heads of MP4 files have it: whole seconds, of the millisecond that is written everywhere."""
    return utc_ms(utc_90k) // 1000 + _FROM_1904


def clip_head(stretch: Stretch, base_90k: int, delay_90k: int, made_90k: int) -> bytes:
    """`ftyp` and `moov` of a stretch as a file of its own, whose clock starts at `base_90k` (UTC).

    Made when the first picture was taken; changed at `made_90k`, when it was cut. Raises DamagedSegment.
    """
    init = stretch.file.init
    ftyp, moov = walk(init, 0, len(init))
    spans = track_spans(stretch)
    times = (seconds_1904(stretch.start_90k), seconds_1904(made_90k))
    whole = max(end for _, end in spans.values()) - base_90k
    parts: list[bytes] = []
    for part in walk(init, moov.body, moov.end):
        if part.kind == b"mvhd":
            parts.append(_timed(init, part, times, whole))
        elif part.kind == b"trak":
            parts.append(_trak(init, part, times, spans, base_90k, delay_90k))
        else:  # mvex
            parts.append(box(b"mvex", _extent(whole), init[part.body : part.end]))
    return init[ftyp.offset : ftyp.end] + box(b"moov", *parts)


def track_spans(stretch: Stretch) -> dict[int, tuple[int, int]]:
    """When each track's first sample begins and its last one ends, by the track's number, in counts of UTC."""
    spans = {TRACK: (stretch.start_90k, max(piece.fragment.end_wall_90k for piece in stretch.pieces))}
    heard = [_heard(piece.fragment, piece.fragment.sound) for piece in stretch.pieces if piece.fragment.sound]
    if heard:
        spans[SOUND_TRACK] = (heard[0][0], max(end for _, end in heard))
    return spans


def _heard(fragment: Fragment, sound: SoundPart) -> tuple[int, int]:
    start = fragment.wall_90k + sound.start_media_90k - fragment.start_media_90k
    return start, start + sound.duration_90k


def _trak(
    init: bytes, trak: Box, times: tuple[int, int], spans: dict[int, tuple[int, int]], base: int, delay: int
) -> bytes:
    head = child(init, trak, b"tkhd")
    (number,) = U32.unpack_from(init, head.body + _TKHD_TRACK)
    start, end = spans.get(number, (base, base))
    parts = [_timed(init, head, times, end - base, kept=8)]
    if delay:
        parts.append(box(b"edts", _edit_list(end - base, delay)))
    parts += [_media(init, part, times, end - start) for part in _but(init, trak, b"tkhd")]
    return box(b"trak", *parts)


def _media(init: bytes, mdia: Box, times: tuple[int, int], length: int) -> bytes:
    head = child(init, mdia, b"mdhd")
    rest = (init[part.offset : part.end] for part in _but(init, mdia, b"mdhd"))
    return box(b"mdia", _timed(init, head, times, length), *rest)


def _but(init: bytes, parent: Box, kind: bytes) -> Iterator[Box]:
    return (part for part in walk(init, parent.body, parent.end) if part.kind != kind)


def _timed(init: bytes, head: Box, times: tuple[int, int], length: int, *, kept: int = 4) -> bytes:
    """An mvhd, tkhd or mdhd of version 0 with its times and length; of version 1 where 32 bits cannot hold these.

    `kept` bytes between the two stay: the clock's rate, of a tkhd the track's number and four zeros.
    """
    at = head.body + 4 + 8  # behind version, flags and the two times
    long = max(*times, length) > _U32_MAX
    made = struct.pack(">QQ" if long else ">II", *times) + init[at : at + kept]
    lasts = struct.pack(">Q" if long else ">I", length)
    return full_box(head.kind, int(long), init[head.body + 3], made, lasts, init[at + kept + 4 : head.end])


def _extent(length: int) -> bytes:
    """How long the file is with all its fragments (ISO/IEC 14496-12, 8.8.2)."""
    long = length > _U32_MAX
    return full_box(b"mehd", int(long), 0, struct.pack(">Q" if long else ">I", length))


def _edit_list(length: int, delay: int) -> bytes:
    """Begin with what is shown at `delay` on the track's own clock: nothing is shown before."""
    long = length > _U32_MAX
    return full_box(b"elst", int(long), 0, struct.pack(">IQqI" if long else ">IIiI", 1, length, delay, 0x10000))
