"""The RTP payload format of H.265 without decoding order numbers: single units, AP, FU. Source: RFC 7798.

PACI packets and types that nobody has given a meaning are passed over.
"""

from __future__ import annotations

from struct import Struct

from footage.rtsp.events import Codec, Oddity
from footage.rtsp.payload.recovery import h265_picture_set, may_have_recovery_point, recovery_frames
from footage.rtsp.payload.start_codes import LONG_START_CODE, START_CODE
from footage.rtsp.rtp.track import RtpTrack

_VPS, _PPS, _AUD, _PREFIX_SEI, _AP, _FU = 32, 34, 35, 39, 48, 49
_LAST_KIND = 40  # of those that the standard gives a meaning
_NAMELESS = 63  # a type that nobody has given a meaning
_START, _END = 0x80, 0x40
_FIRST_KEY, _LAST_KEY = 16, 21
#: Skipped leading pictures (RASL): shown before their CRA or BLA, and built on what came before it.
_SKIPPED = frozenset({8, 9})
#: Key pictures that are no IDR: BLA and CRA, which leading pictures may follow.
_OPEN = frozenset({16, 17, 18, 21})
#: What ends a picture or fills it up: end of sequence, end of bitstream, filler data, suffix SEI.
_TRAILING = frozenset({36, 37, 38, 40})


class H265Track(RtpTrack):
    """NAL unit types below 32 are slices; 16 to 21 (BLA, IDR, CRA) are places to begin."""

    __slots__ = ()

    codec = Codec.H265
    unknown = frozenset(head for head in range(256) if head == 0 or head >> 1 & 0x3F > _FU)
    head_and_lead, lead_bytes = Struct("!HHII3s"), 3
    read_kinds = frozenset({_VPS, 33, _PPS, _PREFIX_SEI})
    hiding_kinds = frozenset({_VPS, 33, _PPS, _AUD})
    starting_kinds = hiding_kinds | frozenset(range(_FIRST_KEY, _LAST_KEY + 1))
    plain_kinds = frozenset(range(_AP)) - read_kinds - hiding_kinds

    def _take(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        kind = buffer[at] >> 1 & 0x3F
        if kind == _FU:
            self._take_fragment(buffer, view, at, end)
        elif kind == _AP:
            self._take_aggregate(buffer, view, at + 2, end)
        elif kind > _FU or self._has_no_header(buffer, at, end):
            self._take_unknown(buffer, view, at, end)
        else:
            self._take_unit(buffer, view, at, end)

    def _take_unit(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        kind = buffer[at] >> 1 & 0x3F
        if self._fragment >= 0:
            self._leave_fragment()
        if kind < _VPS:
            if end - at < 3:
                self._odd(Oddity.EMPTY_UNIT)
            elif not self._searching or not self._take_apart(kind, buffer, at, end):
                self._note_coded(kind, buffer, at, end)
                self._add_unit(buffer, view, at, end)
        elif end - at < 2:
            self._odd(Oddity.EMPTY_UNIT)
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
                self._damaged = self._damaged or self._is_slice(buffer[unit] >> 1 & 0x3F)
                return
            if following == unit:
                empty = True
            elif buffer[unit] >> 1 & 0x3F >= _AP or self._has_no_header(buffer, unit, following):
                self._take_unknown(buffer, view, unit, following)
            else:
                self._take_unit(buffer, view, unit, following)
            at = following
        if empty or at < end:
            self._odd(Oddity.EMPTY_UNIT)

    def _take_fragment(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        flags = buffer[at + 2] if end - at > 2 else 0
        if flags & _START:
            self._start_fragments()
        if end - at < 4:
            self._odd(Oddity.EMPTY_UNIT)
        elif self._starting or self._starts_untold():
            self._begin_unit(buffer, view, at, end)
        elif self._fragment >= 0:
            self._parts.append(view[at + 3 : end].tobytes())
            self._size += end - at - 3
        else:
            self._damaged = True
        if flags & _END:
            self._ends += 1
            if self._fragment >= 0:
                self._close_fragment()

    def _begin_unit(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        kind, middle = buffer[at + 2] & 0x3F, bytes((buffer[at], buffer[at + 1], buffer[at + 2] & 0x3F))
        # The unit's own two-byte header: the payload header with the type from the fragment header.
        buffer[at + 2] = buffer[at + 1]
        buffer[at + 1] = buffer[at] & 0x81 | kind << 1
        if not buffer[at + 1] and not buffer[at + 2]:
            kind = _NAMELESS  # perhaps a start code, in fragments
        elif kind < _VPS:
            self._note_coded(kind, buffer, at + 1, end)
        elif self._coded and self._next_from < 0 and kind not in _TRAILING:
            self._next_from = len(self._parts)
        self._open_fragment(kind, middle, view, at + 1, end)

    def _note_coded(self, kind: int, buffer: bytearray, at: int, end: int) -> None:
        key = _FIRST_KEY <= kind <= _LAST_KEY
        # first_slice_segment_in_pic_flag is the first bit behind the header; other layers are of the same picture.
        self._note_slice(buffer, at, end, key, buffer[at + 2] >= 0x80 and buffer[at + 1] < 8)
        if kind in _OPEN:
            self._special = self._open_group = True
        elif self._skips_leading and kind in _SKIPPED:
            self._special = self._leading = True

    def _note_unit(self, kind: int, nal: bytes) -> None:
        if kind != _PREFIX_SEI:
            self._take_set(kind, nal)
        elif not self._coded and may_have_recovery_point(nal, 2):
            frames = recovery_frames(Codec.H265, nal)
            if frames >= 0:
                self._special, self._recovery = True, frames

    def _has_no_header(self, buffer: bytearray, at: int, end: int) -> bool:
        """Two zero bytes are no header of a unit (nuh_temporal_id_plus1 is never 0); start codes begin so."""
        return end - at > 1 and not buffer[at] and not buffer[at + 1]

    def _is_known(self, kind: int) -> bool:
        return kind < _AP

    def _is_slice(self, kind: int) -> bool:
        return 0 <= kind < _VPS

    def _parts_at_start_codes(self, kind: int) -> bool:
        return kind <= _AUD or kind == _NAMELESS

    def _is_header(self, unit: bytes) -> bool:
        """Of the base layer, for none of the others is known to come joined."""
        return len(unit) > 1 and not unit[0] & 0x81 and unit[0] >> 1 <= _LAST_KIND and 0 < unit[1] < 8

    def _first_kind(self, payload: bytes) -> int:
        if payload.startswith((START_CODE, LONG_START_CODE)):
            payload = payload.lstrip(b"\x00")[1:]
        if len(payload) < 3 or payload[0] & 0x81:
            return -1
        kind = payload[0] >> 1
        if kind == _FU:
            kind = payload[2] & 0x3F
        elif kind == _AP and len(payload) > 4:
            kind = payload[4] >> 1 & 0x3F
        return kind if kind <= _LAST_KIND and 0 < payload[1] < 8 else -1

    def _opens_picture(self, payload: bytes) -> bool:
        if not payload:
            return False
        in_the_middle = payload[0] >> 1 & 0x3F == _FU and not payload[2:3] >= b"\x80"
        return self._first_kind(payload) in (_VPS, _AUD) and not in_the_middle

    def _continues_picture(self, start: bytes) -> bool:
        if len(start) < 4:
            return False
        kind, slice_begins = start[0] >> 1 & 0x3F, start[2]
        if kind == _FU:
            if not start[2] & _START:
                return False
            kind, slice_begins = start[2] & 0x3F, start[3]
        return kind < _VPS and slice_begins < 0x80

    def _is_intra(self, start: bytes) -> bool:
        """A slice's type stands behind fields that only its parameter set tells, so a recovery point is believed."""
        return self._recovery >= 0

    def _picture_set(self, start: bytes) -> int:
        return h265_picture_set(start)
