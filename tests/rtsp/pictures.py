"""Tiny real H.264 and H.265 streams from PyAV's encoders, as NAL units grouped into pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import av
import numpy as np

from footage.rtsp.events import Codec

_START = re.compile(rb"\x00\x00\x00?\x01")


@dataclass(frozen=True)
class Coded:
    """An encoded stream: `pictures` hold each picture's NAL units in order, with no start codes."""

    codec: Codec
    width: int
    height: int
    fps: int
    pictures: tuple[tuple[bytes, ...], ...]

    def parameter_sets(self) -> list[bytes]:
        """The parameter sets of the first picture, in the order in which the encoder wrote them."""
        wanted = {7, 8} if self.codec is Codec.H264 else {32, 33, 34}
        return [nal for nal in self.pictures[0] if nal_type(self.codec, nal) in wanted]

    def without_parameter_sets(self) -> tuple[tuple[bytes, ...], ...]:
        sets = {7, 8} if self.codec is Codec.H264 else {32, 33, 34}
        return tuple(tuple(nal for nal in p if nal_type(self.codec, nal) not in sets) for p in self.pictures)


def nal_type(codec: Codec, nal: bytes) -> int:
    return nal[0] & 0x1F if codec is Codec.H264 else nal[0] >> 1 & 0x3F


@lru_cache(maxsize=32)
def encoded(
    codec: Codec, width: int = 96, height: int = 64, fps: int = 25, frames: int = 24, gop: int = 8, **options: str
) -> Coded:
    """`frames` pictures of moving noise, a key frame every `gop`, AUD and SEI left where the encoder puts them."""
    name = "libx264" if codec is Codec.H264 else "libx265"
    context = av.CodecContext.create(name, "w")
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.time_base, context.framerate = Fraction(1, fps), Fraction(fps, 1)
    context.gop_size = gop
    context.options = _options(codec, gop) | options
    packets = []
    for number in range(frames):
        frame = av.VideoFrame.from_ndarray(noise(number, width, height), format="rgb24").reformat(format="yuv420p")
        frame.pts = number
        packets += context.encode(frame)
    packets += context.encode(None)
    return Coded(codec, width, height, fps, tuple(tuple(split_annexb(bytes(packet))) for packet in packets))


def _options(codec: Codec, gop: int) -> dict[str, str]:
    if codec is Codec.H264:
        extra = f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes=0:aud=1:repeat-headers=1:annexb=1"
        return {"x264-params": extra, "preset": "ultrafast", "tune": "zerolatency"}
    extra = f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes=0:aud=1:repeat-headers=1:log-level=none:pools=1"
    return {"x265-params": extra, "preset": "ultrafast", "tune": "zerolatency"}


def noise(number: int, width: int, height: int) -> np.ndarray:
    picture = np.random.default_rng(number // 4).integers(0, 255, (height, width, 3), dtype=np.uint8)
    return np.roll(picture, number, axis=1)


def split_annexb(data: bytes) -> list[bytes]:
    """The NAL units of an Annex B byte stream."""
    return [nal for nal in _START.split(data) if nal]
