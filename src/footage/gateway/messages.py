"""What a live viewer is sent: an initialisation segment, then one MP4 fragment for each picture.

Every binary message starts with sixteen bytes, big-endian: u8 kind, u8 flags (1 key frame), u16 nought, u32 sequence
number, i64 UTC in 1/90000 s. The MP4 bytes follow. A message is made once and handed to every viewer of the camera.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

HEADER = struct.Struct(">BBHIq")
KEY = 1

_U32 = 0xFFFFFFFF
_SYNC, _NOT_SYNC = 0x02000000, 0x01010000  # sample_depends_on and sample_is_non_sync_sample
_TRUN = 0x000701  # data offset; for each sample: duration, size, flags

#: moof(mfhd, traf(tfhd, tfdt v1, trun of one sample)) and the header of mdat.
_FRAGMENT = struct.Struct(">I4s I4sII I4s I4sII I4sIQ I4sIIIIII I4s")
_MDAT_HEADER = 8
_MOOF = _FRAGMENT.size - _MDAT_HEADER


class Kind(IntEnum):
    INIT = 0
    FRAGMENT = 1


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to a viewer together: texts and binary messages in order."""

    parts: tuple[str | bytes, ...]
    picture: bool = False
    key: bool = False
    size_bytes: int = 0
    state: bool = False


def init_bytes(sequence: int, utc_90k: int, init: bytes) -> bytes:
    return HEADER.pack(Kind.INIT, 0, 0, sequence & _U32, utc_90k) + init


def picture_message(
    sequence: int, utc_90k: int, decode_90k: int, duration_90k: int, picture: bytes, *, key: bool
) -> Message:
    """One picture (length-prefixed NAL units) as a message of one fragment. Track 1, timescale 90000."""
    head = HEADER.pack(Kind.FRAGMENT, KEY if key else 0, 0, sequence & _U32, utc_90k)
    boxes = _fragment(sequence & _U32, decode_90k, duration_90k, len(picture), key=key)
    data = b"".join((head, boxes, picture))
    return Message((data,), picture=True, key=key, size_bytes=len(data))


def _fragment(sequence: int, decode_90k: int, duration_90k: int, size: int, *, key: bool) -> bytes:
    flags = _SYNC if key else _NOT_SYNC
    moof = (_MOOF, b"moof", 16, b"mfhd", 0, sequence, _MOOF - 24, b"traf")
    times = (16, b"tfhd", 0x020000, 1, 20, b"tfdt", 1 << 24, decode_90k)
    run = (32, b"trun", _TRUN, 1, _MOOF + _MDAT_HEADER, duration_90k, size, flags)
    return _FRAGMENT.pack(*moof, *times, *run, _MDAT_HEADER + size, b"mdat")
