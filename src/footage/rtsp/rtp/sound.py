"""A stream's sound, kept apart from its pictures: whatever it does, it costs itself and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable

from footage.rtsp.events import SoundSink
from footage.rtsp.payload.aac import AacTrack
from footage.segments.aac import SoundParameters
from footage.times import MonotonicNs, Utc90k

log = logging.getLogger("footage.rtsp")


class SoundChannel:
    """Two interleaved channels and who listens to them. Raises nothing."""

    def __init__(
        self,
        sink: SoundSink,
        parameters: SoundParameters,
        channels: tuple[int, int],
        arrived: Callable[[], tuple[Utc90k, MonotonicNs]],
    ) -> None:
        self._sink, self.rtp, self.rtcp = sink, channels[0], channels[1]
        self._track: AacTrack | None = AacTrack(sink, parameters, arrived)

    def packet(self, channel: int, buffer: bytearray, view: memoryview, start: int, end: int) -> None:
        """Take what came on any channel that is not the pictures'; that of strangers is passed over."""
        try:
            if self._track is None:
                return
            if channel == self.rtp:
                self._track.packet(buffer, view, start, end)
            elif channel == self.rtcp:
                self._track.control(bytes(view[start:end]))
        except Exception:
            log.exception("a stream's listener failed on its sound")
            self._track = None
            tell_no_sound(self._sink, "The recorder failed on the sound; its log has the details.")


def tell_no_sound(sink: SoundSink, why: str) -> None:
    """Say that there is no sound; what the listener makes of it cannot harm the stream."""
    try:
        sink.on_no_sound(why)
    except Exception:
        log.exception("a stream's listener failed on its sound")
