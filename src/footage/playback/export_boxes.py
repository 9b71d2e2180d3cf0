"""What the ONVIF Export File Format (26.06, sections 5.2 and 5.3) asks a file to say of itself: a `meta` box with
`suep` (who exported what, when) and `cstb` (the UTC time at which the media's clock starts).

The engine knows no people, so the operator is left empty, and no address of ours or of the camera leaves the room.
"""

from __future__ import annotations

import struct

from footage.playback.clip_head import seconds_1904
from footage.segments.boxes import box, full_box
from footage.segments.writer import TRACK

UNIT_NAME = "Overt"

_FROM_1601 = 11_644_473_600  # cstb counts 100 ns from 1601


def export_boxes(camera_name: str, start_90k: int, exported_90k: int) -> bytes:
    """The file-level `meta` box. `start_90k` is the UTC time of media time nought."""
    hdlr = full_box(b"hdlr", 0, 0, bytes(4) + b"null" + bytes(12) + b"\0")
    return full_box(b"meta", 0, 0, hdlr, _suep(camera_name, exported_90k), _cstb(start_90k))


def _suep(camera_name: str, exported_90k: int) -> bytes:
    unit = _text(UNIT_NAME) + _text("") + _text("")  # name, URL, MAC
    when = struct.pack(">Q", seconds_1904(exported_90k))
    source = struct.pack(">IH", 1, TRACK) + _text(camera_name) + _text("") + _text("") + _text("")  # URL, MAC, line
    return full_box(b"suep", 1, 0, unit, when, _text(""), source)


def _cstb(start_90k: int) -> bytes:
    return box(b"cstb", struct.pack(">IIQ", 1, TRACK, start_90k * 1000 // 9 + _FROM_1601 * 10_000_000))


def _text(words: str) -> bytes:
    return words.replace("\0", " ").encode() + b"\0"
