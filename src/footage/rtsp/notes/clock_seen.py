"""How a camera's own clock stands to ours, from its sender reports, in words."""

from __future__ import annotations

from collections import deque
from itertools import pairwise

from footage.contract import CameraNote
from footage.rtsp.notes.tally import rounded, span_words
from footage.times import HZ, Camera90k, Utc90k

#: A clock as far off as this is worth an engineer's way; so is one that moves as far between two reports.
_OFF_S, _MOVES_S = 2.0, 0.5
#: Sender reports are due about each 5 s (RFC 3550, 6.2). A stream that is followed so long without one tells none.
_DUE_NS = 30_000_000_000
_FURTHEST_ZONE_HOURS = 14


class ClockSeen:
    """The newest few reports."""

    def __init__(self) -> None:
        self._offsets: deque[int] = deque(maxlen=6)  # the camera's clock minus ours
        self._reported = 0  # monotonic, at the newest report of this connection

    def add(self, camera: Camera90k, wall: Utc90k, monotonic: int) -> None:
        """A sender report came; here alone the two clocks meet, for their distance is what is asked for."""
        self._reported = monotonic
        self._offsets.append(int(camera) - int(wall))

    def restart(self) -> None:
        """Another connection begins."""
        self._reported = 0

    def off_note(self) -> CameraNote | None:
        """`Its clock is 3 min 12 s behind; set its NTP server.`"""
        off = self._offsets[-1] / HZ if self._offsets else 0.0
        if abs(off) < _OFF_S:
            return None
        hours = round(abs(off) / 3600)
        zone = 0 < hours <= _FURTHEST_ZONE_HOURS and abs(abs(off) - hours * 3600) < 60
        length = span_words(hours * 3600 if zone else rounded(abs(off)))
        what = "its time zone and its NTP server" if zone else "its NTP server"
        return CameraNote("clock-off", f"Its clock is {length} {'ahead' if off > 0 else 'behind'}; set {what}.")

    def unsteady_note(self) -> CameraNote | None:
        """Of a clock that moves again and again; one that was set once is only off, or right."""
        steps = [abs(after - before) / HZ for before, after in pairwise(self._offsets)]
        if sum(step > _MOVES_S for step in steps) < 2:
            return None
        text = f"Its clock jumps about, by up to {span_words(rounded(max(steps)))} at once; set its NTP server."
        return CameraNote("clock-unsteady", text)

    def not_told_note(self, first: int, last: int) -> CameraNote | None:
        """Of a connection whose pictures came from `first` to `last` (monotonic) without a report for long."""
        return CLOCK_NOT_TOLD if first and last - max(first, self._reported) >= _DUE_NS else None


CLOCK_NOT_TOLD = CameraNote(
    "clock-not-told", "Its clock was not told (no RTCP sender reports); nobody can say how far it is off."
)
