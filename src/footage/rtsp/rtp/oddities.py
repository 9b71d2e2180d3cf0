"""Counts what a camera sends oddly, and ends the session of one that sends little else.

Each oddity is told to the sink. The budget is a minute's: a camera whose every picture brings an oddity is far from
it, and one that sends only noise is not read for long.
"""

from __future__ import annotations

from footage.rtsp.errors import ProtocolError
from footage.rtsp.events import Oddity, StreamSink
from footage.times import Utc90k

#: Broken packets a minute, and how many that are merely passed over weigh as much as one of them.
MAX_BROKEN = 6_000
_SLIGHT_PER_BROKEN = 20
_BROKEN = frozenset({Oddity.NOT_RTP, Oddity.CUT_UNIT, Oddity.BAD_REPORT, Oddity.BAD_PARAMETERS, Oddity.BETWEEN_FRAMES})
_MINUTE_NS = 60_000_000_000


class Oddities:
    """One session's. `monotonic` is in nanoseconds."""

    def __init__(self, sink: StreamSink) -> None:
        self._sink = sink
        self._since = self._spent = self._count = 0

    def tell(self, oddity: Oddity, wall: Utc90k, monotonic: int, *, slight: bool = False) -> None:
        """Tell of one; `slight` where it harms nothing. Raises ProtocolError once the minute's budget is spent."""
        if monotonic - self._since >= _MINUTE_NS:
            self._since, self._spent, self._count = monotonic, 0, 0
        self._count += 1
        self._spent += _SLIGHT_PER_BROKEN if oddity in _BROKEN and not slight else 1
        self._sink.on_oddity(oddity, wall)
        if self._spent > MAX_BROKEN * _SLIGHT_PER_BROKEN:
            rate = self._count * 1_000_000_000 // max(monotonic - self._since, 1_000_000_000)
            raise ProtocolError(f"The camera sends {rate} packets a second that are broken or not its video's.")
