"""The RTP payload format of H.264 in non-interleaved mode: single units, STAP-A, FU-A. Source: RFC 6184.

What the mode does not have (STAP-B, MTAP, FU-B, types 0, 30 and 31) is passed over.
"""

from __future__ import annotations

from struct import Struct

from footage.rtsp.events import Codec, Oddity
from footage.rtsp.payload.recovery import h264_slice_facts, may_have_recovery_point, recovery_frames
from footage.rtsp.payload.start_codes import LONG_START_CODE, START_CODE
from footage.rtsp.rtp.track import RtpTrack

_IDR, _SEI, _SPS, _PPS, _AUD, _STAP_A, _FU_A = 5, 6, 7, 8, 9, 24, 28
_START, _END = 0x80, 0x40
#: The partitions B and C of a slice begin with its number, and not with where it starts.
_WITHOUT_HEADER = frozenset({3, 4})
_I_SLICES = frozenset({2, 7})
#: How fragments begin that are neither the first nor the last, by indicator and type.
_MIDDLES = tuple(bytes((indicator, kind)) for indicator in range(256) for kind in range(32))
#: What ends a picture or fills it up (end of sequence, end of stream, filler data), and slices beside its own:
#: auxiliary ones and those of other views.
_TRAILING = frozenset({10, 11, 12, 19, 20, 21})
#: What may stand behind a start code: slices, SEI, sets, delimiter and what trails.
_JOINABLE = frozenset({1, *range(5, 13)})


class H264Track(RtpTrack):
    """NAL unit types 1 to 5 are slices; an IDR (5) is a place to begin, and so may be a recovery point."""

    __slots__ = ()

    codec = Codec.H264
    unknown = frozenset(head for head in range(256) if head & 0x1F in (0, 25, 26, 27, 29, 30, 31))
    head_and_lead, lead_bytes = Struct("!HHII2s"), 2
    read_kinds = frozenset({_SEI, _SPS, _PPS})
    hiding_kinds = frozenset({_SPS, _PPS, _AUD})
    starting_kinds = hiding_kinds | {_IDR}
    plain_kinds = frozenset(range(1, _STAP_A)) - read_kinds - hiding_kinds

    def _take(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        kind = buffer[at] & 0x1F
        if kind == _FU_A:
            self._take_fragment(buffer, view, at, end)
        elif 0 < kind < _STAP_A:
            self._take_unit(buffer, view, at, end)
        elif kind == _STAP_A:
            self._take_aggregate(buffer, view, at + 1, end)
        else:
            self._take_unknown(buffer, view, at, end)

    def _take_unit(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        kind = buffer[at] & 0x1F
        if self._fragment >= 0:
            self._leave_fragment()
        if 0 < kind <= _IDR:
            if end - at < 2:
                self._odd(Oddity.EMPTY_UNIT)
            elif not self._searching or not self._take_apart(kind, buffer, at, end):
                self._note_slice(buffer, at, end, kind == _IDR, _begins_picture(kind, buffer, at))
                self._add_unit(buffer, view, at, end)
        elif kind not in self.hiding_kinds or not self._take_apart(kind, buffer, at, end):
            self._take_other(kind, buffer, view, at, end)

    def _take_other(self, kind: int, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        """A unit that is no slice."""
        if self._coded and self._next_from < 0 and kind not in _TRAILING:
            self._next_from = len(self._parts)
        self._add_unit(buffer, view, at, end)
        if kind in self.read_kinds:
            self._note_unit(kind, bytes(view[at:end]))

    def _take_aggregate(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        """Units behind 16-bit lengths. The four bytes before each, which are written over, were read before."""
        empty = False
        while at + 2 < end:
            unit = at + 2
            following = unit + int.from_bytes(buffer[at:unit], "big")
            if following > end:
                self._odd(Oddity.CUT_UNIT)
                self._damaged = self._damaged or self._is_slice(buffer[unit] & 0x1F)
                return
            if following == unit:
                empty = True
            elif self._is_known(buffer[unit] & 0x1F):
                self._take_unit(buffer, view, unit, following)
            else:
                self._take_unknown(buffer, view, unit, following)
            at = following
        if empty or at < end:
            self._odd(Oddity.EMPTY_UNIT)

    def _take_fragment(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        flags = buffer[at + 1] if end - at > 1 else 0
        if flags & _START:
            self._start_fragments()
        if end - at < 3:
            self._odd(Oddity.EMPTY_UNIT)
        elif self._starting or self._starts_untold():
            self._begin_unit(buffer, view, at, end)
        elif self._fragment >= 0:
            self._parts.append(view[at + 2 : end].tobytes())
            self._size += end - at - 2
        else:
            self._damaged = True
        if flags & _END:
            self._ends += 1
            if self._fragment >= 0:
                self._close_fragment()

    def _begin_unit(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        kind, indicator = buffer[at + 1] & 0x1F, buffer[at]
        # The unit's own header: its importance from the indicator, its type from the fragment header.
        buffer[at + 1] = indicator & 0xE0 | kind
        if 0 < kind <= _IDR:
            self._note_slice(buffer, at + 1, end, kind == _IDR, _begins_picture(kind, buffer, at + 1))
        elif self._coded and self._next_from < 0 and kind not in _TRAILING:
            self._next_from = len(self._parts)
        self._open_fragment(kind, _MIDDLES[indicator << 5 | kind], view, at + 1, end)

    def _note_unit(self, kind: int, nal: bytes) -> None:
        if kind != _SEI:
            self._take_set(kind, nal)
        elif not self._coded and may_have_recovery_point(nal, 1):
            frames = recovery_frames(Codec.H264, nal)
            if frames >= 0:
                self._special, self._recovery = True, frames

    def _is_known(self, kind: int) -> bool:
        return 0 < kind < _STAP_A

    def _is_slice(self, kind: int) -> bool:
        return 0 < kind <= _IDR

    def _parts_at_start_codes(self, kind: int) -> bool:
        return kind in (0, 1, 2, _IDR, _SPS, _PPS, _AUD)

    def _is_header(self, unit: bytes) -> bool:
        return len(unit) > 1 and unit[0] < 0x80 and unit[0] & 0x1F in _JOINABLE

    def _first_kind(self, payload: bytes) -> int:
        if payload.startswith((START_CODE, LONG_START_CODE)):
            payload = payload.lstrip(b"\x00")[1:]
        if len(payload) < 2 or payload[0] >= 0x80:
            return -1
        kind = payload[0] & 0x1F
        if kind == _FU_A and not payload[1] & 0x20:  # the bit that is always 0
            kind = payload[1] & 0x1F or _IDR  # 0: a start code's first byte went for its header
        elif kind == _STAP_A and len(payload) > 3:
            kind = payload[3] & 0x1F
        return kind if kind in _JOINABLE else -1

    def _opens_picture(self, payload: bytes) -> bool:
        if not payload:
            return False
        in_the_middle = payload[0] & 0x1F == _FU_A and not payload[1:2] >= b"\x80"
        return self._first_kind(payload) in (_SPS, _AUD) and not in_the_middle

    def _continues_picture(self, start: bytes) -> bool:
        if len(start) < 4:
            return False
        kind, slice_begins = start[0] & 0x1F, start[1]
        if kind == _FU_A:
            if not start[1] & _START:
                return False
            kind, slice_begins = start[1] & 0x1F, start[2]
        return kind in (1, _IDR) and slice_begins < 0x80

    def _is_intra(self, start: bytes) -> bool:
        return h264_slice_facts(start)[0] in _I_SLICES

    def _picture_set(self, start: bytes) -> int:
        return h264_slice_facts(start)[1]


def _begins_picture(kind: int, buffer: bytearray, at: int) -> bool:
    """Whether the slice at `at` starts at macroblock 0: first_mb_in_slice, an Exp-Golomb number, is a single 1 bit."""
    return buffer[at + 1] >= 0x80 and kind not in _WITHOUT_HEADER
