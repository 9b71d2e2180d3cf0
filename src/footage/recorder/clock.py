"""Where pictures stand in UTC: wall time that may slew against the media clock, and steps told from slewing.

See docs/design/time.md.
"""

from __future__ import annotations

from footage.times import MonotonicNs, Utc90k

#: A wall clock set by more than this against the monotonic one was stepped.
STEP_90K = 45_000
#: How fast wall time may be drawn towards what is observed, in parts of a million.
SLEW_PPM = 500
#: A media clock this far from wall time, for this long, cannot be slewed to it.
LOST_90K, LOST_FOR_90K = 90_000, 30 * 90_000


class StepWatch:
    """Compares wall and monotonic time at every picture of one camera."""

    def __init__(self) -> None:
        self._difference: int | None = None
        self._seen = 0

    def step(self, wall: Utc90k, monotonic: MonotonicNs) -> int:
        """By how much the wall clock was stepped since the last call, in 1/90000 s; 0 when it was not."""
        ticks = monotonic * 9 // 100_000
        difference = wall - ticks
        if self._difference is None:
            self._difference, self._seen = difference, ticks
            return 0
        moved = difference - self._difference
        allowed = STEP_90K + (ticks - self._seen) * SLEW_PPM // 1_000_000
        self._difference, self._seen = difference, ticks
        return moved if abs(moved) > allowed else 0


class RunClock:
    """Maps one run's media time to UTC.

    The first mapping takes the least delay seen among the run's first pictures, for a picture may come late but
    never early. Afterwards it is drawn towards the least delay of each fragment, by at most 500 ppm.
    """

    def __init__(self, offset_90k: int) -> None:
        self.offset_90k = offset_90k
        self._least: int | None = None
        self._astray_90k = 0

    def wall_at(self, media_90k: int) -> int:
        """UTC of a moment on the media clock."""
        return media_90k + self.offset_90k

    def observe(self, least_offset_90k: int) -> None:
        """The least of arrival minus media time among a fragment's pictures."""
        late = least_offset_90k - self.offset_90k
        if self._least is None or late < self._least:
            self._least = late

    def slew(self, elapsed_90k: int) -> None:
        """Draw the mapping towards what was observed since the last call, over `elapsed_90k` of media time."""
        error, self._least = self._least or 0, None
        most = elapsed_90k * SLEW_PPM // 1_000_000
        self.offset_90k += max(-most, min(most, error))
        self._astray_90k = self._astray_90k + elapsed_90k if abs(error) > LOST_90K else 0

    @property
    def astray(self) -> bool:
        """The camera's media clock and wall time have parted for good: only a new run mends it."""
        return self._astray_90k > LOST_FOR_90K
