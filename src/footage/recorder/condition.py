"""What the node knows of one camera now, and tells its viewers when it changes."""

from __future__ import annotations

from footage.contract import CameraCondition, CameraHealth, CameraId, SegmentClosed
from footage.recorder.live import LiveChannel
from footage.rtsp.events import AccessUnit, LossCause, VideoParameters
from footage.rtsp.notes.notes import StreamNotes
from footage.times import Utc90k

_REFUSALS = (LossCause.REFUSED, LossCause.UNTRUSTED, LossCause.UNSUPPORTED)
_WINDOW_90K = 5 * 90_000


class Condition:
    """Condition, rates and counts. Changes are published to the live channel."""

    def __init__(self, live: LiveChannel, since_90k: int) -> None:
        """`since_90k` is where what was recorded of the camera before ended; now, where nothing was."""
        self._live = live
        self._condition = CameraCondition.CONNECTING
        self._since_90k = since_90k
        self._detail = ""
        self._attempts = 0
        self._last_picture_90k: int | None = None
        self._codec, self._width, self._height = "", 0, 0
        self._fps, self._bitrate = 0.0, 0
        self._since = self._until = 0  # between these two pictures are only counted
        self._pictures = self._bytes = 0
        self._lost = 0
        #: Told of oddities and sender reports by whoever hears of them.
        self.notes = StreamNotes()
        self.clock_offset_ms: float | None = None
        self.bytes_recorded = 0
        self._publish()

    def picture(self, unit: AccessUnit, *, recording: bool) -> None:
        """A picture arrived."""
        self._last_picture_90k = wall = unit.wall
        self.notes.picture(unit)
        self._pictures += 1
        self._bytes += unit.size_bytes
        if not self._since <= wall < self._until:
            self._measure(wall, unit.size_bytes)
        if recording and self._condition is not CameraCondition.RECORDING:
            self._attempts = 0
            self.set(CameraCondition.RECORDING, "", unit.wall)

    def _measure(self, wall: int, last_bytes: int) -> None:
        """What came in the last seconds, without the picture that begins the next; a clock that was set tells none."""
        elapsed = wall - self._since
        if _WINDOW_90K <= elapsed < 4 * _WINDOW_90K:
            self._fps = round((self._pictures - 1) * 90_000 / elapsed, 2)
            self._bitrate = (self._bytes - last_bytes) * 8 * 90_000 // elapsed
        self._since, self._until = wall, wall + _WINDOW_90K
        self._pictures, self._bytes = 1, last_bytes

    def recording(self, since_90k: int) -> None:
        """A file was begun."""
        self.set(CameraCondition.RECORDING, "", since_90k)

    def parameters(self, parameters: VideoParameters) -> None:
        """What the recording is now."""
        self._codec, self._width, self._height = parameters.rfc6381, parameters.width, parameters.height

    def packets_lost(self, packets: int, wall: Utc90k) -> None:
        self._lost += packets
        self.notes.packets_lost(packets, wall)

    def closed(self, segment: SegmentClosed) -> None:
        self.bytes_recorded += segment.size_bytes

    def lost(self, cause: LossCause, detail: str, wall: Utc90k) -> None:
        """The stream ended."""
        self.notes.lost(cause, wall)
        self._attempts += 1
        self._since = self._until = 0
        self._fps, self._bitrate = 0.0, 0
        condition = CameraCondition.REFUSED if cause in _REFUSALS else CameraCondition.LOST
        self.set(condition, detail, wall)

    def set(self, condition: CameraCondition, detail: str, since_90k: int) -> None:
        """Take a condition. `since` is when the camera began to be recorded, or when it ceased to be.

        An outage has one age, however often the camera was tried meanwhile: it began with the last picture.
        """
        if condition is not self._condition:
            if condition is CameraCondition.RECORDING:
                self._since_90k = since_90k
            elif self._condition is CameraCondition.RECORDING:
                self._since_90k = since_90k if self._last_picture_90k is None else self._last_picture_90k
        elif detail == self._detail and condition is CameraCondition.RECORDING:
            return
        self._condition, self._detail = condition, detail
        self._publish()

    def health(self, camera_id: CameraId) -> CameraHealth:
        """All of it, for whoever asks."""
        notes = self.notes.notes()
        # A camera that is spoken to and not recorded yet: what stands in the way is what whoever asks wants to know.
        hindered = self._condition is CameraCondition.CONNECTING and not self._detail and bool(notes)
        return CameraHealth(
            camera_id=camera_id,
            condition=self._condition,
            since_90k=self._since_90k,
            detail=notes[0].text if hindered else self._detail,
            last_picture_90k=self._last_picture_90k,
            attempts=self._attempts,
            codec=self._codec,
            width=self._width,
            height=self._height,
            fps=self._fps,
            bitrate_bps=self._bitrate,
            clock_offset_ms=self.clock_offset_ms,
            frames_lost=self._lost,
            notes=notes,
            oddities=tuple(sorted(self.notes.oddities().items())),
        )

    def _publish(self) -> None:
        self._live.state(
            {
                "condition": self._condition.value,
                "since_90k": self._since_90k,
                "detail": self._detail,
                "last_picture_90k": self._last_picture_90k,
                "attempts": self._attempts,
            }
        )
