"""A recording's beginning and its fragments' heads with other times, and with all tracks, the pictures or the sound.

To leave the sound out, its boxes are called `free`: every length stays as it is, and players pass over them. To leave
the pictures out, the sound's boxes are taken out and stand alone. The media itself is never touched.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import StrEnum

from footage.segments.boxes import U32, Box, DamagedSegment, box, child, full_box, walk
from footage.segments.reader import Fragment
from footage.segments.writer import SOUND_TRACK

_U32_MAX = 0xFFFFFFFF
_U64 = struct.Struct(">Q")
_I32 = struct.Struct(">i")
_PLAIN, _SHIFTED = struct.Struct(">III"), struct.Struct(">IIIi")
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


def rewritten(head: bytes, prft_size: int, sequence: int, decode_90k: int, tracks: Tracks, delay_90k: int = 0) -> bytes:
    """A fragment's prft and moof with another decode time and number; both tracks are moved by the same count.

    All tracks and the pictures alone have the length they had; of the sound alone, moof and the head of mdat are
    made. With a delay (of all tracks alone), pictures and sound are shown later by it: see `delayed`. Raises
    DamagedSegment.
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
    if delay_90k:
        _U64.pack_into(data, _PRFT_MEDIA_TIME, decode_90k + delay_90k)
        return bytes(data[:prft_size]) + delayed(bytes(data[prft_size:]), delay_90k)
    if tracks is Tracks.SOUND:
        return _sound_alone(bytes(data), mfhd, trafs[1:])
    return _freed(bytes(data), trafs[1:]) if tracks is Tracks.PICTURES else bytes(data)


def sound_head_bytes(fragment: Fragment) -> int:
    """How long the head of a fragment's sound is when it stands alone: moof, and the head of mdat."""
    return 8 + 16 + _TRAF_BYTES + _ROW_BYTES * fragment.sound.samples + 8 if fragment.sound else 0


def growth_bytes(fragment: Fragment, delay_90k: int) -> int:
    """How much longer `delayed` makes a fragment's head."""
    return 4 * fragment.samples if delay_90k and not fragment.shifted else 0


def delayed(moof: bytes, delay_90k: int) -> bytes:
    """A moof whose pictures are shown, and whose sound is heard, later by `delay`; decode times stay.

    So that none is shown before it is decoded: players that count in their own way from a shift below nought play
    the sound early by it. Raises DamagedSegment.
    """
    top = next(walk(moof, 0, len(moof)))
    mfhd, pictures, *sound = walk(moof, top.body, top.end)
    told = child(moof, pictures, b"trun")
    rows = _shifted_rows(moof, told, delay_90k)
    growth = 12 + len(rows) - (told.end - told.body)
    trun = full_box(b"trun", 1, 0xF01, _moved(moof[told.body + 4 : told.body + 12], 4, growth), rows)
    parts = [box(b"traf", moof[pictures.body : told.offset], trun)]
    for traf in sound:
        data, run = bytearray(moof[traf.offset : traf.end]), child(moof, traf, b"trun").body - traf.offset
        time = child(moof, traf, b"tfdt").body + 4 - traf.offset
        _U64.pack_into(data, time, _U64.unpack_from(data, time)[0] + delay_90k)
        parts.append(_moved(bytes(data), run + _TRUN_OFFSET, growth))
    return box(b"moof", moof[mfhd.offset : mfhd.end], *parts)


def _shifted_rows(moof: bytes, trun: Box, delay_90k: int) -> bytes:
    """(duration, size, flags, shift) of each picture, in the one layout that has shifts."""
    rows = moof[trun.body + 12 : trun.end]
    if moof[trun.body + 2] & 0x08:
        return b"".join(_SHIFTED.pack(*row[:3], row[3] + delay_90k) for row in _SHIFTED.iter_unpack(rows))
    return b"".join(_SHIFTED.pack(*row, delay_90k) for row in _PLAIN.iter_unpack(rows))


def _moved(data: bytes, at: int, by: int) -> bytes:
    """The same bytes with the signed number at `at` raised: where a track's media begins, from the head of moof."""
    moved = bytearray(data)
    _I32.pack_into(moved, at, _I32.unpack_from(data, at)[0] + by)
    return bytes(moved)


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
