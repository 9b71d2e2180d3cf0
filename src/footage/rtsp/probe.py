"""Checks a camera by following it for a few seconds: what it sends, how much of it, and what its clock says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median

from footage.rtsp.events import AccessUnit, Codec, LossCause, Oddity, VideoParameters
from footage.rtsp.policy import SessionPolicy
from footage.rtsp.session import RtspSession
from footage.rtsp.target import StreamTarget
from footage.times import HZ, Camera90k, MonotonicNs, Utc90k

_NS = 1_000_000_000
_NAMES = {Codec.H264: "H.264", Codec.H265: "H.265"}


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

    @property
    def ok(self) -> bool:
        return self.cause is None


async def probe(target: StreamTarget, seconds: float = 3.0, policy: SessionPolicy | None = None) -> ProbeResult:
    """Follow a camera for `seconds` of pictures, once, and tell what was seen. Raises nothing but CancelledError.

    A camera that sends its first key frame late is waited for as long as the policy's key_frame, here at most 15 s.
    """
    stop = asyncio.Event()
    watcher = _Watcher(lambda: asyncio.get_running_loop().call_later(seconds, stop.set))
    session = RtspSession(target, watcher, policy or SessionPolicy(key_frame=15.0))
    ending = await session.run(stop)
    if watcher.first is None:
        return ProbeResult(ending.cause, ending.detail, packets_lost=watcher.packets_lost)
    if ending.cause is not LossCause.STOPPED:
        return replace(watcher.result(ending.cause, ending.detail), sound=session.sound_offer.words)
    return replace(watcher.result(None, ""), sound=session.sound_offer.words)


class _Watcher:
    """Counts what a camera sends."""

    def __init__(self, on_first_picture: Callable[[], object]) -> None:
        self._on_first_picture = on_first_picture
        self.first: AccessUnit | None = None
        self.packets_lost = 0
        self._parameters: VideoParameters | None = None
        self._pictures = 0
        self._media = self._bytes = 0
        self._last: MonotonicNs = MonotonicNs(0)
        self._offsets: list[int] = []

    def on_parameters(self, parameters: VideoParameters) -> None:
        self._parameters = parameters

    def on_access_unit(self, unit: AccessUnit) -> None:
        if self.first is None:
            self.first = unit
            self._on_first_picture()
        else:
            # The first picture's bytes belong to the time before it.
            self._bytes += unit.size_bytes
        self._pictures += 1
        self._media = max(self._media, unit.media_90k)
        self._last = unit.monotonic

    def on_packets_lost(self, packets: int, wall: Utc90k) -> None:
        self.packets_lost += packets

    def on_sender_report(self, camera: Camera90k, wall: Utc90k, media_90k: int) -> None:
        # The one place where the two clocks meet: their distance is what is asked for.
        self._offsets.append(int(camera) - int(wall))

    def on_oddity(self, oddity: Oddity, wall: Utc90k) -> None:
        """Told as a note."""

    def on_stamp_rate(self, rate: float) -> None:
        """Told as a note."""

    def on_lost(self, cause: LossCause, detail: str, wall: Utc90k) -> None:
        """A session alone does not tell this; it returns its ending."""

    def result(self, cause: LossCause | None, detail: str) -> ProbeResult:
        assert self.first
        taken = (self._last - self.first.monotonic) / _NS
        fps = self._fps(taken)
        bitrate = round(self._bytes * 8 / taken) if taken > 0 else 0
        offset = median(self._offsets) * 1000 / HZ if self._offsets else None
        told = detail or _sentence(self._parameters, fps, bitrate, offset)
        return ProbeResult(cause, told, self._parameters, self._pictures, self.packets_lost, fps, bitrate, offset)

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
