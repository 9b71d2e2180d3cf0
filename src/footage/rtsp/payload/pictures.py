"""Puts NAL units together into pictures: where one ends, whether it is whole, whether a recording may begin with it.

What is the same for H.264 and H.265. Packets, sequence numbers and time are in track.py, which builds on this; what a
NAL unit is, is in payload_h264.py and payload_h265.py, which build on that.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct
from time import monotonic_ns, time_ns

from footage.rtsp.events import AccessUnit, Codec, Oddity, StreamSink, VideoParameters
from footage.rtsp.payload.parameter_sets import ParameterSets
from footage.rtsp.payload.start_codes import LONG_START_CODE, START_CODE, split_units
from footage.rtsp.rtp.oddities import Oddities
from footage.segments.bits import BadParameterSet
from footage.times import HZ, MonotonicNs, Utc90k

_LENGTH = Struct("!I")
_write_length = _LENGTH.pack_into
_NO_LENGTH = b"\x00\x00\x00\x00"
#: A picture of more parts is told as one: tiny parts cost far more than their bytes wherever they are kept.
_MANY_PARTS = 1_024
#: Slices of one picture may be stamped so far apart (five milliseconds at most): no camera sends pictures so often.
SAME_PICTURE = 450
_CLOSED = -1
#: How no packet begins, where no fragment is awaited.
_NONE = b"none"
_NEVER = 1 << 62
#: After so many pictures of one slice each the next has no more either.
_ONE_SLICE_SURE = 10
_SECOND_NS = 1_000_000_000
#: A picture that is not sure to be clean is begun with only once nothing better came for so long.
_PATIENCE_NS = 3 * _SECOND_NS
#: In a stream that has none better, such a picture is a place to begin no more often than this.
_WEAK_EVERY_NS = 5 * _SECOND_NS
#: The first pictures, and then one in so many, are searched for units joined by start codes. All would cost too much.
_SEARCHED_FIRST, _SEARCHED_EACH = 50, 250

#: Wall and monotonic clock in nanoseconds, and whether more was waiting to be read than there was room for.
Arrival = tuple[int, MonotonicNs, bool]


class PictureMaker:
    """Fed with NAL units, whole or in fragments; tells a sink of pictures, from one on that may be begun with."""

    codec: Codec
    #: Types of units that are read when they are whole: parameter sets and SEI.
    read_kinds: frozenset[int]
    #: Types behind which other units may hide at any time: parameter sets and delimiters.
    hiding_kinds: frozenset[int]
    #: Types that are neither, and may be written.
    plain_kinds: frozenset[int]

    # Without these so many attributes would be looked up more slowly than a few are (CPython shares 30 keys).
    __slots__ = (
        "_began",
        "_believes",
        "_coded",
        "_damaged",
        "_ends",
        "_fragment",
        "_fragment_from",
        "_fragment_kind",
        "_intra",
        "_key",
        "_leading",
        "_marked",
        "_media",
        "_middle",
        "_next_from",
        "_now",
        "_oddities",
        "_open_group",
        "_parameters_told",
        "_parts",
        "_picture_set_told",
        "_plain",
        "_rate",
        "_recovery",
        "_refreshes",
        "_search_next",
        "_searching",
        "_several",
        "_sink",
        "_size",
        "_skips_leading",
        "_slice_start",
        "_special",
        "_splits",
        "_starting",
        "_starts",
        "_timestamp",
        "_unsure",
        "_untold_break",
        "_wanting_since",
        "_wants_key",
        "_weighs",
        "first_picture",
        "pictures",
        "sets",
    )

    def __init__(self, sink: StreamSink, parameter_sets: Sequence[bytes]) -> None:
        self._sink = sink
        self._oddities = Oddities(sink)
        self._now: Arrival = (time_ns(), MonotonicNs(monotonic_ns()), False)  # of this receive
        self._timestamp = -1  # of the picture being put together, 32 bits
        self._media = 0  # the same, unwrapped
        self._rate = HZ
        self._parts: list[bytes] = []
        self._size = 0
        self._next_from = _CLOSED  # index in _parts of what stands behind a slice and may belong to the next picture
        self._key = False
        self._coded = False  # the picture has at least one slice
        self._damaged = False
        # Markers are believed once one was seen to end a whole picture: some cameras set them behind each slice.
        self._unsure, self._believes = True, False
        self._several = False  # pictures have more than one slice
        self._marked = -1  # the time stamp of the last slice that a marker followed
        self._splits = True  # a slice that begins a picture ends the one before it
        self._plain = self.plain_kinds
        self._begin_fragments()
        self._begin_starts()
        self._searching, self._search_next = True, _SEARCHED_FIRST  # until so many pictures were told
        self.pictures = 0
        self.first_picture: MonotonicNs | None = None
        self.sets = ParameterSets(self.codec)
        for told in parameter_sets:
            self._take_set(-1, told)

    def _begin_fragments(self) -> None:
        self._fragment = _CLOSED  # index in _parts of the length of the NAL unit that is arriving in fragments
        self._fragment_from = 0  # what _size was when that unit began
        self._fragment_kind = 0
        self._middle = _NONE  # how a packet in the middle of it begins
        self._starting = False  # the next fragment begins a unit
        self._starts = self._ends = 0  # fragments seen that said so

    def _begin_starts(self) -> None:
        self._special = False  # the picture may be a place to begin, or none at all, as the next four say
        self._recovery = -1  # a recovery point, and how many pictures after it may be unclean
        self._intra = False  # all slices so far need no other picture
        self._open_group = False  # pictures shown before this key picture may need some that were sent before it
        self._leading = False  # it is such a one, and what it needs was not told
        self._skips_leading = False
        self._slice_start = b""  # of the first slice of a place to begin
        self._picture_set_told = -1
        self._parameters_told: VideoParameters | None = None
        self._wants_key = True
        self._wanting_since = self._began = self._now[1]
        self._weighs = True  # there may be no key picture to begin with
        self._refreshes = False  # begun with a picture that is not sure to be clean, for want of a better
        self._untold_break = False  # another source goes on, and no loss was told of it

    # ---- what a payload format says

    def _take_unit(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        """Take a whole NAL unit; the four bytes before it may be written over."""
        raise NotImplementedError

    def _note_unit(self, kind: int, nal: bytes) -> None:
        """A parameter set or an SEI is whole."""
        raise NotImplementedError

    def _is_known(self, kind: int) -> bool:
        """Whether units of this type may be written."""
        raise NotImplementedError

    def _is_slice(self, kind: int) -> bool:
        raise NotImplementedError

    def _parts_at_start_codes(self, kind: int) -> bool:
        """Whether start codes in a unit of this type part it from others. An SEI may hold any bytes."""
        raise NotImplementedError

    def _is_header(self, unit: bytes) -> bool:
        """Whether what stands behind a start code begins as a unit does."""
        raise NotImplementedError

    def _opens_picture(self, payload: bytes) -> bool:
        """Whether a payload holds what stands before anything else of a picture: a delimiter or a first set."""
        raise NotImplementedError

    def _continues_picture(self, start: bytes) -> bool:
        """Whether a payload begins a slice that is not its picture's first, from its first four bytes."""
        raise NotImplementedError

    def _is_intra(self, start: bytes) -> bool:
        """Whether a slice needs no other picture, from its first bytes."""
        raise NotImplementedError

    def _picture_set(self, start: bytes) -> int:
        """The id of the picture parameter set that a slice refers to, from its first bytes; -1 where unknown."""
        raise NotImplementedError

    # ---- units into a picture

    def _add_unit(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        """A whole NAL unit. Its length is written over the four bytes before it, so that both are copied at once."""
        _write_length(buffer, at - 4, end - at)
        self._parts.append(view[at - 4 : end].tobytes())
        self._size += 4 + end - at

    def _start_fragments(self) -> None:
        """The next fragment with anything in it begins a unit."""
        if self._fragment != _CLOSED:
            self._leave_fragment()
        self._starting = True
        self._starts += 1

    def _open_fragment(self, kind: int, middle: bytes, view: memoryview, at: int, end: int) -> None:
        """The first fragment of a NAL unit, with its header put back at `at`. The length is filled in at its end.

        `middle` is how packets with fragments out of its middle begin.
        """
        self._starting = False
        self._fragment = len(self._parts)
        self._fragment_kind = kind
        self._fragment_from = self._size
        self._middle = middle
        self._parts.append(_NO_LENGTH)
        self._parts.append(view[at:end].tobytes())
        self._size += 4 + end - at

    def _close_fragment(self) -> None:
        at, kind = self._fragment, self._fragment_kind
        self._fragment, self._middle = _CLOSED, _NONE
        self._parts[at] = _LENGTH.pack(self._size - self._fragment_from - 4)
        if self._searching or kind not in self._plain:
            self._read_fragmented(at, kind)

    def _read_fragmented(self, at: int, kind: int) -> None:
        """Look into a unit that came in fragments and begins at _parts[at]."""
        unit = b"".join(self._parts[at + 1 :])
        joined = self._joined(kind, unit)
        if joined or not self._is_known(kind):
            del self._parts[at:]
            self._size = self._fragment_from
        if joined:
            self._take_joined(joined, first_is_noted=self._is_slice(kind))
        elif not self._is_known(kind):
            self._odd(Oddity.UNKNOWN_UNIT)
        elif kind in self.read_kinds:
            self._note_unit(kind, unit)

    def _leave_fragment(self) -> None:
        """Something else begins although the end of the unit in fragments was not told."""
        if not self._is_known(self._fragment_kind):
            # Nothing of the picture is missing.
            del self._parts[self._fragment :]
            self._size, self._fragment, self._middle = self._fragment_from, _CLOSED, _NONE
            self._odd(Oddity.UNKNOWN_UNIT)
            return
        if self._ends or self._damaged:
            self._damaged = True  # it never came
            self._fragment, self._middle = _CLOSED, _NONE
        else:
            self._odd(Oddity.CUT_UNIT, slight=True)  # this camera does not mark them
            self._close_fragment()

    def _joined(self, kind: int, unit: bytes) -> list[bytes]:
        """The units that a camera joined in one by start codes; none where it is one, as it should be."""
        if START_CODE not in unit or not self._parts_at_start_codes(kind):
            return []
        units = split_units(unit)
        return units if all(map(self._is_header, units)) else []

    def _take_apart(self, kind: int, buffer: bytearray, at: int, end: int) -> bool:
        """Take the units that were joined in a whole one, if they were."""
        if buffer.find(START_CODE, at, end) < 0:
            return False
        units = self._joined(kind, bytes(buffer[at:end]))
        if units:
            self._take_joined(units)
        return bool(units)

    def _take_joined(self, units: Sequence[bytes], *, first_is_noted: bool = False) -> None:
        """Take units by themselves; the first may be a slice that was noted when it began to arrive."""
        self._searching, self._search_next = True, _NEVER
        self._odd(Oddity.JOINED_UNITS)
        for number, unit in enumerate(units):
            buffer = bytearray(4) + unit
            take = self._add_unit if first_is_noted and not number else self._take_unit
            take(buffer, memoryview(buffer), 4, len(buffer))

    def _take_unknown(self, buffer: bytearray, view: memoryview, at: int, end: int) -> None:
        """A unit of no known type: private data, or one with its start code still before it."""
        unit = bytes(view[at:end])
        units = self._joined(0, unit) if unit.startswith((START_CODE, LONG_START_CODE)) else []
        if units:
            self._take_joined(units)
        else:
            self._odd(Oddity.UNKNOWN_UNIT)

    def _starts_untold(self) -> bool:
        """Whether this camera marks the ends of its series of fragments, and never their beginnings."""
        return not self._starts and self._ends > 1 and self._fragment < 0

    # ---- slices

    def _note_slice(self, buffer: bytearray, at: int, end: int, key: bool, begins: bool) -> None:
        """A slice arrives; the first of a picture has to be the one that begins it."""
        if self._coded:
            if begins and self._splits:
                self._begin_another(self._before_this())
            else:
                self._note_later_slice(buffer, at, end, key=key)
                return
        if self._weighs or self._special:
            self._weigh(buffer, at, end, key=key)
        self._coded, self._key = True, key
        if key:
            self._slice_start = bytes(buffer[at : at + 32])
        if begins:
            self._marked = -1
        else:
            # Either the camera let us in in the middle of a picture, which sequence numbers cannot tell, or the
            # marker before this slice tore its picture. Then one torn picture was told.
            self._damaged = True
            self._note_marked()

    def _note_later_slice(self, buffer: bytearray, at: int, end: int, *, key: bool) -> None:
        self._several = True
        if self._weighs or self._special:
            self._weigh(buffer, at, end, key=key)
        self._key = self._key or key
        self._next_from = _CLOSED
        self._note_marked()

    def _note_marked(self) -> None:
        """A slice continues a picture: a marker that stood before it was no end."""
        if self._marked >= 0 and (self._timestamp - self._marked) & 0xFFFF_FFFF <= SAME_PICTURE:
            self._believes = self._unsure = False

    def _weigh(self, buffer: bytearray, at: int, end: int, *, key: bool) -> None:
        """Whether the picture may be a place to begin although it is no key picture."""
        start = bytes(buffer[at : min(end, at + 16)])
        self._intra = not key and (self._intra or not self._coded) and self._is_intra(start)
        if self._intra:
            self._special, self._slice_start = True, start

    def _begin_another(self, arrived: Arrival) -> None:
        """The next picture begins: by its first slice where neither marker nor time stamp said so, or by its stamp.

        What stands behind the last slice belongs to it: delimiter, parameter sets, SEI.
        """
        if self._fragment != _CLOSED:
            self._leave_fragment()
        if self._unsure and self._marked == self._timestamp and not self._damaged:
            self._believes, self._unsure = True, False
        if self._next_from == _CLOSED:
            self._end_picture(arrived)
            return
        carried = b"".join(self._parts[self._next_from :])
        del self._parts[self._next_from :]
        self._size -= len(carried)
        self._end_picture(arrived)
        at = 0
        while at < len(carried):
            end = at + 4 + _LENGTH.unpack_from(carried, at)[0]
            unit = bytearray(carried[at:end])
            self._take_unit(unit, memoryview(unit), 4, len(unit))
            at = end

    def _before_this(self) -> Arrival:
        """When the packet before the present one arrived."""
        return self._now

    def settle(self) -> None:
        """Nothing came for a while: tell a picture whose marker was not believed yet, or of a camera without markers.

        Of one that sends several slices the rest may still be on the way.
        """
        if not self._coded or self._damaged or self._fragment != _CLOSED:
            return
        marked = self._unsure and self._marked == self._timestamp
        unmarked = not self._believes and not self._several and self.pictures >= _ONE_SLICE_SURE
        if marked or unmarked:
            self._end_picture(self._before_this())

    # ---- pictures

    def _end_picture(self, arrived: Arrival) -> None:
        """Tell of the picture, unless a part of it or of one it builds on is missing."""
        if self._fragment != _CLOSED:
            self._leave_fragment()
        if self._damaged:
            self._give_up_group()
        elif self._key or self._special:
            self._end_special(arrived)
        elif not self._wants_key:
            self.pictures += 1
            media = self._media if self._rate == HZ else self._media * HZ // self._rate  # as a whole: nothing adds up
            wall: Utc90k = arrived[0] * 9 // 100_000  # type: ignore[assignment]  # as _utc, without its two calls
            parts = self._parts if len(self._parts) <= _MANY_PARTS else [b"".join(self._parts)]
            size, monotonic, behind = self._size, arrived[1], arrived[2]
            self._sink.on_access_unit(AccessUnit(parts, size, media, False, wall, monotonic, False, 0, behind))
        elif self._untold_break:
            self._tell_break()
        self._parts, self._size, self._next_from = [], 0, _CLOSED
        self._key = self._coded = self._damaged = False
        if self.sets.seen_kinds:
            self.sets.end_picture()
        if self._special:
            self._special = self._intra = self._open_group = self._leading = False
            self._recovery = -1
        if self.pictures >= self._search_next:
            self._plan_search()

    def _plan_search(self) -> None:
        """Search no longer, or only the next picture."""
        self._searching = not self._searching
        self._search_next = self.pictures + (1 if self._searching else _SEARCHED_EACH)

    def _end_special(self, arrived: Arrival) -> None:
        """The same for a picture that may be a place to begin, or one that cannot be shown."""
        clean = self._key or (self._recovery == 0 and self._intra)
        begins = (clean or self._weak_start()) and self._ready_to_begin()
        if begins:
            self._skips_leading = self._wants_key and self._open_group
            self._wants_key = self._untold_break = False
            self._refreshes = self._weighs = not clean
            self._began = self._now[1]
        if not self._wants_key and not self._leading:
            self._tell_special(arrived, begins=begins)
        elif self._untold_break:
            self._tell_break()

    def _tell_special(self, arrived: Arrival, *, begins: bool) -> None:
        self.pictures += 1
        recovery = begins and (not self._key or self._open_group)
        self._sink.on_access_unit(
            AccessUnit(
                self._parts if len(self._parts) <= _MANY_PARTS else [b"".join(self._parts)],
                self._size,
                self._media * HZ // self._rate,
                key=begins,
                wall=_utc(arrived),
                monotonic=arrived[1],
                recovery=recovery,
                recovery_frames=max(0, self._recovery) if recovery else 0,
                behind=arrived[2],
                sets_in_band=begins and self.sets.complete_in_band,
            )
        )

    def _weak_start(self) -> bool:
        """Whether to begin with a picture that is not sure to be clean: a gradual recovery, or one merely all intra."""
        if self._recovery < 0 and not self._intra:
            return False
        if self._refreshes:
            return self._wants_key or self._now[1] - self._began >= _WEAK_EVERY_NS
        surer = self._recovery >= 0 or self.sets.complete_in_band
        return self._wants_key and self._now[1] - self._wanting_since >= _PATIENCE_NS * (1 if surer else 2)

    def _ready_to_begin(self) -> bool:
        """Tell of the parameter sets if they changed. False where some are missing.

        Only here, because a new run starts on a key frame; a set that changes in between is in the pictures anyway.
        """
        picture_set = self._picture_set(self._slice_start) if self.sets.several else -1
        if self.sets.changed or picture_set != self._picture_set_told:
            try:
                parameters = self.sets.in_force(picture_set)
            except BadParameterSet as error:
                self.sets.trouble = str(error)
                return not self._wants_key  # those before go on
            if parameters is None:
                return False
            self.sets.changed, self._picture_set_told = False, picture_set
            self._splits = self.sets.slices_begin_pictures()
            if parameters != self._parameters_told:
                self._parameters_told = parameters
                self._sink.on_parameters(parameters)
        if self.first_picture is None:
            self.first_picture = self._now[1]
        return True

    def _want_key(self) -> None:
        """Nothing is told until a picture comes that may be begun with."""
        if not self._wants_key:
            self._wants_key = self._weighs = True
            self._wanting_since = self._now[1]

    def _give_up_group(self) -> None:
        """A picture is not whole. If no missing packet has told of it yet, the camera left it unfinished."""
        if not self._wants_key:
            self._want_key()
            self._sink.on_packets_lost(0, _utc(self._now))
        elif self._untold_break:
            self._tell_break()

    def _tell_break(self) -> None:
        """Another source goes on, and not with a picture that may be begun with."""
        self._untold_break = False
        if self.pictures:
            self._sink.on_packets_lost(0, _utc(self._now))

    # ---- parameter sets and oddities

    def _take_set(self, kind: int, nal: bytes) -> None:
        """A set met in band, or, with a negative kind, told in the description."""
        try:
            if kind < 0:
                self.sets.tell(nal)
            else:
                self.sets.take(kind, nal)
        except BadParameterSet:
            self._odd(Oddity.BAD_PARAMETERS)

    def _odd(self, oddity: Oddity, *, slight: bool = False) -> None:
        """Something was passed over or put right. Raises ProtocolError where there is too much of it."""
        self._oddities.tell(oddity, _utc(self._now), self._now[1], slight=slight)


def _utc(moment: Arrival) -> Utc90k:
    """The wall time of a pair of clock readings. They are kept as read, for most bursts end no picture."""
    return Utc90k(moment[0] * 9 // 100_000)
