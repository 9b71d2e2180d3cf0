"""The gaps since a camera's last picture: told to the journal as they happen, and to the next file's header."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from footage.contract import CameraId, GapCause
from footage.recorder.disk import CameraDisk
from footage.rtsp.events import LossCause
from footage.segments.header import MOST_BEFORE, GapBefore


def gap_cause(loss: LossCause) -> GapCause:
    """What a lost stream is called on the timeline."""
    if loss is LossCause.TOO_MUCH:
        return GapCause.CAMERA_TOO_MUCH
    refused = loss in (LossCause.REFUSED, LossCause.UNTRUSTED, LossCause.UNSUPPORTED)
    return GapCause.CAMERA_REFUSED if refused else GapCause.CAMERA_LOST


class Outage:
    """At most one gap is open; another cause ends it and begins the next."""

    def __init__(self, camera_id: CameraId, disk: CameraDisk, before: Iterable[GapBefore] = ()) -> None:
        self._camera_id, self._disk = camera_id, disk
        self.before = list(before)

    @property
    def cause(self) -> GapCause | None:
        """Why nothing is recorded now, or None."""
        return self.before[-1].cause if self.before else None

    def began_by(self, moment_90k: int) -> bool:
        """Whether the open gap began before that: by the same clock, however it was set before."""
        return bool(self.before) and self.before[-1].start_90k <= moment_90k

    def begin(self, start_90k: int, cause: GapCause, detail: str) -> None:
        """Open a gap; where one is open for another cause, that one ends at `start_90k`."""
        if self.before:
            self.change(start_90k, cause, detail)
            return
        self._add(GapBefore(start_90k, cause, detail))
        self._disk.open_gap(self._camera_id, start_90k, cause, detail)

    def change(self, at_90k: int, cause: GapCause, detail: str) -> None:
        """Something else keeps the camera from recording now."""
        if self.cause is cause:
            return
        at_90k = max(at_90k, self.before[-1].start_90k)
        self._add(GapBefore(at_90k, cause, detail))
        self._disk.change_gap(self._camera_id, at_90k, cause, detail)

    def mark_step(self, old_90k: int, new_90k: int, detail: str) -> None:
        """The wall clock was set while a gap was open: that one ends by the old time, and the new time begins.

        A step forward is a gap of its own length, one back is a moment: where the new time begins.
        """
        last = self.before[-1]
        ended = max(last.start_90k, old_90k)
        since = min(ended, new_90k)
        if since < ended:
            self.before[-1] = replace(last, end_90k=ended)
        self._add(GapBefore(since, GapCause.CLOCK_STEP, detail))
        self._disk.change_gap(self._camera_id, ended, GapCause.CLOCK_STEP, detail, since_90k=since)

    def lost_more(self, from_90k: int, cause: GapCause, detail: str) -> None:
        """A file that was left ended earlier than was thought. The journal knows; the next file is to say it too."""
        if not self.before or from_90k < self.before[0].start_90k:
            self.before.insert(0, GapBefore(from_90k, cause, detail))

    def over(self) -> tuple[GapBefore, ...]:
        """Pictures come again: hand over what the file's header is to say. The journal closes the gap with the file."""
        ended, self.before = tuple(self.before), []
        return ended

    def not_over(self, gaps: Iterable[GapBefore]) -> None:
        """The file that was to end these came to nothing."""
        self.before = [*gaps, *self.before]

    def _add(self, gap: GapBefore) -> None:
        self.before.append(gap)
        if len(self.before) > MOST_BEFORE:
            del self.before[1]  # of a camera that goes on like this for days; the journal has every one
