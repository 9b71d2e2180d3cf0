"""Records one camera: takes pictures as they come, hands fragments to the disk, and never waits for it.

Lives in the event loop. Starts with `CameraRecorder(...)`, is fed as a StreamSink, ends with `stop`. A failing
camera or file opens a gap and tries again; it never touches its neighbours.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from footage.contract import CameraCondition, CameraHealth, CameraSource, Gap, GapCause, SegmentClosed
from footage.recorder.budget import FILES_A_MINUTE, FileBudget
from footage.recorder.clock import RunClock, StepWatch
from footage.recorder.condition import Condition
from footage.recorder.disk import CameraDisk, DiskTrouble
from footage.recorder.gather import Gathered, Gatherer
from footage.recorder.lag import lag_of
from footage.recorder.live import LiveChannel
from footage.recorder.outage import Outage, gap_cause
from footage.recorder.resume import ResumePoint
from footage.recorder.sound import SoundLane, TakenSound
from footage.rtsp.events import AccessUnit, LossCause, Oddity, VideoParameters
from footage.segments.boxes import DamagedSegment
from footage.segments.codecs import BadParameterSet
from footage.segments.header import GapBefore, SegmentHeader
from footage.segments.writer import SoundRun, fragment_head, init_segment, segment_start
from footage.times import Camera90k, Utc90k, utc_now

log = logging.getLogger("footage.recorder")
_T = TypeVar("_T")

MINUTE_90K = 60 * 90_000
#: Longest file; a camera whose key frames are further apart starts a new run at the next one.
LONGEST_90K = 590 * 90_000
#: What one camera may have waiting for the disk: at 4 Mbit/s this is half a minute.
BUFFER_BYTES = 16 * 1024 * 1024
#: A camera may send its last pictures again after a reconnection: they are recorded again, under their true times and
#: another run. A run that begins longer before the last one's end than this means that the clock was set back.
OVERLAP_90K = 10 * 90_000
#: What a new connection's first picture may lie before the last one's end by jitter alone.
SEAM_90K = 90_000 // 4
#: A camera whose pictures nobody takes for so long may end the connection for it.
HANGS_UP_SECONDS = 1.5
#: No camera that goes on recording is quiet for so long of a sudden: the slowest known send a picture in ten seconds.
QUIET_90K = 12 * 90_000
#: So long a run's first pictures are waited for before it is said when they were taken.
ANCHOR_NS = 1_000_000_000
MISSED = "packets were lost on the way"
QUIET = "the camera sent no pictures, and still answered"
_OFFSET_EVERY_90K, _OFFSET_CHANGE_MS = MINUTE_90K, 20.0


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


class CameraRecorder:
    """One camera's StreamSink. Every method is called from the loop's thread and returns at once."""

    def __init__(
        self,
        camera: CameraSource,
        resume: ResumePoint,
        make_disk: Callable[[Callable[[SegmentClosed], None], Callable[[DiskTrouble], None]], CameraDisk],
        live: LiveChannel,
        *,
        buffer_bytes: int = BUFFER_BYTES,
        files_a_minute: int = FILES_A_MINUTE,
    ) -> None:
        self.camera = camera
        self.live = live
        self._loop = asyncio.get_running_loop()
        self._lag = lag_of(self._loop)
        self.disk = make_disk(partial(self._from_thread, self._closed), partial(self._from_thread, self._trouble))
        self.outage = Outage(camera.camera_id, self.disk, resume.gaps)
        self.condition = Condition(live, utc_now())
        self._buffer_bytes = buffer_bytes
        self._files = FileBudget(files_a_minute)
        self._run, self._sequence = resume.next_run - 1, resume.next_sequence - 1
        self._last_end_90k = resume.end_90k
        self._started_90k = int(utc_now())
        self.sound = SoundLane()
        self._parameters: VideoParameters | None = None
        self._next_parameters: VideoParameters | None = None
        self._steps = StepWatch()
        self._stepped_90k = 0
        self._gatherer = Gatherer()
        self._clock: RunClock | None = None
        self._in_run = False
        self._segment: _Segment | None = None
        self._need_key = True
        self._missed = self._quiet = False
        self._blocked: GapCause | None = None
        self._retry_at = 0.0
        self._shed = False
        self._rotate_asked = False
        self._awaiting: list[asyncio.Future[None]] = []
        self._offset: tuple[int, float] | None = None

    # What the stream tells

    def on_parameters(self, parameters: VideoParameters) -> None:
        """Parameter sets in force from the next key frame on."""
        self._next_parameters = parameters
        self.condition.notes.parameters(parameters)

    def on_access_unit(self, unit: AccessUnit) -> None:
        """One picture."""
        self.condition.picture(unit, recording=self._blocked is None)
        if step := self._steps.step(unit.wall, unit.monotonic):
            self._stepped_90k += step
        skipped = self._gatherer.skipped_before(unit)
        if skipped > QUIET_90K or (skipped and self._lag.felt()):
            self._flush()
            self._missed = True
            self._quiet = skipped > QUIET_90K
        elif self._gatherer.full_before(unit):
            if self._anchoring(unit):
                self._gatherer.put_off()
            else:
                self._write(self._gatherer.cut(unit.media_90k))
        if unit.key:
            self._at_key_frame(unit)
        if self._parameters is None:
            return
        self.live.picture(unit, self._clock.wall_at(unit.media_90k) if self._clock else unit.wall)
        if not self._need_key and self._blocked is None:
            self._gatherer.add(unit)

    def on_packets_lost(self, packets: int, wall: Utc90k) -> None:
        """Pictures were missed; the next one told is a key frame."""
        self.condition.packets_lost(packets, wall)
        self._flush()
        self._need_key = self._missed = True

    def on_sender_report(self, camera: Camera90k, wall: Utc90k, media_90k: int) -> None:
        """The camera's clock against ours: kept when it changed, at most once a minute."""
        self.sound.picture_report(camera, media_90k)
        offset_ms = (int(camera) - int(wall)) / 90
        self.condition.clock_offset_ms = offset_ms
        self.condition.notes.sender_report(camera, wall)
        kept = self._offset
        if kept and wall - kept[0] < _OFFSET_EVERY_90K:
            return
        if kept and abs(offset_ms - kept[1]) < _OFFSET_CHANGE_MS and wall - kept[0] < 10 * _OFFSET_EVERY_90K:
            return
        self._offset = (wall, offset_ms)
        self.disk.add_clock_offset(self.camera.camera_id, wall, offset_ms)

    def on_oddity(self, oddity: Oddity, wall: Utc90k) -> None:
        """Something odd was passed over or put right: counted, and told as a note."""
        self.condition.notes.oddity(oddity, wall)

    def on_stamp_rate(self, rate: float) -> None:
        """How fast the camera's stamps run."""
        self.condition.notes.stamps_run(rate)

    def on_quiet(self, detail: str, wall: Utc90k) -> None:
        """Nothing is missing yet, but who looks at the camera is told."""
        if self._blocked is None:
            self.condition.set(CameraCondition.LOST, detail, wall)

    def on_lost(self, cause: LossCause, detail: str, wall: Utc90k) -> None:
        """The stream ended: everything up to here becomes a file, and a gap begins."""
        self._break_run()
        self.sound.connection_lost()
        self._parameters = self._next_parameters = None
        self._answer_waiting()
        if cause is LossCause.STOPPED:
            self.condition.notes.lost(cause, wall)
            return
        self._begin_gap(*self._blame(gap_cause(cause), detail, pause=HANGS_UP_SECONDS), wall)
        self.condition.lost(cause, detail, wall)

    # What the node asks

    def stop(self, cause: GapCause, detail: str = "") -> None:
        """End in good order: the file closed, its row written, a gap begun for `cause`."""
        self._break_run()
        self._answer_waiting()
        now = int(utc_now())
        if self.outage.before:
            self.outage.change(now, cause, detail)
        elif self._last_end_90k is not None:
            self.outage.begin(self._last_end_90k, cause, detail)
        self.condition.set(CameraCondition.STOPPED, detail or cause.value, now)

    def shed(self, detail: str) -> None:
        """Record no more for now, so that others can: the disk is nearly full."""
        self._shed = True
        if self._blocked is None:
            self._block(GapCause.DISK_FULL, detail)

    def unshed(self) -> None:
        """Record again from the next key frame."""
        self._shed = False
        self._retry_at = 0.0

    def health(self) -> CameraHealth:
        """What is known of the camera now."""
        sound, detail = self.sound.condition(utc_now())
        return replace(self.condition.health(self.camera.camera_id), sound=sound, sound_detail=detail)

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

    # Runs and files

    def _at_key_frame(self, unit: AccessUnit) -> None:
        """Everything before this picture is written or waiting; a file, a run or new parameters may begin here."""
        if self._next_parameters is not None:
            self._take_parameters(self._next_parameters, in_band=unit.sets_in_band)
            self._next_parameters = None
        if self._blocked is not None and not self._may_resume():
            return
        if self._stepped_90k or (self._clock is not None and self._clock.astray):
            self._end_run()
        if self._wants_new_file(unit):
            self._end_segment()
            self._in_run = self._in_run and not self._missed
            self._answer_waiting()
        self._need_key = False

    def _take_parameters(self, parameters: VideoParameters, *, in_band: bool) -> None:
        """Begin a new run for them, unless a decoder goes on with what stands in the pictures themselves.

        Cameras that send two sets by turns would else begin a file with each group.
        """
        if parameters == self._parameters:
            return
        try:
            init = init_segment(parameters)
        except (BadParameterSet, DamagedSegment) as error:
            log.warning("%s: %s", self.camera.name, error)
            return
        goes_on = self._parameters is not None and in_band and parameters.continues(self._parameters)
        if self._parameters is not None and not goes_on:
            self._end_segment()
            self._in_run = False  # a new run on the same clock
        self._parameters = parameters
        self.condition.parameters(parameters)
        if not goes_on:
            self.live.parameters(parameters, init)

    def _wants_new_file(self, unit: AccessUnit) -> bool:
        segment = self._segment
        if segment is None or self._clock is None:
            return False
        return self._rotate_asked or self._clock.wall_at(unit.media_90k) >= segment.rotate_at_90k

    def _flush(self) -> None:
        """Write what is gathered although no next picture says how long the last one lasts."""
        if self._gatherer.units:
            self._write(self._gatherer.cut(None))

    def _break_run(self) -> None:
        """The media clock ends here: whatever comes next is another run on another clock."""
        self._flush()
        self._end_run()
        self._gatherer.restart_clock()
        self.sound.clock_lost()
        self._need_key = True

    def _end_run(self) -> None:
        self._end_segment()
        self._in_run = self._missed = False
        self._clock = None

    def _end_segment(self) -> None:
        if self._segment is not None:
            self._segment = None
            self.disk.finish()

    def _anchoring(self, unit: AccessUnit) -> bool:
        """Whether it is too early to say when the run began: stored pictures that come at once came late.

        A second of pictures is waited for, or what arrives of them until a parameter set changes or memory is short.
        """
        if self._clock is not None or self._next_parameters is not None:
            return False
        waited = unit.monotonic - self._gatherer.units[0].monotonic
        return waited < ANCHOR_NS and self._gatherer.size_bytes < self._buffer_bytes // 2

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

    def _begin_file(self, gathered: Gathered) -> None:
        assert self._parameters is not None
        if not self._in_run:
            self._begin_run(gathered)
        assert self._clock is not None
        wall = self._clock.wall_at(gathered.start_90k)
        sound = self.sound.take(gathered.end_90k, gathered.least_offset_90k)
        origin = min(gathered.start_90k, sound.start_90k) if sound else gathered.start_90k
        self._observe(gathered)
        self._sequence += 1
        self._begin_missed(wall)
        header = self._header(wall, self.outage.over())
        self._segment = _Segment(header, origin, self._next_rotation(wall), gathered.duration_90k)
        self._last_end_90k = wall + gathered.duration_90k
        self.disk.begin(
            header,
            segment_start(self._parameters, header, self.sound.parameters),
            _head(1, origin, wall, gathered, sound),
            _parts(gathered, sound),
            len(gathered.samples),
            self._last_end_90k,
        )
        self.condition.recording(wall)

    def _append(self, segment: _Segment, gathered: Gathered) -> None:
        assert self._clock is not None
        self._clock.slew(segment.last_duration_90k)
        wall = self._clock.wall_at(gathered.start_90k)
        if self._missed:
            self._note_missed(wall)
        self._observe(gathered)
        segment.fragments += 1
        segment.last_duration_90k = gathered.duration_90k
        self._last_end_90k = wall + gathered.duration_90k
        sound = self.sound.take(gathered.end_90k, gathered.least_offset_90k)
        head = _head(segment.fragments, segment.start_90k, wall, gathered, sound)
        self.disk.append(head, _parts(gathered, sound), len(gathered.samples), self._last_end_90k)
        if gathered.end_90k - segment.start_90k > LONGEST_90K:
            self._end_run()
            self._need_key = True
            self._begin_gap(GapCause.CAMERA_LOST, "no key frame for ten minutes", utc_now())

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
        end = self._last_end_90k
        if self._stepped_90k:
            self._note_step(start, self._stepped_90k)
        elif end is not None and end - SEAM_90K < start < end:
            self._clock.offset_90k += end - start  # jitter; slewing takes it back
        elif end is not None and start <= end - OVERLAP_90K:
            self._note_step(start, start - end)
        elif end is not None and start > end and not self.outage.before:
            # The run was ended by the wall clock's drift from the camera's, which nothing else explains.
            self.outage.begin(end, GapCause.CLOCK_STEP, "the server's clock and the camera's went apart")
        self._stepped_90k = 0

    def _note_step(self, start: int, step: int) -> None:
        way = "forward" if step > 0 else "back"
        detail = f"the server's clock was set {way} by {abs(step) / 90_000:.3f} s"
        end = start if self._last_end_90k is None else self._last_end_90k
        if self.outage.before:
            self.outage.mark_step(start, detail)
        else:
            self.outage.begin(min(start, end), GapCause.CLOCK_STEP, detail)

    def _note_missed(self, wall: int) -> None:
        """Pictures are missing inside a file."""
        self._missed = False
        if self._last_end_90k is not None and wall > self._last_end_90k:
            cause, detail = self._blame(GapCause.CAMERA_LOST, QUIET if self._quiet else MISSED)
            self._quiet = False
            self.disk.add_hole(Gap(self.camera.camera_id, self._last_end_90k, wall, cause, detail), self._run)

    def _begin_missed(self, wall: int) -> None:
        """Pictures are missing right before a file."""
        missed, self._missed = self._missed, False
        if missed and self._last_end_90k is not None and wall > self._last_end_90k and not self.outage.before:
            self.outage.begin(self._last_end_90k, *self._blame(GapCause.CAMERA_LOST, QUIET if self._quiet else MISSED))
        self._quiet = False

    def _blame(self, cause: GapCause, detail: str, *, pause: float = 0.5) -> tuple[GapCause, str]:
        """Why pictures are missing: for what follows a pause of our own (seconds), no camera and no network."""
        if cause is GapCause.CAMERA_LOST and self._lag.felt(pause):
            return GapCause.RECORDER_BEHIND, self._lag.words()
        return cause, detail

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
        )

    def _next_rotation(self, wall: int) -> int:
        """The next whole minute, moved by the camera's own share of one, so that files do not all close at once."""
        shift = self.camera.camera_id.int % MINUTE_90K
        return ((wall - shift) // MINUTE_90K + 1) * MINUTE_90K + shift

    # When the disk does not take it

    def _block(self, cause: GapCause, detail: str) -> None:
        """Record nothing until the disk takes it again; live pictures go on."""
        if self._gatherer.units:
            self._gatherer.cut(None)
        self._end_segment()
        self._in_run = self._missed = False
        self._need_key = True
        self._blocked = cause
        self._retry_at = max(self._loop.time() + 2.0, self._files.paused_until)
        now = int(utc_now())
        self._begin_gap(cause, detail, now)
        self.condition.set(CameraCondition.STOPPED, f"Not recorded: {detail}", now)
        self._answer_waiting()

    def _may_resume(self) -> bool:
        if self._shed or self._loop.time() < self._retry_at:
            return False
        if self.disk.pending_bytes > self._buffer_bytes // 2:
            return False
        self._blocked = None
        return True

    def _begin_gap(self, cause: GapCause, detail: str, now: int) -> None:
        if self.outage.cause is GapCause.NODE_STOPPED:
            self.outage.change(self._started_90k, cause, detail)
        elif self.outage.before:
            self.outage.change(now, cause, detail)
        else:
            self.outage.begin(self._started_90k if self._last_end_90k is None else self._last_end_90k, cause, detail)

    def _trouble(self, trouble: DiskTrouble) -> None:
        """The disk refused: what is safe ends earlier than we thought."""
        segment = self._segment
        log.error("%s: %s", self.camera.name, trouble.detail)
        if segment is not None and segment.header.start_90k == trouble.path_start_90k and self._blocked is None:
            if trouble.safe_until_90k is None:
                self.outage.not_over(segment.header.gaps_before)
            self._last_end_90k = trouble.safe_until_90k or trouble.path_start_90k
            self._segment = None
            self._block(trouble.cause, trouble.detail)

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


def _head(number: int, origin_90k: int, wall: int, gathered: Gathered, sound: TakenSound | None) -> bytes:
    """A fragment's head, its times counted from the file's origin."""
    run = SoundRun(sound.start_90k - origin_90k, sound.samples) if sound else None
    return fragment_head(number, gathered.start_90k - origin_90k, wall, gathered.samples, run)


def _parts(gathered: Gathered, sound: TakenSound | None) -> list[bytes | memoryview]:
    return [*gathered.parts, *sound.parts] if sound else gathered.parts


def _resolve(waiting: list[asyncio.Future[None]]) -> None:
    for future in waiting:
        if not future.done():
            future.set_result(None)
