"""Sequence numbers that do not count as they should (RFC 3550, 5.1), though no packet is missing.

Asked only where a packet does not bear the number that is expected. Some cameras number from 0 to 511 and begin anew,
pass over 0, give every packet the same number or each picture's packets one, begin with 0 at each picture, or swap
packets although TCP does not.
"""

from __future__ import annotations

#: Some counters are of 7 to 15 bits, and their ends are no losses.
_SHORT_COUNTERS = frozenset(1 << bits for bits in range(7, 16))
#: So many packets that bear their predecessor's number and are no repetition of it, and numbers mean nothing.
_STANDING = 8
#: So many pictures numbered from 0 on by themselves, and numbers mean nothing.
_RESTARTS = 4


class Numbering:
    """What was learned of one connection's numbers."""

    def __init__(self) -> None:
        #: Numbers mean nothing: nothing can be said of packets that are missing.
        self.is_none = False
        #: A packet came behind one that was sent after it.
        self.is_disordered = False
        self._standing = self._restarts = 0
        self._zeros_passed_over = 0
        self._gap = range(0)  # numbers that were missing when the last packet was taken early

    def begins_anew(self, expected: int, sequence: int) -> bool:
        """Whether the counter has come to its end, so that nothing is missing between two packets.

        That 0 is left out looks like a packet lost there, the first time.
        """
        if sequence == 0:
            return expected in _SHORT_COUNTERS
        if sequence == 1 and expected == 0:
            self._zeros_passed_over += 1
            return self._zeros_passed_over > 1
        return False

    def restarts(self) -> bool:
        """A picture began with number 0 anew, though none is missing; whether to go on without numbers."""
        self._restarts += 1
        self.is_none = self._restarts >= _RESTARTS
        return self.is_none

    def stands_still(self) -> bool:
        """Another packet bore the number of the one before it and is none of its repetitions; whether to go on without.

        A camera whose numbers count has none such.
        """
        self._standing += 1
        self.is_none = self._standing >= _STANDING
        return self.is_none

    def missed(self, expected: int, ahead: int) -> None:
        """So many packets are missing from `expected` on."""
        self._gap = range(expected, expected + ahead)

    def came_late(self, sequence: int) -> None:
        """A packet bears a number behind the expected one: it may be one of those that were missing."""
        if sequence in self._gap or sequence + 0x1_0000 in self._gap:
            self.is_disordered = True
