"""Counts of what happens now and what happened lately: the last minute and the last hour, by kind.

Bounded: kinds are few, and a kind has at most seven counts for each of the two. Times are wall times in 1/90000 s,
handed in; a clock that is set back by more than a minute begins the counting anew.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from footage.times import HZ

MINUTE_90K, HOUR_90K = 60 * HZ, 3600 * HZ
#: So many in the last minute go on now; fewer are told as what happened in the last hour.
_GOING_ON = 3


class _Window:
    """Counts by kind in six slices of equal length, the one that is going on included."""

    SLICES = 6

    def __init__(self, length_90k: int) -> None:
        self._slice_90k = length_90k // self.SLICES
        self._slices: deque[tuple[int, dict[str, int]]] = deque(maxlen=self.SLICES)

    def add(self, kind: str, wall: int, number: int) -> None:
        at = wall // self._slice_90k
        if not self._slices or at > self._slices[-1][0]:
            self._slices.append((at, {}))
        counts = self._slices[-1][1] if at >= self._slices[-1][0] else self._earlier(at)
        counts[kind] = counts.get(kind, 0) + number

    def _earlier(self, at: int) -> dict[str, int]:
        """The slice of a time that is over, or the one before it where nothing was counted then."""
        return next((counts for begun, counts in reversed(self._slices) if begun <= at), self._slices[0][1])

    def begins(self, now: int) -> int:
        """The wall time at which the window that ends now begins: five whole slices and a part of one ago."""
        return (now // self._slice_90k - self.SLICES + 1) * self._slice_90k

    def count(self, kind: str, now: int) -> int:
        oldest = now // self._slice_90k - self.SLICES + 1
        return sum(counts.get(kind, 0) for at, counts in self._slices if at >= oldest)


class Tally:
    """What was counted, by kind."""

    def __init__(self) -> None:
        self._restart(None)

    def _restart(self, began: int | None) -> None:
        self._minute, self._hour = _Window(MINUTE_90K), _Window(HOUR_90K)
        self._began, self._newest = began, began or 0

    def begin(self, wall: int) -> None:
        """From now on is counted; told again it changes nothing, unless the clock was set back."""
        if self._began is None or wall < self._newest - MINUTE_90K:
            self._restart(wall)
        self._newest = wall

    def add(self, kind: str, wall: int, number: int = 1) -> None:
        """So many more of a kind."""
        self.begin(wall)
        self._minute.add(kind, wall, number)
        self._hour.add(kind, wall, number)

    def often(self, kind: str, now: int) -> Often:
        """How often a kind came, until now."""
        began = now if self._began is None else self._began
        minute = now - max(began, self._minute.begins(now))
        hour = now - max(began, self._hour.begins(now))
        return Often(
            self._minute.count(kind, now), max(1.0, minute / HZ), self._hour.count(kind, now), max(1.0, hour / HZ)
        )


@dataclass(frozen=True, slots=True)
class Often:
    """How often something came: in about the last minute, and in about the last hour; each with its true seconds."""

    minute: int
    minute_seconds: float
    hour: int
    hour_seconds: float
    pictures_each: float = 0.0  # one such picture in so many; 0 where that is not known

    @property
    def ongoing(self) -> bool:
        return self.minute >= _GOING_ON

    @property
    def are(self) -> str:
        """The verb that goes with `of`."""
        return "is" if not self.ongoing and self.hour == 1 else "are"

    def of(self, noun: str, where: str = "") -> str:
        """`3 packets a second`, `20 packets a minute`, `1 packet in the last 8 min`; `where` follows the noun."""
        if not self.ongoing:
            told = f"{self.hour} {noun}{'' if self.hour == 1 else 's'}{where}"
            return f"{told} in the last {about_words(self.hour_seconds)}"
        a_second = self.minute / self.minute_seconds
        number, per = (a_second, "second") if a_second >= 0.95 else (a_second * 60, "minute")
        return f"{round(number)} {noun}{'' if round(number) == 1 else 's'}{where} a {per}"

    @property
    def times(self) -> str:
        """`3 times a second`, `once in the last 8 min`."""
        said = self.of("time")
        return said.replace("1 time ", "once ", 1) if said.startswith("1 time ") else said


def span_words(seconds: float) -> str:
    """A length of time as people say it: `0.4 s`, `12 s`, `3 min 12 s`, `1 h 5 min`, `4 days`, `56 years`."""
    if seconds < 9.95:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    whole = round(seconds)
    if whole < 3600:
        return _two(whole, 60, "min", "s") if whole >= 60 else f"{whole} s"
    if whole < 48 * 3600:
        return _two(whole // 60, 60, "h", "min")
    days = whole // 86_400
    return f"{days} days" if days < 800 else f"{round(days / 365.25)} years"


def about_words(seconds: float) -> str:
    """The same to the minute, from two minutes on: how long ago something was, or over how long it was counted."""
    return span_words(round(seconds / 60) * 60 if seconds >= 120 else round(seconds))


def rounded(seconds: float) -> float:
    """To the tenth below two seconds, else to the half below ten, else to the second: what was measured is no more."""
    return round(seconds, 1) if seconds < 2 else round(seconds * 2) / 2 if seconds < 9.75 else round(seconds)


def _two(count: int, each: int, large: str, small: str) -> str:
    first, rest = divmod(count, each)
    return f"{first} {large} {rest} {small}" if rest else f"{first} {large}"
