"""How far a sealing is, written where the page can read it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from footage.contract import Progress
from overt.evidence.models import Exhibit, ExhibitClip

#: Called with parts done and parts in all.
ProgressTell = Callable[[int, int], None]
_EVERY_SECONDS = 0.5
#: Duplicating is the kernel's copy, cutting also hashes three times: about one part in four.
_CUT, _COPY = 3, 1


class Meter:
    """Counts the work in parts: each clip's length, three times for cutting and once for copying."""

    def __init__(self, exhibit: Exhibit, tell: ProgressTell | None = None) -> None:
        self._exhibit, self._tell, self._told = exhibit, tell, 0.0
        self._before = self._total = 0

    def plan(self, clips: Sequence[ExhibitClip]) -> None:
        self._total = sum((clip.end_90k - clip.start_90k) * (_CUT + _COPY) for clip in clips)
        self._write(0, at_once=True)

    def cutting(self, clip: ExhibitClip) -> Progress:
        share = (clip.end_90k - clip.start_90k) * _CUT

        def tell(done: int, total: int) -> None:
            self._write(self._before + share * done // max(total, 1))
            if done >= total:
                self._before += share

        return tell

    def copying(self, clip: ExhibitClip, total_bytes: int) -> Callable[[int], None]:
        share = (clip.end_90k - clip.start_90k) * _COPY

        def tell(count: int) -> None:
            self._before += share * count // max(total_bytes, 1)
            self._write(self._before)

        return tell

    def _write(self, done: int, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if not at_once and now - self._told < _EVERY_SECONDS:
            return
        self._told = now
        Exhibit.objects.filter(pk=self._exhibit.pk).update(
            progress_done=min(done, self._total), progress_total=self._total
        )
        if self._tell:
            self._tell(min(done, self._total), self._total)
