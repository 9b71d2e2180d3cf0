"""How a camera's connections ended lately: one that drops them again and again is told so."""

from __future__ import annotations

from collections import deque
from statistics import median

from footage.contract import CameraNote
from footage.rtsp.events import LossCause
from footage.rtsp.notes.tally import MINUTE_90K, span_words
from footage.times import HZ

#: So many within this time are a habit and no accident.
_HABIT, _WITHIN_90K = 3, 10 * MINUTE_90K
_WORDS = {
    LossCause.CLOSED: ("Drops the connection", "look at how many viewers it serves, its power and its network"),
    LossCause.SILENT: ("Falls silent", "look at its network, its power and its load"),
    LossCause.PROTOCOL: ("Sends what cannot be followed", "update its firmware if that can be had"),
}


class Endings:
    """The last endings of connections that brought pictures."""

    def __init__(self) -> None:
        self._endings: deque[tuple[LossCause, int, float]] = deque(maxlen=60)

    def add(self, cause: LossCause, wall: int, seconds_of_pictures: float) -> None:
        """A connection ended that brought pictures for so long; what we ended ourselves is not counted."""
        if cause in _WORDS:
            self._endings.append((cause, wall, seconds_of_pictures))

    def note(self, now: int) -> CameraNote | None:
        """`Drops the connection every 5 s (reconnected 12 times in the last minute); …`"""
        lately = [one for one in self._endings if 0 <= now - one[1] < _WITHIN_90K]
        if len(lately) < _HABIT:
            return None
        minute = sum(now - wall < MINUTE_90K for _, wall, _ in lately)
        often, within = (minute, "minute") if minute >= _HABIT else (len(lately), span_words(_WITHIN_90K / HZ))
        what, advice = _WORDS[lately[-1][0]]
        every = span_words(max(1, round(median(seconds for _, _, seconds in lately))))
        text = f"{what} every {every} (reconnected {often} times in the last {within}); {advice}."
        return CameraNote("connection-drops", text)
