"""A film: the coded pictures of a file, in memory once, however many cameras show it.

Files that a camera could have made (H.264 or H.265, no reordered pictures) are taken as they are, NAL unit for NAL
unit; anything else is made into such a file first, see transcode.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from footage.contract import FootageError
from footage.rtsp.events import Codec
from footage.simcam.captioned import Caption, parse_mark
from footage.simcam.h264 import Slice, read_sequence, read_slice
from footage.simcam.nal import is_key, is_parameter_set, nal_type, parse_configuration, split_annex_b, split_prefixed
from footage.simcam.rtp import Burst, packetise
from footage.simcam.soundtrack import Soundtrack, read_soundtrack
from footage.times import HZ

if TYPE_CHECKING:
    from av import VideoStream
    from av.container import InputContainer

CODECS = {"h264": Codec.H264, "hevc": Codec.H265}


class FilmError(FootageError):
    """The file cannot be shown by a simulated camera."""

    code = "simcam-film"


class NotAsItIs(FilmError):
    """The file is video, but none that a camera could send: it has to be transcoded first."""

    code = "simcam-transcode"


@dataclass(frozen=True, slots=True)
class Picture:
    """One coded picture. `start_90k` counts from the start of the film."""

    nals: tuple[bytes, ...] = field(repr=False)
    start_90k: int
    key: bool


@dataclass(frozen=True)
class Film:
    """Pictures in order, the first a key frame. `parameter_sets` are (VPS,) SPS, PPS."""

    codec: Codec
    parameter_sets: tuple[bytes, ...]
    pictures: tuple[Picture, ...]
    duration_90k: int
    width: int
    height: int
    caption: Caption | None = None  # the first slice of each picture is a row that may be written anew
    sound: Soundtrack | None = None

    @property
    def fps(self) -> float:
        return len(self.pictures) * HZ / self.duration_90k

    @property
    def bitrate_bps(self) -> float:
        size = sum(len(nal) for picture in self.pictures for nal in picture.nals)
        return size * 8 * HZ / self.duration_90k

    @cached_property
    def key_indexes(self) -> tuple[int, ...]:
        return tuple(index for index, picture in enumerate(self.pictures) if picture.key)

    @cached_property
    def bursts(self) -> tuple[Burst, ...]:
        """Each picture as interleaved RTP packets, made once and shared by every camera that shows the film."""
        return tuple(packetise(self.codec, picture.nals) for picture in self.pictures)

    @cached_property
    def bursts_below_caption(self) -> tuple[Burst, ...]:
        """Each picture without its caption row."""
        return tuple(packetise(self.codec, picture.nals[1:]) for picture in self.pictures)

    @cached_property
    def caption_slices(self) -> tuple[Slice, ...]:
        """What the caption row of each picture has to say in its header."""
        sequence = read_sequence(*self.parameter_sets)
        return tuple(read_slice(picture.nals[0], sequence) for picture in self.pictures)

    @cached_property
    def bursts_in_band(self) -> tuple[Burst, ...]:
        """The same with parameter sets in front of each key frame that does not bring its own."""
        bursts = list(self.bursts)
        for index in self.key_indexes:
            nals = self.pictures[index].nals
            if not any(is_parameter_set(self.codec, nal) for nal in nals):
                bursts[index] = packetise(self.codec, self.parameter_sets + nals)
        return tuple(bursts)


def read_film(path: Path) -> Film:
    """A file's video, as it is. Raises FilmError for no video at all, NotAsItIs for video no camera would send."""
    import av  # the `picture` extra: a recorder without simulated cameras does not need it

    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise FilmError(f"{path.name}: no video in it")
            film = _read_stream(path, container, container.streams.video[0])
            film = replace(film, caption=parse_mark(container.metadata.get("comment", "")))
        with av.open(str(path)) as container:
            return replace(film, sound=read_soundtrack(container))
    except av.FFmpegError as error:
        raise FilmError(f"{path.name}: {error.strerror or error}") from error


def _read_stream(path: Path, container: InputContainer, stream: VideoStream) -> Film:
    context = stream.codec_context
    codec = CODECS.get(context.name)
    if codec is None or context.has_b_frames:
        raise NotAsItIs(f"{path.name}: {context.name} is not sent as it is")
    length_bytes, sets = parse_configuration(codec, context.extradata or b"")
    rate = float(stream.average_rate or stream.guessed_rate or 25)
    pictures: list[Picture] = []
    last = -1
    for packet in container.demux(stream):
        data = bytes(packet)
        if not data:
            continue
        nals = tuple(split_prefixed(data, length_bytes) if length_bytes else split_annex_b(data))
        start = round(len(pictures) * HZ / rate)  # right for a bare elementary stream, which has no times
        if packet.pts is not None:
            start = round(packet.pts * packet.time_base * HZ)
        if start <= last:
            raise NotAsItIs(f"{path.name}: pictures are not in the order they are shown")
        last = start
        key = any(is_key(codec, nal) for nal in nals)
        if key or pictures:  # what comes before the first key frame cannot be decoded
            pictures.append(Picture(nals, start, key))
    if not pictures:
        raise FilmError(f"{path.name}: no key frame in it")
    return build_film(codec, sets, pictures, width=context.width, height=context.height)


def build_film(codec: Codec, sets: list[bytes], pictures: list[Picture], *, width: int, height: int) -> Film:
    """A film from its parts; start times are moved to begin at zero, the last picture lasts as long as most do."""
    first = pictures[0].start_90k
    moved = tuple(Picture(picture.nals, picture.start_90k - first, picture.key) for picture in pictures)
    steps = [after.start_90k - before.start_90k for before, after in pairwise(moved)]
    duration = moved[-1].start_90k + int(median(steps) if steps else HZ // 25)
    in_band = [nal for nal in moved[0].nals if is_parameter_set(codec, nal)]
    return Film(codec, _one_of_each(codec, sets or in_band), moved, duration, width, height)


def _one_of_each(codec: Codec, sets: list[bytes]) -> tuple[bytes, ...]:
    found = {nal_type(codec, nal): nal for nal in reversed(sets) if is_parameter_set(codec, nal)}
    if len(found) < (2 if codec is Codec.H264 else 3):
        raise FilmError("the video carries no parameter sets")
    return tuple(found[kind] for kind in sorted(found))
