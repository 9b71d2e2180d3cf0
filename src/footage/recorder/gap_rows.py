"""What the journal is told of one camera's gaps, by the thread that knows what is on the disk.

The event loop says why nothing comes; only here is it known what was written. So a gap is closed by a file that is
there, never by one that is about to be, and what a file lost is a gap whatever the loop has gone on to meanwhile.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable

from footage.catalogue import Catalogue
from footage.contract import CameraId, GapCause
from footage.recorder.strand import Job

log = logging.getLogger("footage.disk")


class GapRows:
    """One camera's. Called in the order things happened; `write` takes what goes into the journal, now or later."""

    def __init__(self, catalogue: Catalogue, write: Callable[[Job], None]) -> None:
        self._catalogue, self._write = catalogue, write
        self._known = False
        self._cause: GapCause | None = None  # of the gap that is open, or will be once all is written
        self._start_90k = 0

    def begin(self, camera_id: CameraId, start_90k: int, cause: GapCause, detail: str) -> None:
        """Nothing is recorded from here on. Where a gap is open for another cause, that one ends."""
        self._learn(camera_id)
        if self._cause is not None:
            self.change(camera_id, max(start_90k, self._start_90k), cause, detail)
            return
        self._cause, self._start_90k = cause, start_90k
        self._write(lambda: self._catalogue.open_gap(camera_id, start_90k, cause, detail))

    def change(
        self, camera_id: CameraId, at_90k: int, cause: GapCause, detail: str, *, since_90k: int | None = None
    ) -> None:
        """The open gap ends, and goes on for another cause, in a new time (`since_90k`) where the clock was set."""
        self._learn(camera_id)
        if self._cause is cause and since_90k is None:
            return
        since = at_90k if since_90k is None else since_90k
        self._cause, self._start_90k = cause, since
        self._write(lambda: self._catalogue.change_gap(camera_id, at_90k, cause, detail, since_90k=since))

    def broke(self, camera_id: CameraId, from_90k: int, cause: GapCause, detail: str) -> None:
        """A file took no more from here on."""
        self.begin(camera_id, from_90k, cause, detail)

    def over(self, camera_id: CameraId, at_90k: int) -> None:
        """A file that begins here is on the disk."""
        self._learn(camera_id)
        if self._cause is not None:
            self._cause = None
            self._write(lambda: self._catalogue.close_gap(camera_id, at_90k))

    def _learn(self, camera_id: CameraId) -> None:
        """What the journal says at the first word: a gap that lasts since before this start."""
        if self._known:
            return
        try:
            last = self._catalogue.open_gap_of(camera_id)
        except sqlite3.Error as error:
            log.warning("the journal cannot be read now (%s)", error)
            return
        self._known = True
        if last is not None:
            self._cause, self._start_90k = last.cause, last.start_90k
