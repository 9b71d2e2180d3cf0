"""Hands one camera's fragments to the disk while it takes them, and begins a gap while it does not.

Lives in the event loop, and never waits for the disk. What comes is camera.py's, where files begin runs.py's.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from footage.contract import CameraCondition, CameraSource, GapCause, SegmentClosed
from footage.recorder.budget import FileBudget
from footage.recorder.condition import Condition
from footage.recorder.disk import CameraDisk, DiskTrouble
from footage.recorder.gather import Gathered
from footage.recorder.live import LiveChannel
from footage.recorder.missing import Missing
from footage.recorder.resume import ResumePoint
from footage.recorder.runs import Runs
from footage.times import utc_now

log = logging.getLogger("footage.recorder")
_T = TypeVar("_T")

MakeDisk = Callable[[Callable[[SegmentClosed], None], Callable[[DiskTrouble], None]], CameraDisk]


class Writing(Runs):
    """What CameraRecorder is while the disk is full, slow or broken. Everything but the coroutines returns at once."""

    def __init__(
        self,
        camera: CameraSource,
        resume: ResumePoint,
        make_disk: MakeDisk,
        live: LiveChannel,
        *,
        buffer_bytes: int,
        files_a_minute: int,
    ) -> None:
        self.live = live
        self._loop = asyncio.get_running_loop()
        disk = make_disk(partial(self._from_thread, self._closed), partial(self._from_thread, self._trouble))
        missing = Missing(camera.camera_id, disk, resume)
        condition = Condition(live, utc_now() if resume.end_90k is None else resume.end_90k)
        super().__init__(camera, resume, disk, condition, missing)
        self._buffer_bytes = buffer_bytes
        self._files = FileBudget(files_a_minute)
        self._blocked: GapCause | None = None
        self._retry_at = 0.0
        self._shed = False
        self._awaiting: list[asyncio.Future[None]] = []

    # What the node asks

    def shed(self, detail: str, cause: GapCause = GapCause.DISK_FULL) -> None:
        """Record no more for now, so that others can: the disk is nearly full, or lost."""
        self._shed = True
        if self._blocked is None or (cause is GapCause.DISK_LOST and self._blocked is not cause):
            self._block(cause, detail)

    def unshed(self) -> None:
        """Record again from the next key frame."""
        self._shed = False
        self._retry_at = 0.0

    @property
    def is_shed(self) -> bool:
        return self._shed

    async def drained(self) -> None:
        """Wait until all that was handed to the disk is on it."""
        done: asyncio.Future[None] = self._loop.create_future()
        self.disk.when_done(lambda: self._from_thread(_resolve, [done]))
        await done

    async def close_segment(self) -> None:
        """Close and commit the file being written at the next key frame, without losing a picture."""
        if self._segment is None and not self._gatherer.units:
            return
        closed: asyncio.Future[None] = self._loop.create_future()
        self._awaiting.append(closed)
        self._rotate_asked = True
        await closed

    # Writing, and not

    def _write(self, fragments: Sequence[Gathered]) -> None:
        for gathered in fragments:
            self._write_one(gathered)

    def _write_one(self, gathered: Gathered) -> None:
        """Hand a fragment to the disk, or, where its buffer is full, begin a gap."""
        if self._blocked is not None:
            return
        if self.disk.pending_bytes + gathered.size_bytes > self._buffer_bytes:
            self._block(GapCause.DISK_BEHIND, "the disk is slower than the camera")
            return
        if self._segment is None:
            if self._files.spend(self._loop.time()):
                self._begin_file(gathered)
            else:
                self._block(GapCause.CAMERA_TOO_MUCH, self._files.words())
        else:
            self._append(self._segment, gathered)

    def _block(self, cause: GapCause, detail: str, *, at_90k: int | None = None) -> None:
        """Record nothing until the disk takes it again; live pictures go on. `at_90k`: since then, if not since now."""
        if self._gatherer.units:
            self._gatherer.cut(None)
        self._end_segment()
        self._in_run = False
        self._need_key = True
        self._blocked = cause
        self._retry_at = max(self._loop.time() + 2.0, self._files.paused_until)
        now = int(utc_now())
        self._missing.begin_gap(cause, detail, now if at_90k is None else at_90k)
        self.condition.set(CameraCondition.STOPPED, f"Not recorded: {detail}", now)
        self._answer_waiting()

    def _may_resume(self) -> bool:
        if self._shed or self._loop.time() < self._retry_at:
            return False
        if self.disk.pending_bytes > self._buffer_bytes // 2:
            return False
        self._blocked = None
        return True

    def _trouble(self, trouble: DiskTrouble) -> None:
        """The disk refused: what is safe ends earlier than we thought."""
        log.error("%s: %s", self.camera.name, trouble.detail)
        if trouble.sequence != self._sequence:
            return  # another file was begun since, and ends the gap that the disk has told of
        segment, missing = self._segment, self._missing
        safe = trouble.start_90k if trouble.safe_until_90k is None else trouble.safe_until_90k
        missing.end_90k = safe
        if trouble.safe_until_90k is None:
            missing.outage.not_over(self._before)
        if segment is None or self._blocked is not None:
            missing.outage.lost_more(safe, trouble.cause, trouble.detail)
            return
        self._segment = None
        self._block(trouble.cause, trouble.detail, at_90k=safe)

    def _from_thread(self, call: Callable[[_T], None], value: _T) -> None:
        """Run in the loop what a disk thread has to tell; after the loop's end nobody listens any more."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(call, value)

    def _closed(self, segment: SegmentClosed) -> None:
        self.condition.closed(segment)

    def _answer_waiting(self) -> None:
        """Once all that was handed in is on the disk, whoever waits for a closed segment is told."""
        self._rotate_asked = False
        waiting, self._awaiting = self._awaiting, []
        if waiting:
            self.disk.when_done(lambda: self._from_thread(_resolve, waiting))


def _resolve(waiting: list[asyncio.Future[None]]) -> None:
    for future in waiting:
        if not future.done():
            future.set_result(None)
