"""Reads where a stream may be begun with although no IDR comes: recovery points, and slices that need no other picture.

Decodes nothing: a few bits of SEI messages and slice headers. Source: H.264 and H.265, D.2.8 and 7.3.3.
"""

from __future__ import annotations

from footage.rtsp.events import Codec
from footage.segments.bits import BadParameterSet, Bits, unescaped

_RECOVERY_POINT = 6
#: An SEI unit is searched this far; recovery points stand among the first messages.
_MAX_SEI_BYTES = 1024


def may_have_recovery_point(sei: bytes, header: int) -> bool:
    """A quick look: False where the unit holds a single message of another kind, as those of every picture do."""
    if len(sei) < header + 3:
        return False
    kind, size = sei[header], sei[header + 1]
    return kind == _RECOVERY_POINT or kind == 0xFF or size == 0xFF or header + 2 + size + 1 < len(sei)


def recovery_frames(codec: Codec, sei: bytes) -> int:
    """How many pictures after a recovery point may still be unclean; -1 where the SEI unit has none."""
    data = unescaped(sei[:_MAX_SEI_BYTES])
    at = 1 if codec is Codec.H264 else 2
    while at + 2 < len(data):
        kind, at = _extended(data, at)
        size, at = _extended(data, at)
        if kind == _RECOVERY_POINT:
            try:
                bits = Bits(data[at : at + size])
                return bits.ue() if codec is Codec.H264 else max(0, bits.se())
            except BadParameterSet:
                return -1
        at += size
    return -1


def _extended(data: bytes, at: int) -> tuple[int, int]:
    """A payload type or size, which is told in as many bytes as it needs (7.3.2.3.1), and what follows it."""
    value = 0
    while at < len(data) and data[at] == 0xFF:
        value, at = value + 255, at + 1
    return value + (data[at] if at < len(data) else 0), at + 1


def h264_slice_facts(start: bytes) -> tuple[int, int]:
    """Slice type (0 to 9) and the id of its PPS from a slice's first bytes, header included; (-1, -1) if unreadable."""
    try:
        bits = Bits(unescaped(start[1:]))
        bits.ue()  # first_mb_in_slice
        return bits.ue(9), bits.ue(255)
    except BadParameterSet:
        return -1, -1


def h265_picture_set(start: bytes) -> int:
    """The id of the PPS of a key picture's first slice, from its first bytes; -1 if it cannot be read."""
    try:
        bits = Bits(unescaped(start[2:]))
        bits.skip(2)  # first_slice_segment_in_pic_flag, no_output_of_prior_pics_flag
        return bits.ue(63)
    except BadParameterSet:
        return -1
