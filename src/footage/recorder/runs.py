"""One camera's runs and files: where each begins and ends, and what is handed to the disk.

Lives in the event loop. What is fed to it, and whether the disk takes it, is camera.py's.
"""

from __future__ import annotations

from dataclasses import dataclass

from footage.contract import CameraSource, GapCause
from footage.recorder.clock import RunClock
from footage.recorder.condition import Condition
from footage.recorder.disk import CameraDisk
from footage.recorder.gather import Gathered, Gatherer
from footage.recorder.missing import SEAM_90K, Missing
from footage.recorder.resume import ResumePoint
from footage.recorder.sound import SoundLane, TakenSound
from footage.rtsp.events import AccessUnit, VideoParameters
from footage.segments.header import GapBefore, SegmentHeader
from footage.segments.writer import SoundRun, fragment_head, segment_start
from footage.times import utc_now

MINUTE_90K = 60 * 90_000
APART = "the server's clock and the camera's went apart"
#: Longest file; a camera whose key frames are further apart starts a new run at the next one.
LONGEST_90K = 590 * 90_000
#: A camera may send its last pictures again after a reconnection: they are recorded again, under their true times and
#: another run. A run that begins longer before the last one's end than this means that the clock was set back.
OVERLAP_90K = 10 * 90_000


@dataclass(slots=True)
class _Segment:
    """The file being written. Times on the media clock of this connection, walls in UTC.

    `start_90k` is where the file's own clock starts: at its first picture, or at sound that begins before it.
    """

    header: SegmentHeader
    start_90k: int
    rotate_at_90k: int  # UTC
    last_duration_90k: int
    fragments: int = 1


class Runs:
    """What CameraRecorder is on its side towards the disk. Everything returns at once."""

    def __init__(
        self, camera: CameraSource, resume: ResumePoint, disk: CameraDisk, condition: Condition, missing: Missing
    ) -> None:
        self.camera = camera
        self.disk = disk
        self.condition = condition
        self.sound = SoundLane()
        self._missing = missing
        self._run, self._sequence = resume.next_run - 1, resume.next_sequence - 1
        self._parameters: VideoParameters | None = None
        self._gatherer = Gatherer()
        self._clock: RunClock | None = None
        self._stepped_90k = 0
        self._in_run = False
        self._segment: _Segment | None = None
        self._before: tuple[GapBefore, ...] = ()  # what the file begun last was to end
        self._need_key = True
        self._rotate_asked = False

    def _begin_file(self, gathered: Gathered) -> None:
        assert self._parameters is not None
        missing = self._missing
        if not self._in_run:
            self._begin_run(gathered)
        assert self._clock is not None
        wall = self._clock.wall_at(gathered.start_90k)
        sound = self.sound.take(gathered.end_90k, gathered.least_offset_90k)
        origin = min(gathered.start_90k, sound.start_90k) if sound else gathered.start_90k
        self._observe(gathered)
        self._sequence += 1
        missing.note_before(wall)
        self._before = missing.outage.over()
        header = self._header(wall, self._before)
        self._segment = _Segment(header, origin, self._next_rotation(wall), gathered.duration_90k)
        missing.end_90k = end = wall + gathered.duration_90k
        self.disk.begin(
            header,
            segment_start(self._parameters, header, self.sound.parameters),
            _head(1, origin, wall, gathered, sound),
            _parts(gathered, sound),
            len(gathered.samples),
            end,
        )
        self.condition.recording(wall)

    def _append(self, segment: _Segment, gathered: Gathered) -> None:
        assert self._clock is not None
        missing = self._missing
        self._clock.slew(segment.last_duration_90k)
        wall = self._clock.wall_at(gathered.start_90k)
        if missing.pictures:
            missing.note_inside(wall, self._run)
        self._observe(gathered)
        segment.fragments += 1
        segment.last_duration_90k = gathered.duration_90k
        missing.end_90k = end = wall + gathered.duration_90k
        sound = self.sound.take(gathered.end_90k, gathered.least_offset_90k)
        head = _head(segment.fragments, segment.start_90k, wall, gathered, sound)
        self.disk.append(head, _parts(gathered, sound), len(gathered.samples), end)
        if gathered.end_90k - segment.start_90k > LONGEST_90K:
            self._end_run()
            self._need_key = True
            missing.begin_gap(GapCause.CAMERA_LOST, "no key frame for ten minutes", utc_now())

    def _observe(self, gathered: Gathered) -> None:
        # Pictures that arrived after the wall clock was set say nothing of a run that began before.
        if self._clock is not None and not self._stepped_90k:
            self._clock.observe(gathered.least_offset_90k)

    def _begin_run(self, gathered: Gathered) -> None:
        self._run += 1
        self._in_run = True
        self.sound.begin_run(gathered.start_90k)
        if self._clock is not None:
            return  # the same connection goes on: after a change of parameters, or when the disk has caught up
        start = gathered.start_90k + gathered.least_offset_90k
        self._clock = RunClock(gathered.least_offset_90k)
        missing, end = self._missing, self._missing.end_90k
        if self._stepped_90k:
            missing.note_step(start, self._stepped_90k)
        elif end is not None and end - SEAM_90K < start < end:
            self._clock.offset_90k += end - start  # jitter; slewing takes it back
        elif end is not None and start <= end - OVERLAP_90K and not missing.outage.began_by(start):
            missing.note_step(start, start - end)
        elif end is not None and not missing.outage.before and not missing.pictures and start != end:
            # The run was ended by the wall clock's drift from the camera's, which nothing else explains.
            missing.outage.begin(min(start, end), GapCause.CLOCK_STEP, APART)
        self._stepped_90k = 0

    def _end_run(self) -> None:
        self._end_segment()
        self._in_run = False
        self._clock = None

    def _end_segment(self) -> None:
        if self._segment is not None:
            self._segment = None
            self.disk.finish()

    def _wants_new_file(self, unit: AccessUnit) -> bool:
        segment = self._segment
        if segment is None or self._clock is None:
            return False
        return self._rotate_asked or self._clock.wall_at(unit.media_90k) >= segment.rotate_at_90k

    def _header(self, wall: int, gaps: tuple[GapBefore, ...]) -> SegmentHeader:
        assert self._parameters is not None
        return SegmentHeader(
            camera_id=self.camera.camera_id,
            name=self.camera.name,
            run=self._run,
            sequence=self._sequence,
            start_90k=wall,
            codec=",".join(part.rfc6381 for part in (self._parameters, self.sound.parameters) if part),
            width=self._parameters.width,
            height=self._parameters.height,
            gaps_before=gaps,
            checked=True,
        )

    def _next_rotation(self, wall: int) -> int:
        """The next whole minute, moved by the camera's own share of one, so that files do not all close at once."""
        shift = self.camera.camera_id.int % MINUTE_90K
        return ((wall - shift) // MINUTE_90K + 1) * MINUTE_90K + shift


def _head(number: int, origin_90k: int, wall: int, gathered: Gathered, sound: TakenSound | None) -> bytes:
    """A fragment's head, its times counted from the file's origin."""
    run = SoundRun(sound.start_90k - origin_90k, sound.samples) if sound else None
    return fragment_head(number, gathered.start_90k - origin_90k, wall, gathered.samples, run)


def _parts(gathered: Gathered, sound: TakenSound | None) -> list[bytes | memoryview]:
    return [*gathered.parts, *sound.parts] if sound else gathered.parts
