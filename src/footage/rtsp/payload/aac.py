"""The RTP payload format of AAC in the mode AAC-hbr: whole frames, several in a packet, or one in fragments.

Source: RFC 3640, 3.2 and 3.3.6. Raises nothing: what cannot be read is passed over, for the pictures go on.
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct

from footage.rtsp.events import SoundSink, SoundUnit
from footage.rtsp.rtp.rtcp import SenderReport, sender_reports
from footage.rtsp.rtp.track import payload_bounds
from footage.segments.aac import SoundParameters
from footage.times import HZ, MonotonicNs, Utc90k

#: A packet this little behind the expected one is late or a repetition, and is passed over (RFC 3550, A.1).
_MAX_LATE = 100
_RTP = Struct("!xBHI")
_HALF = 0x8000_0000


class AacTrack:
    """Fed with packets where they lie in the receive buffer; tells a sink of frames. A lost packet is a hole."""

    def __init__(
        self, sink: SoundSink, parameters: SoundParameters, arrived: Callable[[], tuple[Utc90k, MonotonicNs]]
    ) -> None:
        self._sink, self._frame, self._arrived = sink, parameters.frame, arrived
        self._expected = -1  # the next sequence number
        self._timestamp = -1  # of the last packet, 32 bits
        self._media = 0  # the same, unwrapped
        self._parts: list[bytes] = []  # of a frame that arrives in fragments
        self._missing = 0  # bytes of it that are still to come
        self._early_report: SenderReport | None = None

    def packet(self, buffer: bytearray, view: memoryview, start: int, end: int) -> None:
        """Take the RTP packet at buffer[start:end]; `view` is the same memory."""
        if end - start < 12:
            return
        _, sequence, timestamp = _RTP.unpack_from(buffer, start)
        bounds = payload_bounds(buffer, start, end)
        if bounds is None:
            return
        at, end = bounds
        ahead = (sequence - self._expected) & 0xFFFF if self._expected >= 0 else 0
        if ahead >= 0x1_0000 - _MAX_LATE:
            return
        self._expected = (sequence + 1) & 0xFFFF
        if ahead or timestamp != self._timestamp:
            self._missing = 0  # what was arriving in fragments stays unfinished
        self._turn_to(timestamp)
        self._take(view, at, end)

    def control(self, packet: bytes) -> None:
        """Take an RTCP packet."""
        for report in sender_reports(packet, self._arrived()[0] / HZ)[0]:
            if self._timestamp < 0:
                self._early_report = report
            else:
                self._tell_report(report)

    def _turn_to(self, timestamp: int) -> None:
        if self._timestamp >= 0:
            step = (timestamp - self._timestamp) & 0xFFFF_FFFF
            self._media += step if step < _HALF else step - 2 * _HALF
        self._timestamp = timestamp
        if self._early_report is not None:
            self._tell_report(self._early_report)
            self._early_report = None

    def _tell_report(self, report: SenderReport) -> None:
        step = (report.rtp_timestamp - self._timestamp) & 0xFFFF_FFFF
        self._sink.on_sound_report(report.camera, self._media + (step if step < _HALF else step - 2 * _HALF))

    def _take(self, view: memoryview, at: int, end: int) -> None:
        """The frames of one payload: a count of bits, so many 16-bit headers, then the frames themselves."""
        if end - at < 4:
            return
        bits = int.from_bytes(view[at : at + 2], "big")
        data = at + 2 + bits // 8
        if not bits or bits % 16 or data > end:
            return
        heads = [int.from_bytes(view[head : head + 2], "big") for head in range(at + 2, data, 2)]
        if any(head & 7 or not head >> 3 for head in heads):
            return  # interleaved, which nobody asked for, or empty
        sizes = [head >> 3 for head in heads]
        if len(sizes) == 1 and (self._missing or sizes[0] > end - data):
            self._take_fragment(bytes(view[data:end]), sizes[0])
        elif sum(sizes) <= end - data:
            self._missing = 0
            self._take_whole(view, data, sizes)

    def _take_whole(self, view: memoryview, data: int, sizes: list[int]) -> None:
        for number, size in enumerate(sizes):
            self._tell(bytes(view[data : data + size]), self._media + number * self._frame)
            data += size

    def _take_fragment(self, piece: bytes, size: int) -> None:
        """Each piece bears the size of the whole frame, so its end is known without the marker."""
        if not self._missing:
            self._parts, self._missing = [], size
        if len(piece) > self._missing:
            self._missing = 0
            return
        self._parts.append(piece)
        self._missing -= len(piece)
        if not self._missing:
            self._tell(b"".join(self._parts), self._media)

    def _tell(self, data: bytes, media: int) -> None:
        self._sink.on_sound(SoundUnit(data, media, *self._arrived()))
