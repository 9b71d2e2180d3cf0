"""Tells whether a picture may be shown before one that was sent before it, by looking at the picture itself."""

from __future__ import annotations

from collections.abc import Iterator

from footage.rtsp.events import AccessUnit, Codec
from footage.rtsp.payload.recovery import h264_slice_facts

_B_SLICES = frozenset({1, 6})
_START = 24  # bytes of a slice that hold the two fields read here, whatever is escaped
_MOST_UNITS = 64


def may_be_shown_earlier(codec: Codec, unit: AccessUnit) -> bool:
    """Whether it is predicted from both sides (H.264 slice_type B; Source: H.264, 7.3.3 and table 7-6).

    H.265 writes B slices for any picture, so there only the parameter set tells; all its pictures may be.
    """
    if codec is Codec.H265:
        return True
    first = next(_slice_starts(unit), b"")
    return h264_slice_facts(first)[0] in _B_SLICES


def _slice_starts(unit: AccessUnit) -> Iterator[bytes]:
    """The first bytes of each slice, out of length-prefixed units."""
    data, at = b"".join(unit.parts), 0
    for _ in range(_MOST_UNITS):
        if at + 5 > len(data):
            return
        if data[at + 4] & 0x1F in (1, 5):
            yield data[at + 4 : at + 4 + _START]
        at += 4 + int.from_bytes(data[at : at + 4], "big")
