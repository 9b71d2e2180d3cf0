"""A small film drawn for tests: a moving bar on grey, with a key frame each second. Needs the `picture` extra."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from footage.simcam.transcode import add_encoder

if TYPE_CHECKING:
    from av import AudioStream
    from av.container import OutputContainer


def write_pattern(path: Path, *, seconds: float = 2.0, fps: int = 25, width: int = 320, height: int = 240,
                  bitrate_bps: int | None = None, codec: str = "h264",
                  tone_hz: float | None = None, sound_rate: int = 16_000) -> Path:  # fmt: skip
    """Write an MP4 (or what the suffix says) of `seconds` x `fps` pictures without reordering; gives the path back.

    With `tone_hz` it has a sound track: a tone that beeps at the beginning of each second, for half of it.
    """
    import av
    import numpy as np

    with av.open(str(path), "w") as container:
        if codec == "h264":
            stream = add_encoder(container, Fraction(fps), (width, height), preset="ultrafast", bitrate_bps=bitrate_bps)
        else:
            params = f"keyint={fps}:min-keyint={fps}:bframes=0:open-gop=0:scenecut=0:log-level=error"
            options = {"preset": "ultrafast", "tune": "zerolatency", "x265-params": params}
            stream = container.add_stream("libx265", rate=fps, options=options)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        sound = add_tone(container, sound_rate) if tone_hz else None
        for number in range(round(seconds * fps)):
            picture = np.full((height, width, 3), 96, np.uint8)
            left = number * 4 % width
            picture[:, left : left + 16] = (230, 200, 40)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
        if sound and tone_hz:
            write_tone(container, sound, seconds, tone_hz)
    return path


def add_tone(container: OutputContainer, rate: int) -> AudioStream:
    """A sound track of AAC in mono, to be written by `write_tone`."""
    stream: AudioStream = container.add_stream("aac", rate=rate)
    stream.layout = "mono"
    stream.bit_rate = 32_000
    return stream


def write_tone(container: OutputContainer, stream: AudioStream, seconds: float, tone_hz: float) -> None:
    """Half a second of a tone, half a second of nothing, over and over."""
    import av
    import numpy as np

    rate = stream.rate
    at = np.arange(round(seconds * rate)) / rate
    wave = np.where(at % 1 < 0.5, 0.4 * np.sin(2 * np.pi * tone_hz * at), 0).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(wave[None, :], format="fltp", layout="mono")
    frame.sample_rate, frame.pts = rate, 0
    container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
