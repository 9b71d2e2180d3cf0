"""Films for other people's servers: B pictures, sound, and every picture and frame of sound unlike any other."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from footage.rtsp.events import Codec
from rtsp.pictures import nal_type

WIDTH, HEIGHT, FPS = 192, 112, 25
#: What is on the films, and so in the name of each: a server finds out from it how to send it.
NAMES = ("plain.mp4", "plain-aac.mp4", "plain-pcma.mov", "reordered-aac.mp4", "h265.mp4", "reordered-h265.mp4")
_RATES = {"aac": 16_000, "pcma": 8_000}


@dataclass(frozen=True)
class Film:
    """What a server was given: the slices of each picture in decoding order, and the frames of sound.

    `shown_90k` and `heard_90k` are when each is shown and heard, in 1/90000 s from the film's beginning.
    """

    path: Path
    codec: Codec
    pictures: tuple[tuple[bytes, ...], ...]
    shown_90k: tuple[int, ...]
    sound: tuple[bytes, ...]
    heard_90k: tuple[int, ...]

    @property
    def reorder_90k(self) -> int:
        """How much longer one picture waits between being sent and being shown than another; 0 without B pictures."""
        waits = [shown - number * 90_000 // FPS for number, shown in enumerate(self.shown_90k)]
        return max(waits) - min(waits)


def make_film(path: Path, seconds: int) -> Film:
    """Write a film of that name and read it back as the server will find it."""
    with av.open(str(path), "w") as out:
        video = _video_stream(out, path.name)
        kind = next((kind for kind in _RATES if kind in path.name), "")
        sound = _sound_stream(out, kind) if kind else None
        for second in range(seconds):
            for number in range(second * FPS, (second + 1) * FPS):
                out.mux(video.encode(_picture(number)))
            if sound:
                out.mux([packet for frame in _tone(sound, second) for packet in sound.encode(frame)])
        out.mux(video.encode(None))
        if sound:
            out.mux(sound.encode(None))
    return _read_back(path)


def slices(codec: Codec, nals: list[bytes]) -> tuple[bytes, ...]:
    """Those units of a picture that are coded picture; a server may add or drop the others."""
    most = 5 if codec is Codec.H264 else 31
    least = 1 if codec is Codec.H264 else 0
    return tuple(nal for nal in nals if least <= nal_type(codec, nal) <= most)


def split_prefixed(data: bytes) -> list[bytes]:
    """The NAL units of a picture as MP4 holds them, each behind its four-byte length."""
    nals, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        nals.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    return nals


def _video_stream(out: av.container.OutputContainer, name: str) -> av.VideoStream:
    coder = "x265" if "h265" in name else "x264"
    stream = out.add_stream(f"lib{coder}", rate=FPS)
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    reorder = "bframes=2:b-adapt=0:open-gop=0" if "reordered" in name else "bframes=0"
    words = f"keyint={FPS}:min-keyint={FPS}:scenecut=0:{reorder}" + ":log-level=none" * (coder == "x265")
    stream.options = {"preset": "ultrafast", f"{coder}-params": words}
    return stream


def _picture(number: int) -> av.VideoFrame:
    """Half of it noise that moves: the pictures differ in size, and most need several packets."""
    picture = np.full((HEIGHT, WIDTH, 3), number % 251, np.uint8)
    picture[: HEIGHT // 2] = np.roll(_NOISE, 5 * number, axis=1)[:, :WIDTH]
    frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
    frame.pts, frame.time_base = number, Fraction(1, FPS)
    return frame


_NOISE = np.random.default_rng(7).integers(0, 255, (HEIGHT // 2, WIDTH * 4, 3), dtype=np.uint8)


def _sound_stream(out: av.container.OutputContainer, kind: str) -> av.AudioStream:
    return out.add_stream("pcm_alaw" if kind == "pcma" else kind, rate=_RATES[kind], layout="mono")


def _tone(sound: av.AudioStream, second: int) -> list[av.AudioFrame]:
    """A second of a tone that climbs, so that no frame of it is like another, in pieces of 20 ms."""
    rate = sound.codec_context.sample_rate
    at = np.arange(second * rate, (second + 1) * rate) / rate
    wave = (np.sin(2 * np.pi * (200 + 60 * at) * at) * 15_000).astype(np.int16)
    frames = []
    for start in range(0, rate, rate // 50):
        frame = av.AudioFrame.from_ndarray(wave[start : start + rate // 50].reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, second * rate + start, Fraction(1, rate)
        frames.append(frame)
    return frames


def _read_back(path: Path) -> Film:
    codec = Codec.H265 if "h265" in path.name else Codec.H264
    pictures: list[tuple[bytes, ...]] = []
    sound: list[bytes] = []
    shown: list[int] = []
    heard: list[int] = []
    with av.open(str(path)) as source:
        for packet in source.demux():
            if not packet.size:
                continue
            at = round(packet.pts * packet.time_base * 90_000)
            if packet.stream.type == "video":
                pictures.append(slices(codec, split_prefixed(bytes(packet))))
                shown.append(at)
            else:
                sound.append(bytes(packet))
                heard.append(at)
    assert len(set(pictures)) == len(pictures), "two pictures are alike, so that one could stand for the other"
    return Film(path, codec, tuple(pictures), tuple(shown), tuple(sound), tuple(heard))
