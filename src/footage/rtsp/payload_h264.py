"""The RTP payload format of H.264 in non-interleaved mode: single units, STAP-A, FU-A. Source: RFC 6184."""

from __future__ import annotations

from footage.rtsp.errors import ProtocolError
from footage.rtsp.events import Codec
from footage.rtsp.track import RtpTrack

_IDR, _SPS, _PPS, _STAP_A, _FU_A = 5, 7, 8, 24, 28
_START, _END = 0x80, 0x40


class H264Track(RtpTrack):
    """NAL unit types 1 to 5 are slices; of these only an IDR (5) is a place to start from."""

    codec = Codec.H264

    def _take(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        kind = buffer[at] & 0x1F
        if kind == _FU_A:
            # Nine packets of ten are the middle of a unit; they are not one more call away.
            if end - at > 2 and self._fragment >= 0 and not buffer[at + 1] & (_START | _END):
                self._parts.append(bytes(view[at + 2 : end]))
                self._size += end - at - 2
            else:
                self._take_fragment(buffer, view, at, end)
        elif 0 < kind < _STAP_A:
            self._take_unit(buffer, view, at, end)
        elif kind == _STAP_A:
            self._take_aggregate(buffer, view, at + 1, end)
        else:
            raise ProtocolError(f"The camera sent an H.264 packet of type {kind}, which it may not.")

    def _take_unit(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        self._add_unit(buffer, view, at, end)
        kind = buffer[at] & 0x1F
        if kind <= _IDR:
            self._note_slice(key=kind == _IDR, begins_picture=_begins_picture(buffer, at, end))
        elif kind in (_SPS, _PPS):
            self._take_set(kind, bytes(view[at:end]))

    def _take_aggregate(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        """Units behind 16-bit lengths. The four bytes before each, which are written over, were read before."""
        while at < end:
            unit = at + 2
            following = unit + int.from_bytes(buffer[at:unit], "big")
            if following > end:
                raise ProtocolError("An aggregation packet of the camera is cut short.")
            self._take_unit(buffer, view, unit, following)
            at = following

    def _take_fragment(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        if end - at < 2:
            raise ProtocolError("A fragment of the camera is cut short.")
        flags = buffer[at + 1]
        if flags & _START:
            kind = flags & 0x1F
            # The unit's own header: its importance from the indicator, its type from the fragment header.
            buffer[at + 1] = buffer[at] & 0xE0 | kind
            self._open_fragment(kind, view, at + 1, end)
            if kind <= _IDR:
                self._note_slice(key=kind == _IDR, begins_picture=_begins_picture(buffer, at + 1, end))
        elif self._fragment >= 0:
            self._parts.append(bytes(view[at + 2 : end]))
            self._size += end - at - 2
        else:
            self._damaged = True
        if flags & _END:
            self._close_fragment()

    def _is_parameter_set(self, kind: int) -> bool:
        return kind in (_SPS, _PPS)

    def _kind(self, nal: bytes) -> int:
        return nal[0] & 0x1F

    def _wanted_sets(self) -> tuple[int, int, int]:
        return -1, _SPS, _PPS


def _begins_picture(buffer: bytearray, at: int, end: int) -> bool:
    """Whether the slice at `at` starts at macroblock 0: first_mb_in_slice, an Exp-Golomb number, is a single 1 bit."""
    return at + 1 < end and buffer[at + 1] >= 0x80
