"""Checks a camera by following it for a few seconds: what it sends, how much, what its clock says, what is odd."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import monotonic_ns

from footage.contract import CameraNote
from footage.rtsp.control.target import StreamTarget
from footage.rtsp.events import AccessUnit, Codec, LossCause, Oddity, VideoParameters
from footage.rtsp.notes.clock_seen import CLOCK_NOT_TOLD
from footage.rtsp.notes.notes import StreamNotes
from footage.rtsp.notes.tally import span_words
from footage.rtsp.notes.words import KEYS_FAR_APART, NO_SECOND_KEY, in_order
from footage.rtsp.policy import SessionPolicy
from footage.rtsp.session import RtspSession
from footage.times import HZ, Camera90k, MonotonicNs, Utc90k

_NS = 1_000_000_000
_NAMES = {Codec.H264: "H.264", Codec.H265: "H.265"}
#: A camera that sends a picture each 5 or 10 s is not silent: so long two of them are waited for.
SLOW_SECONDS = 15.0
#: From connecting to a picture to begin with; what takes longer was waiting for a key frame, not signing in.
_LONG_SECONDS = 8.0
#: A sender report is due about each 5 s (RFC 3550, 6.2): a look is made this much longer where none came.
_REPORT_SHARE = 1.5
_LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What a camera sends, or why it was lost: `cause` is None where pictures came until the end.

    `fps` and `bitrate_bps` were measured, not told by the camera; they are 0 where fewer than two pictures came.
    `clock_offset_ms` is the camera's clock minus ours, None where it sent no report. `detail` is a sentence.
    """

    cause: LossCause | None
    detail: str
    parameters: VideoParameters | None = None
    pictures: int = 0
    packets_lost: int = 0
    fps: float = 0.0
    bitrate_bps: int = 0
    clock_offset_ms: float | None = None
    sound: str = ""  # what sound the camera offers, in words; it was not asked for
    notes: tuple[CameraNote, ...] = ()  # what is out of the ordinary, as it would be mended

    @property
    def ok(self) -> bool:
        return self.cause is None


async def probe(
    target: StreamTarget,
    seconds: float = 3.0,
    policy: SessionPolicy | None = None,
    progress: Callable[[str], None] | None = None,
) -> ProbeResult:
    """Follow a camera for `seconds` of pictures, once, and tell what was seen. Raises nothing but CancelledError.

    A camera that sends its first key frame late is waited for as long as the policy's key_frame, here at most 15 s.
    The look lasts half as long again where no sender report came, and up to 15 s where no second picture did.
    `progress` is told about each second what is waited for.
    """
    stop = asyncio.Event()
    watcher = _Watcher()
    session = RtspSession(target, watcher, policy or SessionPolicy(key_frame=15.0))
    looking = asyncio.create_task(_look_on(watcher, seconds, stop, progress or (lambda words: None)))
    try:
        ending = await session.run(stop)
    finally:
        looking.cancel()
    cause = None if watcher.first and ending.cause is LossCause.STOPPED else ending.cause
    return watcher.result(cause, "" if cause is None else ending.detail, session.sound_offer.words)


async def _look_on(watcher: _Watcher, seconds: float, stop: asyncio.Event, progress: Callable[[str], None]) -> None:
    """Sets `stop` when enough was seen."""
    clock = asyncio.get_running_loop().time
    began, first, told = clock(), 0.0, -1
    while not stop.is_set():
        await asyncio.sleep(min(_LOOK_SECONDS, seconds / 4))
        now = clock()
        first = first or (now if watcher.first else 0.0)
        if first and now - first >= watcher.wants(seconds):
            stop.set()
        elif (whole := int(now - began)) > told:
            told = whole
            progress(f"{watcher.waits_for}, {whole} s")


class _Watcher:
    """Counts what a camera sends."""

    def __init__(self) -> None:
        self.first: AccessUnit | None = None
        self.packets_lost = 0
        self._parameters: VideoParameters | None = None
        self._pictures = 0
        self._began = monotonic_ns()
        self._media = self._bytes = 0
        self._last: MonotonicNs = MonotonicNs(0)
        self._offsets: list[int] = []
        self._notes = StreamNotes()

    def on_parameters(self, parameters: VideoParameters) -> None:
        self._parameters = parameters
        self._notes.parameters(parameters)

    def on_access_unit(self, unit: AccessUnit) -> None:
        if self.first is None:
            self.first = unit
        else:
            # The first picture's bytes belong to the time before it.
            self._bytes += unit.size_bytes
        self._pictures += 1
        self._media = max(self._media, unit.media_90k)
        self._last = unit.monotonic
        self._notes.picture(unit)

    def on_packets_lost(self, packets: int, wall: Utc90k) -> None:
        self.packets_lost += packets
        self._notes.packets_lost(packets, wall)

    def on_sender_report(self, camera: Camera90k, wall: Utc90k, media_90k: int) -> None:
        # The one place where the two clocks meet: their distance is what is asked for.
        self._offsets.append(int(camera) - int(wall))
        self._notes.sender_report(camera, wall)

    def on_oddity(self, oddity: Oddity, wall: Utc90k) -> None:
        self._notes.oddity(oddity, wall)

    def on_stamp_rate(self, rate: float) -> None:
        self._notes.stamps_run(rate)

    def on_quiet(self, detail: str, wall: Utc90k) -> None:
        """A check lasts too short for it to matter."""

    def on_lost(self, cause: LossCause, detail: str, wall: Utc90k) -> None:
        """A session alone does not tell this; it returns its ending."""

    def wants(self, seconds: float) -> float:
        """Seconds from the first picture on after which enough was seen."""
        if self._pictures < 2:
            return max(seconds, SLOW_SECONDS)
        return seconds if self._offsets else seconds * _REPORT_SHARE

    @property
    def waits_for(self) -> str:
        """What is missing, in words."""
        if self.first is None:
            return "waiting for a picture to begin with"
        return "waiting for a second picture" if self._pictures < 2 else "watching"

    def result(self, cause: LossCause | None, detail: str, sound: str) -> ProbeResult:
        """All that was seen; the measures only where there was a picture."""
        if self.first is None:
            return ProbeResult(cause, detail, packets_lost=self.packets_lost, sound=sound, notes=self._notes.notes())
        taken = (self._last - self.first.monotonic) / _NS
        fps = self._fps(taken)
        bitrate = round(self._bytes * 8 / taken) if taken > 0 else 0
        offset = median(self._offsets) * 1000 / HZ if self._offsets else None
        told = detail or _sentence(self._parameters, fps, bitrate, offset)
        return ProbeResult(
            cause,
            told,
            self._parameters,
            self._pictures,
            self.packets_lost,
            fps,
            bitrate,
            offset,
            sound,
            self._told_notes(taken),
        )

    def _told_notes(self, taken: float) -> tuple[CameraNote, ...]:
        """A look is too short for what takes long, so that it says how long it was."""
        found = self._notes.notes()
        if self._pictures == 1:
            text = f"Sends one picture in more than {span_words(SLOW_SECONDS)}; raise its frame rate."
            found = (*found, CameraNote("few-pictures", text))
        assert self.first
        waited = (self.first.monotonic - self._began) / _NS
        far_apart = any(one.code == KEYS_FAR_APART for one in found)
        if waited >= _LONG_SECONDS and self._fps(taken) >= 1 and not far_apart:
            text = (
                f"A picture to begin with came after {span_words(round(waited))}: a loss costs up to as much; set the "
                "I-frame interval to 1 s."
            )
            found = (*(one for one in found if one.code != NO_SECOND_KEY), CameraNote(KEYS_FAR_APART, text))
        if not self._offsets:
            said = (
                f"Its clock was not told within {span_words(round(taken))} (no RTCP sender report with a time of day), "
                "so exhibits cannot state its error; set its time server, and switch RTCP on where it can be."
            )
            found = (*(one for one in found if one.code != CLOCK_NOT_TOLD.code), CameraNote(CLOCK_NOT_TOLD.code, said))
        return in_order(found)

    def _fps(self, taken: float) -> float:
        """By the camera's media clock; by ours where the camera's does not run as fast as time does."""
        assert self.first
        media = (self._media - self.first.media_90k) / HZ
        span = media if taken > 0 and 0.5 <= media / taken <= 2 else taken
        return round((self._pictures - 1) / span, 2) if span > 0 else 0.0


def _sentence(parameters: VideoParameters | None, fps: float, bitrate: int, offset_ms: float | None) -> str:
    """`H.264 1280x720, 25 fps, 2.1 Mbit/s; clock 0.4 s behind`."""
    assert parameters
    rate = f"{bitrate / 1e6:.1f} Mbit/s" if bitrate >= 100_000 else f"{bitrate / 1e3:.0f} kbit/s"
    seen = f"{_NAMES[parameters.codec]} {parameters.width}x{parameters.height}, {fps:.3g} fps, {rate}"
    if offset_ms is None:
        return f"{seen}; the camera did not tell its clock"
    if abs(offset_ms) < 50:
        return f"{seen}; clock right"
    return f"{seen}; clock {abs(offset_ms) / 1000:.1f} s {'ahead' if offset_ms > 0 else 'behind'}"
