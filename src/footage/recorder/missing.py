"""What one camera's recording misses, and why: told to the outage before a file, or as a hole inside one.

Lives in the event loop. Decides no file and no run; see runs.py.
"""

from __future__ import annotations

import asyncio

from footage.contract import CameraId, Gap, GapCause
from footage.recorder.disk import CameraDisk
from footage.recorder.lag import lag_of
from footage.recorder.outage import Outage
from footage.recorder.resume import ResumePoint
from footage.times import utc_now

MISSED = "packets were lost on the way"
QUIET = "the camera sent no pictures, and still answered"
#: What a new connection's first picture may lie before the last one's end by jitter alone.
SEAM_90K = 90_000 // 4
#: So much later than the clock was set by, pictures are missing too, though nothing was heard of it.
_PAUSE_90K = 90_000


class Missing:
    """One camera's. `end_90k` is where the last picture ended (UTC); None before the first.

    `pictures`: some are missing before the next that is written; `quiet`: because the camera sent none.
    """

    def __init__(self, camera_id: CameraId, disk: CameraDisk, resume: ResumePoint) -> None:
        self._camera_id, self._disk = camera_id, disk
        self._lag = lag_of(asyncio.get_running_loop())
        self._started_90k = int(utc_now())
        self.outage = Outage(camera_id, disk, resume.gaps)
        self.end_90k = resume.end_90k
        self.pictures = self.quiet = False

    def we_were_slow(self) -> bool:
        """Whether the recorder itself was paused or overloaded, so lately that it may be felt."""
        return self._lag.felt()

    def blame(self, cause: GapCause, detail: str, *, pause: float = 0.5) -> tuple[GapCause, str]:
        """Why pictures are missing: for what follows a pause of our own (seconds), no camera and no network."""
        if cause is GapCause.CAMERA_LOST and self._lag.felt(pause):
            return GapCause.RECORDER_BEHIND, self._lag.words()
        return cause, detail

    def begin_gap(self, cause: GapCause, detail: str, now: int) -> None:
        """Nothing is recorded from the last picture on; where a gap lasts already, its cause changes now."""
        missed, self.pictures = self.pictures, False
        if missed and self.end_90k is not None and not self.outage.before and cause is not GapCause.CAMERA_LOST:
            self.outage.begin(self.end_90k, *self._why())
        self.quiet = False
        if self.outage.cause is GapCause.NODE_STOPPED:
            self.outage.change(self._started_90k, cause, detail)
        elif self.outage.before:
            self.outage.change(now, cause, detail)
        else:
            self.outage.begin(self._started_90k if self.end_90k is None else self.end_90k, cause, detail)

    def note_step(self, start: int, step: int) -> None:
        """The server's clock was set, and what begins at `start` begins in the new time."""
        detail = step_words(step)
        old, end = start - step, self.end_90k
        if end is not None and not self.outage.before and old > end + (SEAM_90K if self.pictures else _PAUSE_90K):
            self.outage.begin(end, *self._why())
        self.pictures = self.quiet = False
        if self.outage.before:
            self.outage.mark_step(old, start, detail)
        else:
            self.outage.begin(start if end is None else min(start, end), GapCause.CLOCK_STEP, detail)

    def note_inside(self, wall: int, run: int) -> None:
        """Pictures are missing inside a file."""
        if self.end_90k is not None and wall > self.end_90k:
            self._disk.add_hole(Gap(self._camera_id, self.end_90k, wall, *self._why()), run)
        self.pictures = self.quiet = False

    def note_before(self, wall: int) -> None:
        """Pictures are missing right before a file."""
        if self.pictures and self.end_90k is not None and wall > self.end_90k and not self.outage.before:
            self.outage.begin(self.end_90k, *self._why())
        self.pictures = self.quiet = False

    def _why(self) -> tuple[GapCause, str]:
        return self.blame(GapCause.CAMERA_LOST, QUIET if self.quiet else MISSED)


def step_words(step_90k: int) -> str:
    """By how much the clock was set, for the gap that says so."""
    way = "forward" if step_90k > 0 else "back"
    return f"the server's clock was set {way} by {abs(step_90k) / 90_000:.3f} s"
