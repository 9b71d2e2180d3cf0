"""Finds the next frame or message where a camera's bytes are neither: some pad their frames, or cut one short.

What begins a frame is four bytes that any noise may hold, so the packet behind it has to look like one as well: of a
known channel, RTP or RTCP version 2, and of the source whose pictures are followed. Bounded: see MAX_ASTRAY_BYTES.
"""

from __future__ import annotations

from footage.rtsp.errors import ProtocolError

#: Bytes in a row that belong to nothing, after which a camera is not listened to any more.
MAX_ASTRAY_BYTES = 64 * 1024
_ANSWER = b"RTSP/1."
#: A frame's head and the part of an RTP header that is looked at; RTCP needs less.
_LOOK = 16


class Astray:
    """`searching` is True while it is not known where the next frame or message begins."""

    def __init__(self) -> None:
        self.searching = False
        self._passed = 0
        self._rtp = self._rtcp = -1

    def listen(self, rtp: int, rtcp: int) -> None:
        self._rtp, self._rtcp = rtp, rtcp

    def search(self, buffer: bytearray, at: int, written: int, source: int) -> int:
        """The place from `at` on where a frame or an answer begins, or may begin once more of it has come.

        Raises ProtocolError after too many bytes of nothing.
        """
        found, sure = self._next(buffer, at, written, source)
        self._passed = self._passed + found - at
        self.searching = not sure
        if self._passed > MAX_ASTRAY_BYTES:
            raise ProtocolError(f"The camera sent {MAX_ASTRAY_BYTES} bytes that are neither RTSP nor packets.")
        if sure:
            self._passed = 0
        return found

    def _next(self, buffer: bytearray, at: int, written: int, source: int) -> tuple[int, bool]:
        answer = buffer.find(_ANSWER, at, written)
        limit = answer if answer >= 0 else written
        dollar = buffer.find(b"$", at, limit)
        while dollar >= 0:
            if written - dollar < _LOOK:
                return dollar, False
            if self._is_frame(buffer, dollar, source):
                return dollar, True
            dollar = buffer.find(b"$", dollar + 1, limit)
        if answer >= 0:
            return answer, True
        # An answer may have begun with the last bytes.
        return max(at, written - len(_ANSWER) + 1), False

    def frame_inside(self, buffer: bytearray, at: int, end: int, written: int, source: int) -> int:
        """Where within buffer[at:end], which is said to be one frame, another begins that is surely one; else 0.

        What has come of that one may reach beyond, up to `written`; -1 where it is too little to tell yet.
        """
        if source < 0:
            return 0
        head, place = bytes((0x24, self._rtp)), at
        while (place := buffer.find(head, place + 1, min(end + 1, written))) >= 0:
            if written - place < _LOOK:
                return -1
            if self._is_frame(buffer, place, source):
                return place
        return 0

    def _is_frame(self, buffer: bytearray, at: int, source: int) -> bool:
        channel, length = buffer[at + 1], int.from_bytes(buffer[at + 2 : at + 4], "big")
        if buffer[at + 4] >> 6 != 2:
            return False
        if channel == self._rtcp:
            return 192 <= buffer[at + 5] <= 223 and length >= 4 and not length & 3
        if channel != self._rtp or length < 12:
            return False
        return source < 0 or int.from_bytes(buffer[at + 12 : at + 16], "big") == source
