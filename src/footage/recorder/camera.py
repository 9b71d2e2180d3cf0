"""Records one camera: takes pictures as they come, hands fragments to the disk, and never waits for it.

Lives in the event loop. Starts with `CameraRecorder(...)`, is fed as a StreamSink, ends with `stop`. A failing
camera or file opens a gap and tries again; it never touches its neighbours.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from footage.contract import CameraCondition, CameraHealth, CameraSource, GapCause
from footage.recorder.budget import FILES_A_MINUTE
from footage.recorder.clock import StepWatch
from footage.recorder.gather import SKIPPED_90K
from footage.recorder.live import LiveChannel
from footage.recorder.outage import gap_cause
from footage.recorder.resume import ResumePoint
from footage.recorder.runs import MINUTE_90K
from footage.recorder.writing import MakeDisk, Writing
from footage.rtsp.events import AccessUnit, LossCause, Oddity, VideoParameters
from footage.rtsp.payload.order import Leading
from footage.segments.boxes import DamagedSegment
from footage.segments.codecs import BadParameterSet
from footage.segments.writer import init_segment
from footage.times import Camera90k, Utc90k, utc_now

log = logging.getLogger("footage.recorder")

#: What one camera may have waiting for the disk: at 4 Mbit/s this is half a minute.
BUFFER_BYTES = 16 * 1024 * 1024
#: A camera whose pictures nobody takes for so long may end the connection for it.
HANGS_UP_SECONDS = 1.5
#: No camera that goes on recording is quiet for so long of a sudden: the slowest known send a picture in ten seconds.
QUIET_90K = 12 * 90_000
#: A picture that comes so much sooner after the one before than that did after its own shows that this was a pause.
_SELDOM = 4
#: So long a run's first pictures are waited for before it is said when they were taken.
ANCHOR_NS = 1_000_000_000
_OFFSET_EVERY_90K, _OFFSET_CHANGE_MS = MINUTE_90K, 20.0


class CameraRecorder(Writing):
    """One camera's StreamSink. Every method is called from the loop's thread and returns at once."""

    def __init__(
        self,
        camera: CameraSource,
        resume: ResumePoint,
        make_disk: MakeDisk,
        live: LiveChannel,
        *,
        buffer_bytes: int = BUFFER_BYTES,
        files_a_minute: int = FILES_A_MINUTE,
    ) -> None:
        super().__init__(camera, resume, make_disk, live, buffer_bytes=buffer_bytes, files_a_minute=files_a_minute)
        self._next_parameters: VideoParameters | None = None
        self._steps = StepWatch()
        self._paused: AccessUnit | None = None  # the first picture after a pause, and how long that was
        self._pause_90k = 0
        self._leading: Leading | None = None
        self._offset: tuple[int, float] | None = None

    # What the stream tells

    def on_parameters(self, parameters: VideoParameters) -> None:
        """Parameter sets in force from the next key frame on."""
        self._end_pause()
        self._next_parameters = parameters
        self.condition.notes.parameters(parameters)

    def on_access_unit(self, unit: AccessUnit) -> None:
        """One picture."""
        self.condition.picture(unit, recording=self._blocked is None)
        if step := self._steps.step(unit.wall, unit.monotonic):
            self._stepped_90k += step
        if self._paused is not None:
            self._end_pause(unit)
        skipped = self._gatherer.skipped_before(unit)
        if not skipped:
            self._take(unit)
        elif skipped > QUIET_90K or self._missing.we_were_slow():
            self._miss(quiet=skipped > QUIET_90K)
            self._take(unit)
        elif skipped <= SKIPPED_90K:
            self._take(unit)
        else:
            self._paused, self._pause_90k = unit, skipped  # the next one shows whether it sends seldom now

    def _take(self, unit: AccessUnit) -> None:
        if self._gatherer.full_before(unit):
            if self._anchoring(unit):
                self._gatherer.put_off()
            else:
                self._write(self._gatherer.cut(unit.media_90k))
        if unit.key:
            self._at_key_frame(unit)
        if self._parameters is None:
            return
        self.live.picture(unit, self._clock.wall_at(unit.media_90k) if self._clock else unit.wall)
        if not self._need_key and self._blocked is None and not (self._leading and self._passes_over(unit)):
            self._gatherer.add(unit)

    def on_packets_lost(self, packets: int, wall: Utc90k) -> None:
        """Pictures were missed; the next one told is a key frame."""
        self.condition.packets_lost(packets, wall)
        self._end_pause()
        self._flush()
        self._need_key = self._missing.pictures = True

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
        self._missing.begin_gap(*self._missing.blame(gap_cause(cause), detail, pause=HANGS_UP_SECONDS), wall)
        self.condition.lost(cause, detail, wall)

    # What the node asks

    def stop(self, cause: GapCause, detail: str = "") -> None:
        """End in good order: the file closed, its row written, a gap begun for `cause`."""
        self._break_run()
        self._answer_waiting()
        now = int(utc_now())
        if self._missing.outage.before:
            self._missing.outage.change(now, cause, detail)
        elif self._missing.end_90k is not None:
            self._missing.outage.begin(self._missing.end_90k, cause, detail)
        self.condition.set(CameraCondition.STOPPED, detail or cause.value, now)

    def health(self) -> CameraHealth:
        """What is known of the camera now."""
        sound, detail = self.sound.condition(utc_now())
        return replace(self.condition.health(self.camera.camera_id), sound=sound, sound_detail=detail)

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
            self._in_run = self._in_run and not self._missing.pictures
            self._answer_waiting()
        if self._need_key and self._parameters is not None:
            self._leading = Leading(self._parameters.codec, unit)
        self._need_key = False

    def _passes_over(self, unit: AccessUnit) -> bool:
        """Whether a picture after a hole needs what is missing there."""
        assert self._leading is not None
        skipped = self._leading.passes_over(unit)
        if self._leading.over:
            self._leading = None
        return skipped

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

    def _end_pause(self, following: AccessUnit | None = None) -> None:
        """Take the picture that came after a pause, now that the next has come, or that none will.

        A camera that sends seldom now is whole: each picture stands until the next. Else it paused, and in that time
        it took no pictures, though no packet is missing.
        """
        unit = self._paused
        if unit is None:
            return
        self._paused = None
        if following is None or (following.media_90k - unit.media_90k) * _SELDOM <= self._pause_90k:
            self._miss(quiet=True)
        self._take(unit)

    def _miss(self, *, quiet: bool) -> None:
        """Pictures are missing after what is gathered; `quiet`: because the camera sent none."""
        self._flush()
        self._missing.pictures, self._missing.quiet = True, quiet

    def _flush(self) -> None:
        """Write what is gathered although no next picture says how long the last one lasts."""
        if self._gatherer.units:
            self._write(self._gatherer.cut(None))

    def _break_run(self) -> None:
        """The media clock ends here: whatever comes next is another run on another clock."""
        self._end_pause()
        self._flush()
        self._end_run()
        self._gatherer.restart_clock()
        self.sound.clock_lost()
        self._need_key = True

    def _anchoring(self, unit: AccessUnit) -> bool:
        """Whether it is too early to say when the run began: stored pictures that come at once came late.

        A second of pictures is waited for, or what arrives of them until a parameter set changes or memory is short.
        """
        if self._clock is not None or self._next_parameters is not None:
            return False
        waited = unit.monotonic - self._gatherer.units[0].monotonic
        return waited < ANCHOR_NS and self._gatherer.size_bytes < self._buffer_bytes // 2

    # When the disk does not take it
