"""Turns the RTP packets of one video track into pictures, without decoding. Source: RFC 3550.

A picture's bytes are copied once, out of the connection's receive buffer. Here are packet headers, lost packets and
the media clock; sources.py tells whose a packet is, pictures.py puts units together.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from struct import Struct
from time import monotonic_ns, time_ns

from footage.rtsp.errors import ProtocolError
from footage.rtsp.events import Oddity, StreamSink
from footage.rtsp.payload.pictures import SAME_PICTURE, Arrival, PictureMaker, _utc
from footage.rtsp.rtp.numbering import Numbering
from footage.rtsp.rtp.rtcp import SenderReport, sender_reports
from footage.rtsp.rtp.sources import ANY, PATIENCE_NS, UNKNOWN, Hesitation, OtherTypes, Strangers, UsedNumbers
from footage.times import HZ, MonotonicNs, Utc90k, utc_now

MAX_PICTURE_BYTES = 8 * 1024 * 1024
#: Bounds what tiny fragments cost beyond their bytes; also the most NAL units a picture may have.
MAX_PICTURE_PARTS = 16_384
#: A packet this little behind the expected one is late or a repetition, and is passed over (RFC 3550, A.1).
_MAX_LATE = 100

_RTP = Struct("!HHII")
#: Packets of fewer bytes are copied to where more than they hold may be read.
_LEAST, _SPARE = 16, bytes(16)
#: All of the first two bytes but the marker: version, padding, extension, sources, payload type.
_BUT_MARKER, _PLAIN, _MARKER = 0xFF7F, 0x8000, 0x80
#: So many last bytes of two packets tell whether they are one.
_ALIKE = 32
#: The beginning of a payload that either format knows.
_KNOWN = b"\x41"
#: Packets that are kept until it is clear which payload type is the pictures', where none was told.
_MOST_UNTYPED = 256
_HALF = 0x8000_0000
_NS = 1_000_000_000


class RtpTrack(PictureMaker):
    """Fed with packets where they lie in the receive buffer; tells a sink of parameter sets, pictures and losses.

    The sink hears of pictures from one on that may be begun with; after a loss, again from the next such one on.
    `payload_type` and `ssrc` are what the camera told of its packets, `clock_rate` the ticks a second of their stamps.
    """

    #: First bytes of payloads that the format does not know, or that may be none of its own.
    unknown: frozenset[int]
    #: Types that key pictures begin with.
    starting_kinds: frozenset[int]
    #: The RTP header and how a fragment begins: so many bytes that those from the middle of a unit have in common.
    head_and_lead: Struct
    lead_bytes: int

    # Without these so many attributes would be looked up more slowly than a few are (CPython shares 30 keys).
    __slots__ = (
        "_again",
        "_before",
        "_burst_expected",
        "_early_report",
        "_expected",
        "_has_own_reports",
        "_head",
        "_hesitation",
        "_lead",
        "_other_types",
        "_source",
        "_strangers",
        "_told_source",
        "_told_type",
        "_type",
        "_unknown",
        "_unpack",
        "_untyped",
        "_used",
        "numbering",
        "patience_ns",
    )

    def __init__(
        self,
        sink: StreamSink,
        parameter_sets: Sequence[bytes] = (),
        *,
        payload_type: int | None = None,
        clock_rate: int = HZ,
        ssrc: int | None = None,
    ) -> None:
        self._expected = -1  # the next sequence number
        super().__init__(sink, parameter_sets)
        # What is the same for all of a format is looked up faster here.
        self._unpack, self._lead, self._unknown = self.head_and_lead.unpack_from, self.lead_bytes, self.unknown
        self._rate = clock_rate
        self._type = self._told_type = UNKNOWN if payload_type is None else payload_type
        self._head = UNKNOWN if payload_type is None else _PLAIN | payload_type  # of most packets, but for the marker
        self._source, self._told_source = UNKNOWN, UNKNOWN if ssrc is None else ssrc
        self._strangers, self._other_types, self._used = Strangers(), OtherTypes(), UsedNumbers()
        self._hesitation = Hesitation()
        self.numbering = Numbering()
        self._untyped = deque[tuple[Arrival, bytes]](maxlen=_MOST_UNTYPED)  # came before a type was known
        self._before = self._now  # of the last receive but this that brought packets
        self._burst_expected = -1  # the next sequence number when this receive began
        self._again = -1  # the number after one that came late although its time stamp is new
        self._early_report: tuple[SenderReport, Utc90k] | None = None
        self._has_own_reports = False
        self.patience_ns = PATIENCE_NS

    @property
    def sequence(self) -> int:
        """Changes with every packet, as the watch for silence needs to know; negative before the first."""
        return self._expected if self._expected >= 0 else len(self._hesitation.held) - 1

    @property
    def source(self) -> int:
        """The SSRC of the pictures; negative before the first, and where it means nothing."""
        return self._source

    def note(self, oddity: Oddity, *, slight: bool = False) -> None:
        """Something odd was met on the way here. Raises ProtocolError where there is too much of it."""
        self._odd(oddity, slight=slight)

    @property
    def last_arrival(self) -> MonotonicNs:
        return self._now[1]

    def arrived(self) -> tuple[Utc90k, MonotonicNs]:
        """Our clocks at the last receive."""
        return _utc(self._now), self._now[1]

    def start_burst(self, full: bool = False) -> None:
        """Read the clocks once for all packets that one receive brought. Raises ProtocolError for a boundless picture.

        `full`: the receive filled all the room there was. A receive is bounded by the connection's buffer, so looking
        here and not at each packet is early enough.
        """
        if self._size > MAX_PICTURE_BYTES or len(self._parts) > MAX_PICTURE_PARTS:
            raise ProtocolError(f"A picture of the camera has over {MAX_PICTURE_BYTES} bytes or too many parts.")
        if self._expected != self._burst_expected:
            self._before, self._burst_expected = self._now, self._expected
        self._now = (time_ns(), monotonic_ns(), full)  # type: ignore[assignment]  # a NewType is a call

    def packet(self, buffer: bytearray, view: memoryview, start: int, end: int) -> bool:
        """Take the RTP packet at buffer[start:end]; `view` is the same memory. Raises ProtocolError.

        False where it cannot be one. Bytes of the packet that were read already may be written over.
        """
        if end - start < _LEAST:
            if end - start < 12:
                self._take_broken(buffer, start, end)
                return False
            buffer, start, end = buffer[start:end] + _SPARE, 0, end - start
            view = memoryview(buffer)
        head, sequence, timestamp, source, lead = self._unpack(buffer, start)
        at = start + 12
        if head & _BUT_MARKER != self._head or source != self._source:
            at, end = self._find_payload(buffer, view, start, end)
            if at < 0:
                return end >= 0
            lead = b""
        if sequence != self._expected and not self._resume_at(sequence, timestamp, bytes(buffer[at:end])):
            return True
        if timestamp != self._timestamp:
            self._turn_to(timestamp, buffer, at, end)
        self._expected = (sequence + 1) & 0xFFFF
        # Nine packets of ten are the middle of a unit; they are not one more call away.
        at_data = at + self._lead
        if lead == self._middle and at_data < end:
            self._parts.append(view[at_data:end].tobytes())
            self._size += end - at_data
        elif at < end:
            self._take(buffer, view, at, end)
        else:
            self._odd(Oddity.EMPTY_UNIT)
        # A marker inside a unit that goes on is no end: some cameras set it on every packet.
        if head & _MARKER and (self._damaged or (self._coded and self._fragment < 0)):
            if self._believes:
                self._marked = timestamp
                self._end_picture(self._now)
            else:
                self._note_marker()
        return True

    def tell_quiet(self, detail: str) -> None:
        """Nothing came for longer than is usual, and the camera answers."""
        self._sink.on_quiet(detail, utc_now())

    def control(self, packet: bytes) -> None:
        """Take an RTCP packet. Raises ProtocolError."""
        wall = _utc(self._now)
        reports, readable = sender_reports(packet, wall / HZ)
        if not readable:
            self._odd(Oddity.BAD_REPORT)
        for report in reports:
            if self._timestamp < 0:
                self._early_report = (report, wall)
            else:
                self._tell_report(report, wall)

    def _take(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        """Take one payload, at least one byte long."""
        raise NotImplementedError

    def _first_kind(self, payload: bytes) -> int:
        """The type of the unit that a payload begins with; negative where it does not begin as this format's do."""
        raise NotImplementedError

    def _note_marker(self) -> None:
        """A marker that is not believed, or not yet; what came before the first one is the picture's own."""
        if self._marked != self._timestamp:
            self._marked, self._next_from = self._timestamp, -1

    # ---- whose packets

    def _find_payload(self, buffer: bytearray, view: memoryview, start: int, end: int) -> tuple[int, int]:
        """Where the payload of a packet lies whose header is not as most are; begins at -1 where it is not to be taken.

        It ends there too where the packet cannot be one.
        """
        bounds = payload_bounds(buffer, start, end)
        if bounds is None:
            self._take_broken(buffer, start, end)
            return -1, -1
        head, _, _, source = _RTP.unpack_from(buffer, start)
        if head & 0x7F == self._type and source == self._source:
            return bounds
        return bounds if self._is_ours(bytes(view[start:end]), bytes(view[bounds[0] : bounds[1]])) else (-1, end)

    def _is_ours(self, packet: bytes, payload: bytes) -> bool:
        """Whether to take a packet whose payload type or source is not the one before it had."""
        head, sequence, timestamp, source = _RTP.unpack_from(packet)
        if head & 0x7F != self._type and not self._takes_type(head & 0x7F, payload):
            if self._type == UNKNOWN:
                self._untyped.append((self._now, packet))
                return False
            if source == self._source:
                self._used.note(sequence, self._expected, broken=False)
            self._odd(Oddity.OTHER_PAYLOAD_TYPE)
            return False
        if self._source == UNKNOWN:
            return self._is_first_source(packet, source)
        if self._source in (source, ANY):
            return True
        if source == self._told_source:
            self._take_source(source, in_line=False, timestamp=timestamp, own=self._last())
            return True
        self._odd(Oddity.OTHER_SOURCE)
        self._strangers.hold(packet, source, self._expected, self._now, self._last())
        if self._strangers.have_taken_over(self._now, self.patience_ns):
            self._follow_strangers()
        return False

    def _takes_type(self, number: int, payload: bytes) -> bool:
        """Whether another payload type is the one that the camera sends its video under, and is taken from now on."""
        kind = self._first_kind(payload)
        if number == self._told_type or (self._type == UNKNOWN and kind in self.starting_kinds):
            taken = True
        else:
            taken = self._other_types.have_taken_over(
                number, self._expected, self._now, self.patience_ns, plausible=kind >= 0
            )
            if taken and self._told_type != UNKNOWN:
                self._odd(Oddity.TYPE_NOT_TOLD)
        if taken:
            self._type, self._head = number, _PLAIN | number
            held, self._untyped = self._untyped, deque[tuple[Arrival, bytes]](maxlen=_MOST_UNTYPED)
            self._replay([(arrival, packet) for arrival, packet in held if packet[1] & 0x7F == number])
        return taken

    def _is_first_source(self, packet: bytes, source: int) -> bool:
        """Whether the track begins with this packet: under the source that SETUP named, else under any."""
        if self._told_source in (UNKNOWN, source):
            self._source = source
            self._hesitation.held.clear()
            return True
        self._hesitation.hold(packet, self._now)
        if self._hesitation.is_over(self._now[1]):
            self._end_hesitation()
        return False

    def _end_hesitation(self) -> None:
        """Begin with the first source that came, for the named one was waited for in vain."""
        held, self._hesitation.held = self._hesitation.held, []
        self._source = int.from_bytes(held[0][1][8:12], "big")
        self._replay(held)

    def _replay(self, held: Sequence[tuple[Arrival, bytes]]) -> None:
        """Take packets that were held back, as if they came now, but for when they came."""
        now = self._now
        for arrival, packet in held:
            self._arrive(arrival)
            buffer = bytearray(packet)
            self.packet(buffer, memoryview(buffer), 0, len(buffer))
        self._arrive(now)

    def _arrive(self, arrival: Arrival) -> None:
        """What comes next came then."""
        if self._expected != self._burst_expected:
            self._before, self._burst_expected = self._now, self._expected
        self._now = arrival

    def settle(self) -> None:
        if self._hesitation.held and self._source == UNKNOWN:
            self._end_hesitation()
        super().settle()

    def _follow_strangers(self) -> None:
        """Another source is the camera's now: take what was held back of it."""
        own, in_line, now = self._strangers.own, self._strangers.in_line, self._now
        source, held = self._strangers.take()
        self._now = held[0][0]
        self._take_source(source, in_line=in_line, timestamp=int.from_bytes(held[0][1][4:8], "big"), own=own)
        self._replay(held)
        self._arrive(now)

    def _take_source(self, source: int, *, in_line: bool, timestamp: int, own: Arrival) -> None:
        """Go on with another source, whose numbers and stamps begin anew unless they are in line with those before."""
        self._odd(Oddity.SOURCE_CHANGED)
        self._source = source
        if in_line:
            return
        if self._coded or self._damaged:
            self._damaged = self._damaged or self._marked != self._timestamp
            self._end_picture(own)
        self._parts, self._size, self._expected = [], 0, -1
        self._media += max(0, self._now[1] - own[1]) * self._rate // _NS
        self._timestamp = timestamp
        self._want_key()
        self._untold_break = True

    def _take_broken(self, buffer: bytearray, start: int, end: int) -> None:
        """A packet whose headers cannot be. If it was none of the pictures', nothing is missing without it."""
        if start < end and not self._is_lost_slice(buffer, start, end):
            number = int.from_bytes(buffer[start + 2 : start + 4], "big") if end - start >= 4 else self._expected - 1
            self._used.note(number, self._expected, broken=True)
        self._odd(Oddity.NOT_RTP if start < end else Oddity.EMPTY_UNIT)

    def _is_lost_slice(self, buffer: bytearray, start: int, end: int) -> bool:
        """Whether a broken packet bears what looks like one of our slices."""
        ours = int.from_bytes(buffer[start + 8 : start + 12], "big") == self._source
        return ours and end - start > 13 and self._is_slice(self._first_kind(bytes(buffer[start + 12 : end])))

    # ---- sequence and time

    def _last(self) -> Arrival:
        """When the last packet came."""
        return self._before if self._expected == self._burst_expected else self._now

    def _before_this(self) -> Arrival:
        first_of_burst = self._expected == (self._burst_expected + 1) & 0xFFFF
        return self._before if first_of_burst else self._now

    def _resume_at(self, sequence: int, timestamp: int, payload: bytes) -> bool:
        """Note what is missing before a packet that is not the expected one; False if it is an old one to pass over.

        A step far back is a camera that began to count anew: something is missing, and 1 is all that can be said.
        """
        if self._expected < 0:
            return True
        ahead = (sequence - self._expected) & 0xFFFF
        if self.numbering.is_none or self.numbering.begins_anew(self._expected, sequence):
            return True
        if ahead == 0xFFFF and not self._repeats(timestamp, payload):
            return self._stand_still(timestamp, payload)
        if sequence == 0 and not self._repeats(timestamp, payload) and self.numbering.restarts():
            self._go_on_without_numbers(timestamp, payload)
            return True
        if ahead >= 0x1_0000 - _MAX_LATE and not self._counts_anew(sequence, timestamp):
            self.numbering.came_late(sequence)
            return False
        missing = 1
        if ahead < 0x8000:
            missing = self._used.missing(self._expected, ahead, inside_unit=self._fragment >= 0)
            self.numbering.missed(self._expected, ahead)
        if missing:
            self._sink.on_packets_lost(missing, _utc(self._now))
            self._resume_after(timestamp, payload)
        return True

    def _repeats(self, timestamp: int, payload: bytes) -> bool:
        """Whether a packet with the last one's number is that packet once more, as far as can be seen."""
        if timestamp != self._timestamp:
            return not 0 < (timestamp - self._timestamp) & 0xFFFF_FFFF < _HALF
        last = self._parts[-1][-_ALIKE:] if self._parts else b""
        return payload.endswith(last) or last.endswith(payload)

    def _stand_still(self, timestamp: int, payload: bytes) -> bool:
        """Note a packet with the last one's number that is another one; whether it is taken.

        Until it is clear that numbers mean nothing, such packets are passed over, and their pictures are not whole.
        """
        taken = self.numbering.stands_still()
        if taken:
            self._go_on_without_numbers(timestamp, payload)
        self._damaged = True
        return taken

    def _go_on_without_numbers(self, timestamp: int, payload: bytes) -> None:
        """It is clear now that numbers mean nothing; what was passed over until then is missing."""
        self._odd(Oddity.NUMBERS_STAND_STILL)
        self._resume_after(timestamp, payload)

    def _resume_after(self, timestamp: int, payload: bytes) -> None:
        """Packets were missed before this one; pictures are told again from one on that may be begun with."""
        self._damaged = True
        self._want_key()
        self._untold_break = False
        if timestamp != self._timestamp:
            # Whether the missing packets were the last picture's or this one's, nobody knows, unless this one
            # begins as a picture does that nothing of can be missing.
            self._turn_to(timestamp, _KNOWN, 0, 1)
            self._damaged = not self._opens_picture(payload)

    def _counts_anew(self, sequence: int, timestamp: int) -> bool:
        """Whether numbers just behind the last ones are no repetition: two in a row whose time stamps are new."""
        is_new = 0 < (timestamp - self._timestamp) & 0xFFFF_FFFF < _HALF
        second = is_new and sequence == self._again
        self._again = (sequence + 1) & 0xFFFF if is_new else -1
        return second

    def _turn_to(self, timestamp: int, buffer: bytes | bytearray, at: int, end: int) -> None:
        """Another time stamp begins a picture, whether or not the last one's end was marked.

        Not so that of a payload that belongs to no picture.
        """
        if (at >= end or buffer[at] in self._unknown) and self._first_kind(bytes(buffer[at:end])) < 0:
            return
        if self._timestamp >= 0:
            nearly = (timestamp - self._timestamp) & 0xFFFF_FFFF <= SAME_PICTURE
            if self._coded and nearly and self._continues_picture(bytes(buffer[at : at + 4])):
                pass  # each slice of this camera's has a stamp of its own
            elif self._coded or self._damaged:
                self._begin_another(self._last())
            step = (timestamp - self._timestamp) & 0xFFFF_FFFF
            # Backwards is right for pictures that are sent in another order than they are shown in.
            self._media += step if step < _HALF else step - 2 * _HALF
        self._timestamp = timestamp
        if self._early_report:
            self._tell_report(*self._early_report)
            self._early_report = None

    def _tell_report(self, report: SenderReport, wall: Utc90k) -> None:
        """Tell the camera's clock, unless the report is about a stranger's. Some cameras misname their own source."""
        own = report.source == self._source
        self._has_own_reports = self._has_own_reports or own
        if not own and (self._has_own_reports or report.source in self._strangers.seen):
            return
        step = (report.rtp_timestamp - self._timestamp) & 0xFFFF_FFFF
        media = self._media + (step if step < _HALF else step - 2 * _HALF)
        self._sink.on_sender_report(report.camera, wall, media * HZ // self._rate)


def payload_bounds(buffer: bytearray, start: int, end: int) -> tuple[int, int] | None:
    """Where the payload of a packet, sources, extension and padding taken off, begins and ends; None if it cannot be.

    The packet has 12 bytes or more.
    """
    head = buffer[start]
    if head >> 6 != 2:
        return None
    at = start + 12 + 4 * (head & 0x0F)
    if head & 0x10:
        if at + 4 > end:
            return None
        at += 4 + 4 * int.from_bytes(buffer[at + 2 : at + 4], "big")
    if head & 0x20 and at < end:
        end -= buffer[end - 1] or 1
    return (at, end) if at <= end else None
