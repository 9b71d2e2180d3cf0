"""How many pictures a camera sends, stretch by stretch of about ten seconds, and whether that changed.

Times are of the monotonic clock in nanoseconds, `number` counts the camera's pictures; `wall` only says when.
"""

from __future__ import annotations

from collections import deque

from footage.contract import CameraNote
from footage.rtsp.notes.tally import HOUR_90K, about_words, span_words
from footage.times import HZ

_NS = 1_000_000_000
#: A stretch shorter than this says nothing; one was cut off by a clock that was set.
_SHORTEST_NS = 5 * _NS
#: One interval alone tells a rate only where it is longer than this: else it may be a hiccup.
_SURE_S = 3.0
#: Rates that differ by more than this are two; those that differ by less than the other are one.
_OTHER, _SAME = 1.5, 1.25


class Rates:
    """Pictures a second, as they were and as they are."""

    def __init__(self) -> None:
        self._marks: deque[tuple[int, int]] = deque(maxlen=2)  # monotonic and number where stretches begin
        self._seen: deque[float] = deque(maxlen=6)
        self._steady: float | None = None
        self._change: tuple[int, float, float] | None = None  # wall, from, to
        self._torn = False

    def turn(self, monotonic: int, number: int, wall: int) -> None:
        """A stretch ends with this picture, and the next one begins."""
        if self._marks and not self._torn:
            began, before = self._marks[-1]
            if monotonic - began >= _SHORTEST_NS:
                self._judge((number - before) * _NS / (monotonic - began), wall)
        self._torn = False
        self._marks.append((monotonic, number))

    def torn(self) -> None:
        """Pictures were lost: this stretch says nothing of how many were sent."""
        self._torn = True

    def restart(self) -> None:
        """Another connection: what lies between is no stretch."""
        self._marks.clear()
        self._torn = False

    def _judge(self, rate: float, wall: int) -> None:
        before = self._seen[-1] if self._seen else None
        self._seen.append(rate)
        if self._steady is None:
            self._steady = rate
        elif _apart(rate, self._steady) > _OTHER and before is not None and _apart(rate, before) < _SAME:
            self._change = wall, self._steady, rate
            self._steady = rate

    def seconds_each(self, monotonic: int, number: int) -> float | None:
        """Seconds from one picture to the next over the last 10 to 20 s, or over two pictures where they are rarer."""
        if not self._marks or number <= self._marks[0][1]:
            return None
        began, before = self._marks[0]
        each = (monotonic - began) / _NS / (number - before)
        return each if number - before > 1 or each >= _SURE_S else None

    def note(self, now: int) -> CameraNote | None:
        """A change within the last hour, or rates that never settle."""
        if self._change and 0 <= now - self._change[0] < HOUR_90K:
            wall, old, new = self._change
            ago = about_words((now - wall) / HZ)
            text = (
                f"Its picture rate changed {rate_words(old, new)} ({ago} ago); fix its frame rate if that is not meant."
            )
            return CameraNote("picture-rate-changed", text)
        if len(self._seen) >= 3 and _apart(least := min(self._seen), most := max(self._seen)) >= 2:
            text = f"Its picture rate goes {rate_words(least, most)} and back; fix its frame rate if that is not meant."
            return CameraNote("picture-rate-varies", text)
        return None


def rate_words(old: float, new: float) -> str:
    """`from 25 to 2 a second`, `from 25 a second to one in 4 s`."""
    if min(old, new) >= 0.95:
        return f"from {rate_number(old)} to {rate_number(new)} a second"
    return f"from {_one(old)} to {_one(new)}"


def _one(rate: float) -> str:
    return f"{rate_number(rate)} a second" if rate >= 0.95 else f"one in {span_words(round(1 / rate, 1))}"


def rate_number(rate: float) -> str:
    """Pictures a second, to a tenth where they are few."""
    return f"{rate:.1f}".removesuffix(".0") if rate < 9.75 else str(round(rate))


def _apart(one: float, other: float) -> float:
    low, high = sorted((one, other))
    return high / low if low > 0 else float("inf")
