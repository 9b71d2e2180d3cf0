"""A camera's recording as whole fragments in order of time: what the journal has a row for, and what is newer.

The recorder's open file is read as it stands, up to its last whole fragment, so that reviewing the last minute does
not disturb the recorder.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from footage.catalogue.segments import OpenFile
from footage.contract import CameraId, DamagedFootage, Gap, SegmentClosed
from footage.playback.index import FileIndex, IndexCache
from footage.playback.spans import Stretch, check_span, stretches
from footage.times import utc_now, utc_text

_log = logging.getLogger(__name__)

OTHER_HASH = "its SHA-256 is not the one in the journal"


class Journal(Protocol):
    """What playback needs of the catalogue."""

    def segments(self, camera_id: CameraId, start_90k: int, end_90k: int) -> list[SegmentClosed]: ...

    def open_files(self, camera_id: CameraId | None = None) -> list[OpenFile]: ...

    def gaps(self, camera_id: CameraId, start_90k: int, end_90k: int) -> list[Gap]: ...

    def first_known_90k(self, camera_id: CameraId) -> int | None: ...

    def clock_offset_at(self, camera_id: CameraId, at_90k: int) -> tuple[int, float] | None: ...


class Archive:
    """Reads a store. Several threads may use one."""

    def __init__(self, store: Path, journal: Journal, cache: IndexCache | None = None) -> None:
        self.store, self.journal = store, journal
        self._cache = cache or IndexCache()

    def stretches(
        self, camera_id: CameraId, start_90k: int, end_90k: int, *, not_before_90k: int | None = None
    ) -> list[Stretch]:
        """What shows `[start, end)`; see spans.stretches. Raises BadSpan or NoFootage. A review may run past now.

        A file that is gone or damaged is left out, or taken as far as it is whole: review shows what there is. What
        leaves the room is checked to the last byte in clips.py.
        """
        now = utc_now()
        check_span(start_90k, end_90k, now if start_90k >= now else max(now, end_90k))
        files = self.files(camera_id, start_90k, end_90k)
        return stretches(files, start_90k, end_90k, not_before_90k=not_before_90k)

    def files(self, camera_id: CameraId, start_90k: int, end_90k: int) -> list[FileIndex]:
        """Indexes of the files that may show part of the span."""
        rows = self.journal.segments(camera_id, start_90k, end_90k)
        known = [row.path for row in rows]
        begun = [one.path for one in self.journal.open_files(camera_id) if one.start_90k < end_90k]
        return self._indexes([*known, *(path for path in begun if path not in known)])

    def whole_files(self, rows: Sequence[SegmentClosed]) -> list[FileIndex]:
        """Indexes of exactly these segments. Raises DamagedFootage naming the first that is gone or not whole."""
        found = []
        for row in rows:
            try:
                index = self._cache.index(self.store / row.path)
                trouble = index.trouble
            except OSError as error:
                raise damaged(row, f"it cannot be read ({error.strerror})") from error
            except DamagedFootage as error:
                raise damaged(row, str(error)) from error
            if trouble or index.size_bytes != row.size_bytes:
                raise damaged(row, trouble or f"it has {index.size_bytes} bytes, and had {row.size_bytes}")
            found.append(index)
        return found

    def verify(self, camera_id: CameraId, stretch: Stretch) -> None:
        """Hold the files of a stretch against the journal's SHA-256. Raises DamagedFootage.

        A file without a row has none yet, and is taken as it is.
        """
        paths = {piece.file.path for piece in stretch.pieces}
        for row in self.journal.segments(camera_id, stretch.start_90k, stretch.end_90k):
            path = self.store / row.path
            if path in paths:
                with path.open("rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != row.sha256:
                        raise damaged(row, OTHER_HASH)

    def _indexes(self, paths: Sequence[str]) -> list[FileIndex]:
        found = []
        for path in paths:
            try:
                found.append(self._cache.index(self.store / path))
            except (OSError, DamagedFootage) as error:
                _log.debug("left out of review: %s: %s", path, error)
        return found


def damaged(row: SegmentClosed, why: str) -> DamagedFootage:
    """The error for a segment that is not what the journal says: which, when, and what to do."""
    span = f"{utc_text(row.start_90k)} to {utc_text(row.end_90k)}"
    return DamagedFootage(f"The recording of {span} is damaged: {why} ({row.path}). Ask for the time around it.")
