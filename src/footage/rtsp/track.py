"""Turns the RTP packets of one video track into pictures, without decoding. Source: RFC 3550.

A picture's bytes are copied once, out of the connection's receive buffer. What is the same for H.264 and H.265 is
here: packet headers, lost packets, the media clock, where a picture ends. The two payload formats are in
payload_h264.py and payload_h265.py.
"""

from __future__ import annotations

from struct import Struct
from time import monotonic_ns, time_ns

from footage.rtsp.errors import ProtocolError
from footage.rtsp.events import AccessUnit, Codec, StreamSink, VideoParameters
from footage.rtsp.rtcp import SenderReport, sender_reports
from footage.segments.bits import MAX_PARAMETER_SET_BYTES
from footage.segments.codecs import BadParameterSet, parameters_from
from footage.times import HZ, MonotonicNs, Utc90k

MAX_PICTURE_BYTES = 8 * 1024 * 1024
#: Bounds what tiny fragments cost beyond their bytes; also the most NAL units a picture may have.
MAX_PICTURE_PARTS = 16_384
#: A picture of more parts is told as one: tiny parts cost far more than their bytes wherever they are kept.
_MANY_PARTS = 1_024
#: A packet this little behind the expected one is late or a repetition, and is passed over (RFC 3550, A.1).
_MAX_LATE = 100

_RTP = Struct("!BBHI")
_LENGTH = Struct("!I")
_write_length = _LENGTH.pack_into
_NO_LENGTH = b"\x00\x00\x00\x00"
_CLOSED = -1


class RtpTrack:
    """Fed with packets where they lie in the receive buffer; tells a sink of parameter sets, pictures and losses.

    The sink hears of pictures from a key frame on; after a loss, again from the next key frame on.
    """

    codec: Codec

    def __init__(
        self,
        sink: StreamSink,
        parameter_sets: tuple[bytes, ...] = (),
        *,
        payload_type: int | None = None,
        clock_rate: int = HZ,
        ssrc: int | None = None,
    ) -> None:
        self._sink = sink
        self._expected = -1  # the next sequence number
        self._timestamp = -1  # of the picture being put together, 32 bits
        self._media_90k = 0  # the same, unwrapped
        self._parts: list[bytes] = []
        self._size = 0
        self._key = False
        self._coded = False  # the picture has at least one slice
        self._damaged = False
        self._fragment = _CLOSED  # index in _parts of the length of the NAL unit that is arriving in fragments
        self._fragment_from = 0  # what _size was when that unit began
        self._fragment_kind = 0
        self._wants_key = True
        self._markers_lie = False  # they stand behind every slice, so only the timestamp shows where a picture ends
        self._marked = -1  # the timestamp of the last picture that a marker ended
        self._sets: dict[int, bytes] = {}
        self._sets_seen: set[int] = set()  # kinds met in this picture
        self._sets_changed = True  # none were told yet
        self._early_report: tuple[SenderReport, Utc90k] | None = None
        self._now = self._before = (time_ns(), monotonic_ns())  # of this receive and of the one before it
        self._burst_is_new = False
        self.pictures = 0
        self.first_picture: MonotonicNs | None = None
        for nal in parameter_sets:
            self._take_told_set(nal)

    @property
    def sequence(self) -> int:
        """Changes with every packet, which is all that the watch for silence needs to know."""
        return self._expected

    @property
    def last_arrival(self) -> MonotonicNs:
        return MonotonicNs(self._now[1])

    def arrived(self) -> tuple[Utc90k, MonotonicNs]:
        """Our clocks at the last receive."""
        return _utc(self._now), MonotonicNs(self._now[1])

    def start_burst(self) -> None:
        """Read the clocks once for all packets that one receive brought. Raises ProtocolError for a boundless picture.

        A receive is bounded by the connection's buffer, so looking here and not at each packet is early enough.
        """
        if self._size > MAX_PICTURE_BYTES or len(self._parts) > MAX_PICTURE_PARTS:
            raise ProtocolError(f"A picture of the camera has over {MAX_PICTURE_BYTES} bytes or too many parts.")
        self._before = self._now
        self._now = (time_ns(), monotonic_ns())
        self._burst_is_new = True

    def packet(self, buffer: bytearray, view: memoryview, start: int, end: int) -> None:
        """Take the RTP packet at buffer[start:end]; `view` is the same memory. Raises ProtocolError.

        Bytes of the packet that were read already may be written over.
        """
        if end - start < 12:
            raise ProtocolError("An RTP packet of the camera is cut short.")
        head, marker, sequence, timestamp = _RTP.unpack_from(buffer, start)
        at = start + 12
        if head != 0x80:
            at, end = payload_bounds(buffer, head, start, end)
        lost = 0
        if sequence != self._expected:
            lost = self._sequence_break(sequence)
            if lost < 0:
                return
        self._expected = (sequence + 1) & 0xFFFF
        if timestamp != self._timestamp:
            self._next_timestamp(timestamp)
        if lost:
            self._damaged = True  # whether the missing packets were the last picture's or this one's, nobody knows
        self._burst_is_new = False
        if at < end:
            self._take(buffer, view, at, end)
        if marker & 0x80 and (self._coded or self._damaged) and not self._markers_lie:
            self._marked = timestamp
            self._end_picture(self._now)

    def control(self, packet: bytes) -> None:
        """Take an RTCP packet. Raises ProtocolError."""
        wall = _utc(self._now)
        for report in sender_reports(packet, wall / HZ):
            if self._timestamp < 0:
                self._early_report = (report, wall)
            else:
                self._tell_report(report, wall)

    def _take(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        """Take one payload, at least one byte long."""
        raise NotImplementedError

    # ---- sequence and time

    def _sequence_break(self, sequence: int) -> int:
        """How many packets are missing before this one; negative if it is an old one to pass over.

        A step far back is a camera that began to count anew: something is missing, and 1 is all that can be said.
        """
        if self._expected < 0:
            return 0
        ahead = (sequence - self._expected) & 0xFFFF
        if ahead >= 0x1_0000 - _MAX_LATE:
            return -1
        ahead = ahead if ahead < 0x8000 else 1
        self._damaged = self._wants_key = True
        self._sink.on_packets_lost(ahead, _utc(self._now))
        return ahead

    def _next_timestamp(self, timestamp: int) -> None:
        """A new picture begins, whether or not the last one's end was marked."""
        if self._timestamp >= 0:
            if self._coded or self._damaged:
                self._end_picture(self._before if self._burst_is_new else self._now)
            step = (timestamp - self._timestamp) & 0xFFFF_FFFF
            # Backwards is right for pictures that are sent in another order than they are shown in.
            self._media_90k += step if step < 0x8000_0000 else step - 0x1_0000_0000
        self._timestamp = timestamp
        if self._early_report:
            self._tell_report(*self._early_report)
            self._early_report = None

    def _tell_report(self, report: SenderReport, wall: Utc90k) -> None:
        step = (report.rtp_timestamp - self._timestamp) & 0xFFFF_FFFF
        media = self._media_90k + (step if step < 0x8000_0000 else step - 0x1_0000_0000)
        self._sink.on_sender_report(report.camera, wall, media)

    # ---- NAL units into pictures

    def _add_unit(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        """A whole NAL unit. Its length is written over the four bytes before it, so that both are copied at once."""
        if at >= end:
            raise ProtocolError("The camera sent an empty NAL unit.")
        if self._fragment != _CLOSED:
            self._damaged = True  # the unit that was arriving in fragments never ended
        _write_length(buffer, at - 4, end - at)
        self._parts.append(bytes(view[at - 4 : end]))
        self._size += 4 + end - at

    def _open_fragment(self, kind: int, view: memoryview, at: int, end: int) -> None:
        """The first fragment of a NAL unit, with its header put back at `at`. The length is filled in at its end."""
        if self._fragment != _CLOSED:
            self._damaged = True
        self._fragment = len(self._parts)
        self._fragment_kind = kind
        self._fragment_from = self._size
        self._parts.append(_NO_LENGTH)
        self._parts.append(bytes(view[at:end]))
        self._size += 4 + end - at

    def _close_fragment(self) -> None:
        if self._fragment == _CLOSED:
            return
        size = self._size - self._fragment_from - 4
        self._parts[self._fragment] = _LENGTH.pack(size)
        if size <= MAX_PARAMETER_SET_BYTES and self._is_parameter_set(self._fragment_kind):
            self._take_set(self._fragment_kind, b"".join(self._parts[self._fragment + 1 :]))
        self._fragment = _CLOSED

    def _end_picture(self, arrived: tuple[int, int]) -> None:
        """Tell of the picture, unless a part of it or of one it builds on is missing; `arrived` as in _now."""
        whole = not self._damaged and self._fragment == _CLOSED
        parts, size, key = self._parts, self._size, self._key
        self._parts, self._size, self._key = [], 0, False
        self._coded = self._damaged = False
        self._fragment = _CLOSED
        if self._sets_seen:
            self._sets_seen.clear()
        if not whole:
            self._give_up_group()
        elif self._before_key() if key else not self._wants_key:
            self.pictures += 1
            if len(parts) > _MANY_PARTS:
                parts = [b"".join(parts)]
            unit = AccessUnit(parts, size, self._media_90k, key, _utc(arrived), MonotonicNs(arrived[1]))
            self._sink.on_access_unit(unit)

    def _give_up_group(self) -> None:
        """A picture is not whole. If no missing packet has told of it yet, the camera left it unfinished."""
        if not self._wants_key:
            self._wants_key = True
            self._sink.on_packets_lost(0, _utc(self._now))

    def _before_key(self) -> bool:
        """Get ready to tell of a key frame: tell of its parameter sets if they changed. False where they are missing.

        Only here, because a new run starts on a key frame; a set that changes in between is in the pictures anyway.
        """
        if self._sets_changed:
            parameters = self._parameters()
            if parameters is None:
                return False
            self._sets_changed = False
            self._sink.on_parameters(parameters)
        if self.first_picture is None:
            self.first_picture = MonotonicNs(self._now[1])
        self._wants_key = False
        return True

    def _note_slice(self, *, key: bool, begins_picture: bool) -> None:
        """A slice arrived; the first of a picture has to be the one that begins it."""
        if self._coded:
            self._key = self._key or key
            return
        self._coded, self._key = True, key
        if begins_picture:
            return
        # Either the camera let us in in the middle of a picture, which sequence numbers cannot tell, or the marker
        # before this slice tore its picture. Then one torn picture was told, and the next key frame is whole.
        self._damaged = True
        self._markers_lie = self._markers_lie or self._marked == self._timestamp

    # ---- parameter sets

    def _is_parameter_set(self, kind: int) -> bool:
        raise NotImplementedError

    def _kind(self, nal: bytes) -> int:
        raise NotImplementedError

    def _wanted_sets(self) -> tuple[int, int, int]:
        """The NAL unit types of VPS (-1 where there is none), SPS and PPS."""
        raise NotImplementedError

    def _take_told_set(self, nal: bytes) -> None:
        """A set from the session description: the first of each kind counts, and in-band ones replace it."""
        kind = self._kind(nal)
        if self._is_parameter_set(kind) and kind not in self._sets:
            self._sets[kind] = nal
            self._sets_changed = True

    def _take_set(self, kind: int, nal: bytes) -> None:
        """A set met in band. Of several of one kind in a picture the first counts, else each would undo the other."""
        if kind in self._sets_seen:
            return
        self._sets_seen.add(kind)
        if self._sets.get(kind) != nal:
            self._sets[kind] = nal
            self._sets_changed = True

    def _parameters(self) -> VideoParameters | None:
        vps, sps, pps = (self._sets.get(kind, b"") for kind in self._wanted_sets())
        if not sps or not pps or (not vps and self.codec is Codec.H265):
            return None
        try:
            return parameters_from(self.codec, vps, sps, pps)
        except BadParameterSet as error:
            raise ProtocolError(f"The camera's parameter sets cannot be read: {error}.") from None


def _utc(moment: tuple[int, int]) -> Utc90k:
    """The wall time of a pair of clock readings. They are kept as read, for most bursts end no picture."""
    return Utc90k(moment[0] * 9 // 100_000)


def payload_bounds(buffer: bytearray, head: int, start: int, end: int) -> tuple[int, int]:
    """Where the payload of a packet with sources, an extension or padding begins and ends. Raises ProtocolError."""
    if head >> 6 != 2:
        raise ProtocolError("The camera sent a packet that is not RTP version 2.")
    at = start + 12 + 4 * (head & 0x0F)
    if head & 0x10:
        if at + 4 > end:
            raise ProtocolError("An RTP extension of the camera is cut short.")
        at += 4 + 4 * int.from_bytes(buffer[at + 2 : at + 4], "big")
    if head & 0x20 and at < end:
        end -= buffer[end - 1] or 1
    if at > end:
        raise ProtocolError("The headers or padding of an RTP packet of the camera are longer than it is.")
    return at, end
