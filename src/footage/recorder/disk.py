"""One camera's disk work, off the event loop: files, rows and gaps, in the order they happened.

The buffer is bounded; who hands in more than fits is told so, and records a gap instead of losing pictures silently.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from footage.catalogue import Catalogue, OpenFile
from footage.catalogue.ballast import untouched_bytes
from footage.catalogue.volume import StoreLost
from footage.contract import CameraId, FootageError, Gap, GapCause, SegmentClosed
from footage.recorder.adopt import adopt_left
from footage.recorder.file import SegmentFile, free_path
from footage.recorder.gap_rows import GapRows
from footage.recorder.strand import Job, Strand
from footage.segments.header import SegmentHeader

log = logging.getLogger("footage.disk")

Parts = Sequence[bytes | memoryview]
#: What a job costs beyond its bytes, so that countless small ones are bounded too.
_JOB_BYTES = 1024


@dataclass(frozen=True, slots=True)
class DiskTrouble:
    """A file took no more: why, and where what is safe of it on the disk ends (None where nothing is).

    The journal has been told; `sequence` is the file's.
    """

    cause: GapCause
    detail: str
    safe_until_90k: int | None
    start_90k: int
    sequence: int


@dataclass(slots=True)
class _Appending:
    """Fragments for the file begun last that wait for their turn. They are written and flushed together."""

    fragments: list[Parts] = field(default_factory=list)
    size: int = 0
    frames: int = 0
    end_90k: int = 0


class CameraDisk:
    """The methods are called from the event loop and never block; the work is done by the pool's threads in order.

    `on_closed` and `on_trouble` are called in a disk thread.
    """

    def __init__(
        self,
        store: Path,
        catalogue: Catalogue,
        strand: Strand,
        *,
        on_closed: Callable[[SegmentClosed], None],
        on_trouble: Callable[[DiskTrouble], None],
    ) -> None:
        self._store, self._catalogue, self._strand = store, catalogue, strand
        self._on_closed, self._on_trouble = on_closed, on_trouble
        self._file: SegmentFile | None = None
        self._opened: OpenFile | None = None
        self._gaps = GapRows(catalogue, self._write_rows)
        self._owed: list[Job] = []
        self._left: list[tuple[OpenFile, int]] = []  # files that could not be closed, and where they end
        self._guard = threading.Lock()
        self._pending_bytes = 0
        self._appending: _Appending | None = None  # the job handed in last, while no thread has begun it

    @property
    def pending_bytes(self) -> int:
        """Bytes handed in and not yet written."""
        return self._pending_bytes

    def begin(self, header: SegmentHeader, start: bytes, head: bytes, parts: Parts, frames: int, end_90k: int) -> None:
        """Start a file with its first fragment."""
        size = self._take(_JOB_BYTES + len(start) + len(head) + sum(map(len, parts)))
        self._put(lambda: self._begin(header, b"".join((start, head, *parts)), frames, end_90k, size))

    def append(self, head: bytes, parts: Parts, frames: int, end_90k: int) -> None:
        """Write one more fragment into the file begun last, in one go with those that wait there already."""
        size = _JOB_BYTES + len(head) + sum(map(len, parts))
        with self._guard:
            self._pending_bytes += size
            waiting = self._appending
            job = self._appending = waiting or _Appending()
            job.fragments.append((head, *parts))
            job.size += size
            job.frames += frames
            job.end_90k = end_90k
        if waiting is None:
            self._strand.put(lambda: self._append(job))

    def finish(self) -> None:
        """Close the file begun last and write its row."""
        self._put(self._finish)

    def open_gap(self, camera_id: CameraId, start_90k: int, cause: GapCause, detail: str) -> None:
        """Write that a gap begins."""
        self._put(lambda: self._gaps.begin(camera_id, start_90k, cause, detail))

    def change_gap(
        self, camera_id: CameraId, at_90k: int, cause: GapCause, detail: str, *, since_90k: int | None = None
    ) -> None:
        """Write that a gap goes on for another cause, as GapRows.change does."""
        self._put(lambda: self._gaps.change(camera_id, at_90k, cause, detail, since_90k=since_90k))

    def add_hole(self, gap: Gap, run: int) -> None:
        """Write that pictures were missed inside a file."""
        self._journal(lambda: self._catalogue.add_hole(gap, run))

    def add_clock_offset(self, camera_id: CameraId, at_90k: int, offset_ms: float) -> None:
        """Keep a measurement of the camera's clock."""
        self._journal(lambda: self._catalogue.add_clock_offset(camera_id, at_90k, offset_ms))

    def when_done(self, call: Job) -> None:
        """Call, in a disk thread, once all that was handed in is done."""
        self._put(call)

    def _journal(self, job: Job) -> None:
        self._put(lambda: self._write_rows(job))

    def _put(self, job: Job) -> None:
        """Hand in a job behind all others: fragments that come later are written after it."""
        with self._guard:
            self._appending = None
        self._strand.put(job)

    def _take(self, size: int) -> int:
        with self._guard:
            self._pending_bytes += size
        return size

    def _give_back(self, size: int) -> None:
        with self._guard:
            self._pending_bytes -= size

    def _begin(self, header: SegmentHeader, data: bytes, frames: int, end_90k: int, size: int) -> None:
        self._finish()
        try:
            self._leave_room(size)
            self._take_left()
            self._pay()  # what is still owed must be written before this file closes a gap
            path = free_path(self._store, header)
            self._opened = OpenFile(header.camera_id, path, header.run, header.sequence, header.start_90k)
            self._catalogue.begin_file(self._opened)
            self._file = SegmentFile(self._store, path, header)
            self._file.append([data], frames, end_90k)
        except Exception as error:
            self._stumble(error, header)
        else:
            self._gaps.over(header.camera_id, header.start_90k)
        finally:
            self._give_back(size)

    def _append(self, job: _Appending) -> None:
        with self._guard:
            if self._appending is job:
                self._appending = None
        file = self._file
        try:
            if file is not None:  # after trouble the rest of the file is let go, until the next begin
                self._leave_room(job.size)
                file.append([b"".join(parts) for parts in job.fragments], job.frames, job.end_90k)
        except Exception as error:
            assert file is not None
            self._stumble(error, file.header)
        finally:
            self._give_back(job.size)

    def _leave_room(self, size: int) -> None:
        """Raises OSError (no space) before cameras eat what the journal needs to put a full disk in order."""
        self._catalogue.volume.check_place()
        disk = os.statvfs(self._store)
        if disk.f_bavail * disk.f_frsize - size < untouched_bytes(disk.f_blocks * disk.f_frsize):
            raise OSError(errno.ENOSPC, "no room but for the journal")

    def _finish(self) -> None:
        file, opened = self._file, self._opened
        self._file = self._opened = None
        if file is None:
            if opened is not None:
                self._write_rows(lambda: self._catalogue.forget_file(opened.path))
            return
        assert opened is not None
        try:
            closed = file.close()
        except Exception as error:
            # The row stays away until the file can be read back, now or at the next start.
            log.error("%s could not be flushed: %s", opened.path, error)
            self._left.append((opened, file.end_90k))
            return
        if closed is not None:
            self._write_rows(lambda: self._catalogue.add_segment(closed))
            self._on_closed(closed)
        else:
            self._write_rows(lambda: self._catalogue.forget_file(opened.path))

    def _stumble(self, error: Exception, header: SegmentHeader) -> None:
        """Close what is whole, tell the journal where it ends, and say why nothing more is written."""
        if not isinstance(error, OSError | sqlite3.Error | FootageError):
            log.exception("writing failed in an unknown way", exc_info=error)
        until = self._file.end_90k if self._file is not None and self._file.frames else None
        self._finish()
        cause, detail = _cause(error)
        start = header.start_90k
        self._gaps.broke(header.camera_id, start if until is None else until, cause, detail)
        self._on_trouble(DiskTrouble(cause, detail, until, start, header.sequence))

    def _take_left(self) -> None:
        """Give their rows to files that could not be closed, where they can be read by now."""
        left, self._left = self._left, []
        for opened, end_90k in left:
            try:
                adopt_left(self._catalogue, opened, end_90k)
            except (OSError, sqlite3.Error, FootageError) as error:
                log.warning("%s cannot be taken in yet: %s", opened.path, error)
                self._left.append((opened, end_90k))

    def _write_rows(self, job: Job) -> None:
        """Write to the journal, in order; what cannot be written now is owed and tried before the next."""
        self._owed.append(job)
        self._try_to_pay()

    def _try_to_pay(self) -> None:
        try:
            self._pay()
        except (sqlite3.Error, FootageError) as error:
            log.warning("the journal cannot be written now (%s); %d rows wait", error, len(self._owed))

    def _pay(self) -> None:
        """Write the rows that are owed, oldest first. Raises sqlite3.Error at the first that cannot be written."""
        while self._owed:
            self._owed[0]()
            del self._owed[0]

    def settle(self) -> None:
        """Try again to write the rows that are owed, and to take in what could not be closed."""
        if self._owed or self._left:
            self._put(self._settle)

    def _settle(self) -> None:
        self._try_to_pay()
        self._take_left()


def _cause(error: Exception) -> tuple[GapCause, str]:
    if isinstance(error, StoreLost):
        return GapCause.DISK_LOST, str(error)
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    if full or (isinstance(error, sqlite3.Error) and "full" in str(error)):
        return GapCause.DISK_FULL, "no room on the disk"
    with contextlib.suppress(AttributeError, TypeError):
        return GapCause.DISK_BEHIND, f"writing failed: {error.strerror}"  # type: ignore[attr-defined]
    return GapCause.DISK_BEHIND, f"writing failed: {error}"
