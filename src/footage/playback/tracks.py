"""A recording's beginning and its fragments' heads with other times, and with all tracks, the pictures or the sound.

To leave the sound out, its boxes are called `free`: every length stays as it is, and players pass over them. To leave
the pictures out, the sound's boxes are taken out and stand alone. The media itself is never touched.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import StrEnum

from footage.segments.boxes import U32, Box, DamagedSegment, box, child, walk
from footage.segments.reader import Fragment
from footage.segments.writer import SOUND_TRACK

_U32_MAX = 0xFFFFFFFF
_U64 = struct.Struct(">Q")
_I32 = struct.Struct(">i")
_PRFT_MEDIA_TIME = 24  # where prft (version 1) keeps its media time
_TKHD_TRACK = 12  # where tkhd (version 0) keeps the track's number, from its body
_TRUN_OFFSET = 8  # where trun keeps where its media begins, from its body
_TRAF_BYTES, _ROW_BYTES = 64, 12  # of a sound track's share of moof: see segments/writer.py


class Tracks(StrEnum):
    ALL = "all"
    PICTURES = "pictures"
    SOUND = "sound"


def beginning(init: bytes, tracks: Tracks) -> bytes:
    """`ftyp` and `moov` for these tracks. Raises DamagedSegment where the sound is wanted alone and there is none."""
    sound = list(_boxes_of_sound(init))
    if tracks is Tracks.ALL or (tracks is Tracks.PICTURES and not sound):
        return init
    if tracks is Tracks.PICTURES:
        return _freed(init, sound)
    if len(sound) != 2:
        raise DamagedSegment("this recording has no sound")
    ftyp, moov = _top(init)
    trak, trex = (init[one.offset : one.end] for one in sound)
    mvhd = child(init, moov, b"mvhd")
    return init[ftyp.offset : ftyp.end] + box(b"moov", init[mvhd.offset : mvhd.end], trak, box(b"mvex", trex))


def rewritten(head: bytes, prft_size: int, sequence: int, decode_90k: int, tracks: Tracks) -> bytes:
    """A fragment's prft and moof with another decode time and number; both tracks are moved by the same count.

    All tracks and the pictures alone have the length they had; of the sound alone, moof and the head of mdat are
    made. Raises DamagedSegment.
    """
    data = bytearray(head)
    moof = next(walk(head, prft_size, len(head)))
    mfhd, *trafs = walk(head, moof.body, moof.end)
    U32.pack_into(data, mfhd.body + 4, sequence & _U32_MAX)
    _U64.pack_into(data, _PRFT_MEDIA_TIME, decode_90k)
    moved = decode_90k - _decode_time(head, trafs[0])
    for traf in trafs:
        at = child(head, traf, b"tfdt").body + 4  # the reader takes version 1 only
        _U64.pack_into(data, at, max(0, _decode_time(head, traf) + moved))
    if tracks is Tracks.SOUND:
        return _sound_alone(bytes(data), mfhd, trafs[1:])
    return _freed(bytes(data), trafs[1:]) if tracks is Tracks.PICTURES else bytes(data)


def sound_head_bytes(fragment: Fragment) -> int:
    """How long the head of a fragment's sound is when it stands alone: moof, and the head of mdat."""
    return 8 + 16 + _TRAF_BYTES + _ROW_BYTES * fragment.sound.samples + 8 if fragment.sound else 0


def _sound_alone(data: bytes, mfhd: Box, trafs: list[Box]) -> bytes:
    if len(trafs) != 1:
        raise DamagedSegment("this fragment has no sound")
    traf = bytearray(data[trafs[0].offset : trafs[0].end])
    trun = child(data, trafs[0], b"trun")
    size = 8 + (mfhd.end - mfhd.offset) + len(traf)
    _I32.pack_into(traf, trun.body + _TRUN_OFFSET - trafs[0].offset, size + 8)
    rows = data[trun.body + 12 : trun.end]
    media = sum(U32.unpack_from(rows, at + 4)[0] for at in range(0, len(rows), _ROW_BYTES))
    return box(b"moof", data[mfhd.offset : mfhd.end], bytes(traf)) + U32.pack(8 + media) + b"mdat"


def _decode_time(data: bytes, traf: Box) -> int:
    time: int = _U64.unpack_from(data, child(data, traf, b"tfdt").body + 4)[0]
    return time


def _freed(data: bytes, boxes: list[Box]) -> bytes:
    """The same bytes with these boxes called `free`."""
    freed = bytearray(data)
    for one in boxes:
        freed[one.offset + 4 : one.offset + 8] = b"free"
    return bytes(freed)


def _top(init: bytes) -> tuple[Box, Box]:
    ftyp, moov = walk(init, 0, len(init))
    return ftyp, moov


def _boxes_of_sound(init: bytes) -> Iterator[Box]:
    """The sound's `trak` and `trex`, where it has them."""
    _, moov = _top(init)
    for trak in walk(init, moov.body, moov.end):
        if trak.kind == b"trak" and _number(init, child(init, trak, b"tkhd").body + _TKHD_TRACK) == SOUND_TRACK:
            yield trak
    mvex = child(init, moov, b"mvex")
    yield from (one for one in walk(init, mvex.body, mvex.end) if _number(init, one.body + 4) == SOUND_TRACK)


def _number(data: bytes, at: int) -> int:
    number: int = U32.unpack_from(data, at)[0]
    return number
