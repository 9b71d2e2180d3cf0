"""Whose a packet is, where it is not plainly the camera's: other sources, other payload types, numbers they used up.

A track is one payload type from one source (SSRC, RFC 3550, 5.1). What else comes on its channel must not enter a
picture, and must not look like a loss either. A camera may also go on under another source or type than before, or
than it told; then what was held back of it since is taken, so that nothing is lost by waiting to be sure.
"""

from __future__ import annotations

from collections import deque

from footage.rtsp.payload.pictures import Arrival
from footage.times import MonotonicNs

#: What a source is before the first packet, and where a camera changes it so often that it means nothing.
UNKNOWN, ANY = -1, -2
_SECOND_NS = 1_000_000_000
#: How long the camera's own source must have been silent before another one is taken for it.
PATIENCE_NS = 3 * _SECOND_NS // 2
#: The same where no packet of the type that was told has ever come.
_PATIENCE_AT_FIRST_NS = _SECOND_NS // 2
#: How long the source that SETUP named is waited for while others come.
_HESITATION_NS = 2 * _SECOND_NS
_STEADY, _STEADY_IN_LINE = 10, 8
_MOST_HELD_BYTES, _MOST_HELD = 4 << 20, 4096
_MOST_TYPES = 8
#: Numbers a little ahead of the expected one that packets of no use to us may have used up.
_AHEAD = 512


class Strangers:
    """Packets under another source since the last of our own, held back until it is clear whose they are."""

    def __init__(self) -> None:
        self.seen: set[int] = set()
        self.own: Arrival = (0, MonotonicNs(0), False)  # when the last packet of our own came
        self.in_line = False  # their numbers go on from ours
        self._source = self._next = UNKNOWN
        self._mixed = False
        self._own_number = UNKNOWN
        self._held: deque[tuple[Arrival, bytes]] = deque()
        self._bytes = self._count = 0

    def hold(self, packet: bytes, source: int, expected: int, now: Arrival, own: Arrival) -> None:
        """One more; `expected` is our own next number, which tells whether one of our own came in between."""
        number = int.from_bytes(packet[2:4], "big")
        if len(self.seen) < 64:
            self.seen.add(source)
        if expected != self._own_number or (source != self._source and number != self._next):
            self._begin(source, number, expected, own)
        self._mixed = self._mixed or source != self._source
        self._source, self._next = source, (number + 1) & 0xFFFF
        self._held.append((now, packet))
        self._bytes += len(packet)
        self._count += 1
        while self._bytes > _MOST_HELD_BYTES or len(self._held) > _MOST_HELD:
            self._bytes -= len(self._held.popleft()[1])

    def _begin(self, source: int, number: int, expected: int, own: Arrival) -> None:
        self._held.clear()
        self._bytes = self._count = 0
        self._source, self._own_number, self.own = source, expected, own
        self._mixed, self.in_line = False, number == expected

    def have_taken_over(self, now: Arrival, patience_ns: int) -> bool:
        """Whether our own source has gone and this one is what the camera goes on with."""
        if self.in_line and self._count >= _STEADY_IN_LINE:
            return True
        silent = now[1] - self.own[1]
        return silent >= patience_ns and (self._count >= _STEADY or silent >= 4 * patience_ns)

    def take(self) -> tuple[int, list[tuple[Arrival, bytes]]]:
        """The new source, and its packets in order, each with its arrival."""
        source, held = ANY if self._mixed else self._source, list(self._held)
        self._begin(UNKNOWN, UNKNOWN, UNKNOWN, self.own)
        return source, held


class Hesitation:
    """The first packets, where they are under another source than SETUP named: it may yet come, or never."""

    def __init__(self) -> None:
        self.held: list[tuple[Arrival, bytes]] = []
        self._bytes = 0

    def hold(self, packet: bytes, now: Arrival) -> None:
        self.held.append((now, packet))
        self._bytes += len(packet)

    def is_over(self, now_ns: int) -> bool:
        """Whether the source that was named has been waited for long enough."""
        waited = now_ns - self.held[0][0][1]
        return waited >= _HESITATION_NS or self._bytes >= _MOST_HELD_BYTES or len(self.held) >= _MOST_HELD


class OtherTypes:
    """Packets of other payload types since the last of our own."""

    def __init__(self) -> None:
        self._own_number = UNKNOWN
        self._types: dict[int, tuple[int, int]] = {}  # since when, and how many that may be video of our kind

    def have_taken_over(self, number: int, expected: int, now: Arrival, patience_ns: int, *, plausible: bool) -> bool:
        """Count one; whether this type is what the camera sends its video under."""
        if expected != self._own_number:
            self._types.clear()
            self._own_number = expected
        since, count = self._types.get(number, (now[1], 0))
        if len(self._types) < _MOST_TYPES or number in self._types:
            # One payload that cannot be video of our kind, and the type is none.
            self._types[number] = (since, count + 1 if plausible and count >= 0 else UNKNOWN)
        patience = patience_ns if expected >= 0 else _PATIENCE_AT_FIRST_NS
        return count >= _STEADY and plausible and now[1] - since >= patience


class UsedNumbers:
    """Sequence numbers that packets of no use to us bore.

    Some share the counter of the pictures, so that passing them over must not look like a loss; others bear the number
    of a packet that is still to come. Which it is shows when the next packet of our own comes.
    """

    def __init__(self) -> None:
        self._numbers: dict[int, bool] = {}  # whether it may have been a part of a unit, had it been whole
        self._base = UNKNOWN
        self._apart = 0
        self._nameless = 0  # broken packets whose number may be anything

    def note(self, number: int, expected: int, *, broken: bool) -> None:
        if expected < 0:
            return
        if expected != self._base:
            # None of our own was missed since: where one was due under a number in here, both bore it.
            self._apart += any((used - expected) & 0xFFFF >= 0x8000 for used in self._numbers)
            self._numbers.clear()
            self._base, self._nameless = expected, 0
        if (number - expected) & 0xFFFF >= _AHEAD:
            self._nameless += broken
        elif self._apart < 3:
            self._numbers[number] = broken

    def missing(self, expected: int, ahead: int, *, inside_unit: bool) -> int:
        """How many of the `ahead` numbers from `expected` on were borne by nobody."""
        used = [broken for number, broken in self._numbers.items() if (number - expected) & 0xFFFF < ahead]
        nameless = self._nameless if self._base == expected else 0
        self._numbers.clear()
        self._nameless = 0
        harmless = min(ahead, len(used) + nameless) - (sum(used) + nameless if inside_unit else 0)
        if harmless == ahead:
            self._apart = 0
        return ahead - harmless
