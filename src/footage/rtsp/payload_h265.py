"""The RTP payload format of H.265 without decoding order numbers: single units, AP, FU. Source: RFC 7798."""

from __future__ import annotations

from footage.rtsp.errors import ProtocolError
from footage.rtsp.events import Codec
from footage.rtsp.track import RtpTrack

_VPS, _SPS, _PPS, _AP, _FU = 32, 33, 34, 48, 49
_START, _END = 0x80, 0x40


class H265Track(RtpTrack):
    """NAL unit types below 32 are slices; 16 to 21 (BLA, IDR, CRA) are places to start from."""

    codec = Codec.H265

    def _take(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        kind = buffer[at] >> 1 & 0x3F
        if kind == _FU:
            # Nine packets of ten are the middle of a unit; they are not one more call away.
            if end - at > 3 and self._fragment >= 0 and not buffer[at + 2] & (_START | _END):
                self._parts.append(bytes(view[at + 3 : end]))
                self._size += end - at - 3
            else:
                self._take_fragment(buffer, view, at, end)
        elif kind < _AP:
            self._take_unit(buffer, view, at, end)
        elif kind == _AP:
            self._take_aggregate(buffer, view, at + 2, end)
        else:
            raise ProtocolError(f"The camera sent an H.265 packet of type {kind}, which is not read.")

    def _take_unit(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        if end - at < 2:
            raise ProtocolError("The camera sent a NAL unit without its header.")
        self._add_unit(buffer, view, at, end)
        kind = buffer[at] >> 1 & 0x3F
        if kind < _VPS:
            self._note_slice(key=16 <= kind <= 21, begins_picture=_begins_picture(buffer, at, end))
        elif kind <= _PPS:
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
        if end - at < 3:
            raise ProtocolError("A fragment of the camera is cut short.")
        flags = buffer[at + 2]
        if flags & _START:
            kind = flags & 0x3F
            # The unit's own two-byte header: the payload header with the type from the fragment header.
            buffer[at + 2] = buffer[at + 1]
            buffer[at + 1] = buffer[at] & 0x81 | kind << 1
            self._open_fragment(kind, view, at + 1, end)
            if kind < _VPS:
                self._note_slice(key=16 <= kind <= 21, begins_picture=_begins_picture(buffer, at + 1, end))
        elif self._fragment >= 0:
            self._parts.append(bytes(view[at + 3 : end]))
            self._size += end - at - 3
        else:
            self._damaged = True
        if flags & _END:
            self._close_fragment()

    def _is_parameter_set(self, kind: int) -> bool:
        return _VPS <= kind <= _PPS

    def _kind(self, nal: bytes) -> int:
        return nal[0] >> 1 & 0x3F

    def _wanted_sets(self) -> tuple[int, int, int]:
        return _VPS, _SPS, _PPS


def _begins_picture(buffer: bytearray, at: int, end: int) -> bool:
    """Whether the slice at `at` is the first of its picture: first_slice_segment_in_pic_flag."""
    return at + 2 < end and buffer[at + 2] >= 0x80
