"""The parameter sets of one stream, by kind and id: those told in the description, replaced by those met in band.

A stream may use several of a kind, and a decoder needs each that a picture refers to, so all are kept.
"""

from __future__ import annotations

from footage.rtsp.events import Codec, VideoParameters
from footage.rtsp.payload.start_codes import split_units
from footage.segments.bits import BadParameterSet
from footage.segments.codecs import SET_KINDS, parameters_from, set_id, sps_of
from footage.segments.sps_h264 import may_repeat_slices, read_h264_sps

#: Sets of one kind that are kept; real streams have one to four, and avcC has room for 31 SPS.
_MOST_OF_A_KIND = 31


class ParameterSets:
    """`changed` is True until the parameters in force were told."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._sets: dict[tuple[int, int], bytes] = {}
        self._known: set[bytes] = set()
        self._seen: set[tuple[int, int]] = set()  # met in this picture
        self.seen_kinds: set[int] = set()
        self.changed = True
        self.trouble = ""  # why a set could not be read, as a clause

    @property
    def complete_in_band(self) -> bool:
        """Whether this picture brought a set of each kind."""
        return self.seen_kinds.issuperset(SET_KINDS[self._codec])

    @property
    def several(self) -> bool:
        """Whether only a picture's slices tell which SPS is in force."""
        sps = SET_KINDS[self._codec][-2]
        return sum(kind == sps for kind, _ in self._sets) > 1

    def tell(self, told: bytes) -> None:
        """Sets from the session description, which some cameras write with start codes. Raises BadParameterSet."""
        for nal in split_units(told):
            key = set_id(self._codec, nal)
            if key not in self._sets:
                self._keep(key, nal)

    def take(self, kind: int, nal: bytes) -> None:
        """A set met in band. Raises BadParameterSet where it cannot be read; then the one before it goes on.

        Of several with one id in a picture the first counts, else each would undo the other.
        """
        self.seen_kinds.add(kind)
        if nal in self._known:
            return
        try:
            key = set_id(self._codec, nal)
        except BadParameterSet as error:
            self.trouble = str(error)
            raise
        if key not in self._seen:
            self._seen.add(key)
            self._keep(key, nal)

    def end_picture(self) -> None:
        if self.seen_kinds:
            self.seen_kinds.clear()
            self._seen.clear()

    def in_force(self, picture_set: int) -> VideoParameters | None:
        """All sets, first those that a picture referring to this PPS needs; None while a kind is missing.

        Raises BadParameterSet.
        """
        kinds = SET_KINDS[self._codec]
        sps_id = self._sps_id(picture_set)
        first = dict[int, bytes]()
        for (kind, number), nal in self._sets.items():
            if kind not in first or (kind == kinds[-2] and number == sps_id):
                first[kind] = nal
        if len(first) < len(kinds):
            return None
        first[kinds[-1]] = self._picture_set_of(sps_id) or first[kinds[-1]]
        more = tuple(nal for nal in self._sets.values() if nal not in first.values())
        return parameters_from(self._codec, first.get(32, b""), first[kinds[-2]], first[kinds[-1]], more)

    def slices_begin_pictures(self) -> bool:
        """Whether a slice that is a picture's first is surely another picture's than the slices before it."""
        if self._codec is Codec.H265:
            return True
        frames = all(read_h264_sps(nal).frames_only for (kind, _), nal in self._sets.items() if kind == 7)
        return frames and not any(may_repeat_slices(nal) for (kind, _), nal in self._sets.items() if kind == 8)

    def _keep(self, key: tuple[int, int], nal: bytes) -> None:
        if key not in self._sets and sum(kind == key[0] for kind, _ in self._sets) >= _MOST_OF_A_KIND:
            raise BadParameterSet("there are more parameter sets than any camera needs")
        self._sets[key] = nal
        self._known = set(self._sets.values())
        self.changed = True

    def _sps_id(self, picture_set: int) -> int:
        """The SPS behind a PPS; -1 where that cannot be told."""
        nal = self._sets.get((SET_KINDS[self._codec][-1], picture_set), b"")
        try:
            return sps_of(self._codec, nal) if nal else -1
        except BadParameterSet:
            return -1

    def _picture_set_of(self, sps_id: int) -> bytes:
        """The first PPS that builds on an SPS."""
        kind = SET_KINDS[self._codec][-1]
        fitting = (nal for (of, number), nal in self._sets.items() if of == kind and self._sps_id(number) == sps_id)
        return next(fitting, b"")
