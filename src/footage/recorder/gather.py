"""Gathers pictures into a fragment and lays them out on the decode clock. Copies nothing."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import pairwise

from footage.rtsp.events import AccessUnit
from footage.segments.writer import Sample

#: A fragment is cut at the next picture once it is this long: a kill costs less than two seconds, whatever the group.
FRAGMENT_90K = 108_000  # 1.2 s
_DEFAULT_FRAME_90K = 3_600
#: Pictures so far apart, at a faster rate before, have others missing between them; and, where the recorder itself was
#: slow, so far: a camera whose full buffer dropped some leaves no other trace.
SKIPPED_90K, SKIPPED_WHILE_SLOW_90K = 90_000, 18_000
#: A named tuple as fast as a plain one: one for each picture.
_new = tuple.__new__
#: And whatever its pictures' stamps say, once it has so many bytes or pictures: memory is not the camera's to spend.
_MOST_BYTES, _MOST_PICTURES = 4 << 20, 2_000


@dataclass(slots=True)
class Gathered:
    """A fragment's pictures, ready for the writer. Times are on the connection's media clock."""

    start_90k: int
    end_90k: int
    samples: list[Sample]
    parts: list[bytes | memoryview]
    size_bytes: int
    key: bool
    least_offset_90k: int  # the least of arrival (wall) minus media time

    @property
    def duration_90k(self) -> int:
        return self.end_90k - self.start_90k


class Gatherer:
    """The pictures since the last cut."""

    def __init__(self) -> None:
        self.units: list[AccessUnit] = []
        self.size_bytes = 0
        self._last_frame_90k = self._interval_90k = _DEFAULT_FRAME_90K
        self._newest_90k: int | None = None  # the picture added last; None where the next is not compared with it
        self._latest_90k = 0
        self._floor_90k: int | None = None  # where the last fragment ended; decode time never goes back
        self._next_90k: int | None = None  # the picture before which it ended by estimate
        self._reorders = False  # pictures were sent in another order than they are shown in
        self._cuts: list[int] = []  # where cuts belonged that were put off

    def restart_clock(self) -> None:
        """A new connection: nothing is compared with what came before."""
        self._floor_90k = self._next_90k = self._newest_90k = None
        self._reorders = False

    def skipped_before(self, unit: AccessUnit) -> int:
        """How much time passed since the last picture, where at the rate before some may be missing; else 0."""
        if not self.units:
            return 0
        step = unit.media_90k - self.units[-1].media_90k
        return step if step > SKIPPED_WHILE_SLOW_90K and step > 4 * self._interval_90k else 0

    def add(self, unit: AccessUnit) -> None:
        """Take one more picture."""
        if self.units:
            step = unit.media_90k - self.units[-1].media_90k
            if step > 0:
                self._last_frame_90k = step
            elif step < 0:
                self._reorders = True
        if self._newest_90k is not None and unit.media_90k > self._newest_90k:
            self._interval_90k = unit.media_90k - self._newest_90k
        self._newest_90k = unit.media_90k
        self._latest_90k = max(self._latest_90k, unit.media_90k) if self.units else unit.media_90k
        self.units.append(unit)
        self.size_bytes += unit.size_bytes

    def full_before(self, unit: AccessUnit) -> bool:
        """Whether a cut belongs before this picture: it is a key frame, or the fragment is long enough.

        A picture shown before one already here (a B picture) is never cut off from the pictures it stands between.
        """
        if not self.units:
            return False
        if unit.key or self.size_bytes >= _MOST_BYTES or len(self.units) >= _MOST_PICTURES:
            return True
        return unit.media_90k > self._latest_90k and unit.media_90k - self.units[0].media_90k >= FRAGMENT_90K

    def put_off(self) -> None:
        """A cut belongs here, and is made with the next one."""
        self._cuts.append(len(self.units))

    def cut(self, next_media_90k: int | None) -> list[Gathered]:
        """What was gathered, up to the next picture; where none follows, the last lasts as long as the one before."""
        units, cuts = self.units, self._cuts
        self.units, self.size_bytes, self._cuts = [], 0, []
        if next_media_90k is None:
            self._newest_90k = None
        if not cuts:
            return [self._laid_out(units, next_media_90k)]
        least = min(unit.wall - unit.media_90k for unit in units)
        ends = [*cuts, len(units)]
        pieces = [units[start:end] for start, end in zip([0, *cuts], ends, strict=True)]
        following = [*(piece[0].media_90k for piece in pieces[1:]), next_media_90k]
        return [replace(self._laid_out(*one), least_offset_90k=least) for one in zip(pieces, following, strict=True)]

    def _laid_out(self, units: list[AccessUnit], next_media_90k: int | None) -> Gathered:
        decode = sorted([unit.media_90k for unit in units])
        end = self._end_of(decode, next_media_90k)
        floor = self._floor_90k
        if floor is not None and (decode[0] < floor or units[0].media_90k == self._next_90k):
            decode = _not_before(floor, decode, end)
            end = max(end, decode[-1] + 1)
        self._floor_90k = end = max(end, decode[-1])
        self._next_90k = next_media_90k if self._reorders else None
        samples = [
            _new(Sample, (following - at, unit.size_bytes, unit.key, unit.media_90k - at))
            for unit, at, following in zip(units, decode, [*decode[1:], end], strict=True)
        ]
        parts = [part for unit in units for part in unit.parts]
        least = min([unit.wall - unit.media_90k for unit in units])
        size = sum([unit.size_bytes for unit in units])
        return Gathered(decode[0], end, samples, parts, size, units[0].key, least)

    def _end_of(self, decode: list[int], next_media_90k: int | None) -> int:
        """When the pictures' last one ends: with the next one, or, where others may be shown before that, by estimate.

        With B pictures the next one sent is shown after some that follow it. Were it the end, no time would be left
        to decode these in, and their decode times would stand still.
        """
        if not self._reorders:
            return next_media_90k if next_media_90k is not None else decode[-1] + self._last_frame_90k
        steps = sorted([after - at for at, after in pairwise(decode) if after > at])
        end = decode[-1] + (steps[len(steps) // 2] if steps else self._last_frame_90k)
        return end if next_media_90k is None else min(end, max(next_media_90k, decode[-1] + 1))


def _not_before(floor_90k: int, decode: list[int], end_90k: int) -> list[int]:
    """Decode times that begin at the floor and rise: those before it are spread over the time up to the next."""
    early = max(1, bisect_left(decode, floor_90k))
    until = max(decode[early] if early < len(decode) else end_90k, floor_90k)
    spread = [floor_90k + (until - floor_90k) * at // early for at in range(early)]
    rising: list[int] = []
    for at in [*spread, *decode[early:]]:
        rising.append(at if not rising or at > rising[-1] else rising[-1] + 1)
    return rising
