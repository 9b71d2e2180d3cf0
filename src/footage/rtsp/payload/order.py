"""Tells whether a picture may be shown before one that was sent before it, and whether it needs what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from footage.rtsp.events import AccessUnit, Codec
from footage.rtsp.payload.recovery import h264_slice_facts

_B_SLICES = frozenset({1, 6})
#: Skipped leading pictures (RASL_N, RASL_R): shown before their CRA or BLA, and built on what came before it.
_SKIPPED = frozenset({8, 9})
#: Leading pictures of either kind (RADL too, which build on none but each other).
_LEADING = _SKIPPED | {6, 7}
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


class Leading:
    """Passes over pictures at the beginning that are shown before the first one and need what was sent before it.

    For a decoder that goes on over a hole they would be built on other pictures, and show what no camera sent.
    """

    def __init__(self, codec: Codec, first: AccessUnit) -> None:
        self._codec, self._first_90k = codec, first.media_90k
        self.over = not first.recovery  # after an IDR there are none

    def passes_over(self, unit: AccessUnit) -> bool:
        """Whether this picture, told from the first on, is one. The first that is shown after that ends the search.

        Source: H.265, 3.134 and 7.4.2.2 (RASL). H.264 has no name for them; there a picture that is shown before the
        recovery point is one (D.2.8).
        """
        if unit.key:
            self.over = self.over or unit.media_90k != self._first_90k
        if self.over or unit.key:
            return False
        kind = _h265_kind(unit) if self._codec is Codec.H265 else -1
        earlier = kind in _LEADING if kind >= 0 else unit.media_90k < self._first_90k
        self.over = not earlier
        return kind in _SKIPPED if kind >= 0 else earlier


def _h265_kind(unit: AccessUnit) -> int:
    """The type of a picture's first slice; -1 where none is found."""
    data, at = b"".join(unit.parts), 0
    for _ in range(_MOST_UNITS):
        if at + 5 > len(data):
            break
        kind = data[at + 4] >> 1 & 0x3F
        if kind < 32:
            return kind
        at += 4 + int.from_bytes(data[at : at + 4], "big")
    return -1


def _slice_starts(unit: AccessUnit) -> Iterator[bytes]:
    """The first bytes of each slice, out of length-prefixed units."""
    data, at = b"".join(unit.parts), 0
    for _ in range(_MOST_UNITS):
        if at + 5 > len(data):
            return
        if data[at + 4] & 0x1F in (1, 5):
            yield data[at + 4 : at + 4 + _START]
        at += 4 + int.from_bytes(data[at : at + 4], "big")
