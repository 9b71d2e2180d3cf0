"""How far apart a camera's key frames are, and whether they are key frames of their own (IDR)."""

from __future__ import annotations

from collections import deque
from statistics import median

from footage.contract import CameraNote
from footage.rtsp.events import AccessUnit, Codec
from footage.rtsp.notes.tally import rounded, span_words
from footage.rtsp.notes.words import KEYS_FAR_APART, NO_SECOND_KEY

_NS = 1_000_000_000
#: Key frames further apart than this are told; most cameras leave the factory with two seconds or less.
_APART_S = 3.0
#: Pictures that came since a key frame before it is said that none follows.
_SURE = 5
#: A stream that had an IDR within this time sends them, if seldom.
_IDR_NS = 60 * _NS


class KeyFrames:
    """The intervals that were seen; one with a loss in it is none, for a key frame may have been lost as well."""

    def __init__(self) -> None:
        self._intervals: deque[tuple[int, int]] = deque(maxlen=8)  # nanoseconds and pictures from one to the next
        self._at: int | None = None  # monotonic, of the newest; None where a loss came since
        self._number = 0
        self._idr_at: int | None = None  # of this connection
        self._recoveries = self._unclean = 0

    def add(self, unit: AccessUnit, number: int) -> None:
        """A picture with which a recording may begin, the camera's `number`th."""
        if self._at is not None:
            self._intervals.append((unit.monotonic - self._at, number - self._number))
        self._at, self._number = unit.monotonic, number
        if unit.recovery:
            self._recoveries += 1
            self._unclean = unit.recovery_frames
        else:
            self._idr_at = unit.monotonic

    def torn(self) -> None:
        """Pictures were lost."""
        self._at = None

    def restart(self) -> None:
        """Another connection begins."""
        self._at = self._idr_at = None
        self._recoveries = 0

    def interval_note(self, last: int, number: int) -> CameraNote | None:
        """Of key frames far apart; `last` and `number` are the newest picture's."""
        apart = [interval / _NS for interval, pictures in self._intervals if pictures > 1]
        longest = max(apart, default=0.0)
        waited = (last - self._at) / _NS if self._at is not None else 0.0
        if waited > max(_APART_S, 1.5 * longest) and number - self._number >= _SURE:
            said = span_words(round(waited))
            text = f"No second key frame within {said}: a loss costs at least {said}; set the interval to 1 s."
            return CameraNote(NO_SECOND_KEY, text)
        if rounded(longest) <= _APART_S:
            return None
        said = span_words(rounded(longest))
        upto = "" if median(apart) > 0.8 * longest else "up to "
        text = f"Key frames {upto}{said} apart: a loss costs up to {said}; set the interval to 1 s."
        return CameraNote(KEYS_FAR_APART, text)

    def idr_note(self, last: int, codec: Codec | None) -> CameraNote | None:
        """Of a stream that can be begun, but not cleanly."""
        if self._recoveries < 2 or (self._idr_at is not None and last - self._idr_at < _IDR_NS):
            return None
        smeared = f", of which the first {self._unclean} pictures may be smeared" if self._unclean else ""
        if codec is Codec.H265:
            where, advice = "open groups", "set closed groups if that can be had"
        else:
            where, advice = "recovery points", "set its I-frame interval to 1 s and switch intra refresh off"
        text = f"Begins recordings at {where}{smeared}: it sends no key frames (IDR); {advice}."
        return CameraNote("no-idr", text)
