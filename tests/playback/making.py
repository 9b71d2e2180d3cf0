"""Real recordings for tests: H.264 made by an encoder, written by the recorder's own writer, with rows in the journal.

Each picture carries its number as twelve black or white blocks, so that a test knows which one it sees.
"""

from __future__ import annotations

import functools
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import av
import numpy as np

from footage.catalogue import Catalogue, OpenFile, usual_path
from footage.contract import CameraId, SegmentClosed
from footage.rtsp.events import Codec, VideoParameters
from footage.segments.codecs import parameters_from
from footage.segments.header import SegmentHeader
from footage.segments.writer import Sample, fragment_head, segment_start
from footage.times import HZ, utc_90k

FPS = 25
STEP = HZ // FPS
BITS = 12
#: A moment in the past, in the middle of a minute: 2026-11-01T09:00:30Z.
BEGIN = 1_793_523_630 * HZ


@dataclass(frozen=True)
class Film:
    """Coded pictures: length-prefixed NAL units, and whether each is a key frame."""

    parameters: VideoParameters
    pictures: tuple[tuple[bytes, bool], ...]


@functools.cache
def film(width: int = 320, height: int = 180, pictures: int = 750, gop: int = FPS, *, heavy: bool = False) -> Film:
    """Thirty seconds unless asked otherwise, a group a second. A heavy one has noise in it and is large."""
    options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "30", "x264-params": "scenecut=0"}
    units = _coded("libx264", options, (width, height, pictures, gop), heavy=heavy)
    sets = {nal[0] & 31: nal for nal in units[0]}
    parameters = parameters_from(Codec.H264, b"", sets[7], sets[8])
    return Film(parameters, tuple((_prefixed(nals), any(nal[0] & 31 == 5 for nal in nals)) for nals in units))


@functools.cache
def film_h265(pictures: int = 250) -> Film:
    """Ten seconds of H.265."""
    options = {"preset": "ultrafast", "x265-params": "log-level=none:bframes=0:keyint=25:min-keyint=25:scenecut=0"}
    units = _coded("libx265", options, (320, 192, pictures, FPS), heavy=False)
    sets = {nal[0] >> 1 & 63: nal for nal in units[0]}
    parameters = parameters_from(Codec.H265, sets[32], sets[33], sets[34])
    return Film(
        parameters, tuple((_prefixed(nals), any(16 <= nal[0] >> 1 & 63 < 24 for nal in nals)) for nals in units)
    )


def _coded(name: str, options: dict[str, str], shape: tuple[int, int, int, int], *, heavy: bool) -> list[list[bytes]]:
    """The NAL units of each picture."""
    width, height, pictures, gop = shape
    encoder = av.CodecContext.create(name, "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.framerate = width, height, "yuv420p", FPS
    encoder.gop_size, encoder.max_b_frames, encoder.options = gop, 0, options
    coded = []
    for number in range(pictures):
        coded += encoder.encode(_numbered(number, width, height, heavy=heavy))
    coded += encoder.encode(None)
    return [_nals(bytes(packet)) for packet in coded]


def _numbered(number: int, width: int, height: int, *, heavy: bool) -> av.VideoFrame:
    grey = np.full((height * 3 // 2, width), 128, np.uint8)
    if heavy:
        grey[height // 2 : height] = np.random.default_rng(number).integers(64, 192, (height // 2, width), np.uint8)
    block = width // BITS
    for bit in range(BITS):
        grey[: height // 2, bit * block : (bit + 1) * block] = 235 if number >> bit & 1 else 16
    return av.VideoFrame.from_ndarray(grey, format="yuv420p")


def number_of(jpeg_or_array: bytes | np.ndarray) -> int:
    """Which picture this is, read from its blocks."""
    if isinstance(jpeg_or_array, bytes):
        import PIL.Image

        jpeg_or_array = np.asarray(PIL.Image.open(io.BytesIO(jpeg_or_array)).convert("L"))
    height, width = jpeg_or_array.shape[:2]
    block = width // BITS
    row = jpeg_or_array[height // 4]
    return sum(1 << bit for bit in range(BITS) if row[bit * block + block // 2] > 128)


def _nals(annex_b: bytes) -> list[bytes]:
    parts = annex_b.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")
    return [part for part in parts if part]


def _prefixed(nals: Sequence[bytes]) -> bytes:
    return b"".join(len(nal).to_bytes(4, "big") + nal for nal in nals)


@dataclass
class Recorded:
    """One camera's recordings in a store, made without a recorder."""

    store: Path
    camera_id: CameraId = field(default_factory=lambda: CameraId(uuid4()))
    sequence: int = 0

    def __post_init__(self) -> None:
        self.catalogue = Catalogue(self.store)

    def record(
        self,
        start_90k: int,
        pictures: int,
        *,
        film: Film | None = None,
        first: int = 0,
        run: int = 1,
        per_file: int = 250,
        per_fragment: int = FPS,
        leave_open: bool = False,
    ) -> list[SegmentClosed]:
        """Pictures `first`.. of a film, from a moment on. With `leave_open` the last file has no row yet."""
        source = film or _usual()
        rows = []
        for begin in range(0, pictures, per_file):
            chosen = source.pictures[first + begin : first + min(begin + per_file, pictures)]
            row = self._write(source, chosen, start_90k + begin * STEP, run, per_fragment)
            if leave_open and begin + per_file >= pictures:
                self.catalogue.begin_file(OpenFile(self.camera_id, row.path, row.run, row.sequence, row.start_90k))
            else:
                self.catalogue.add_segment(row)
                rows.append(row)
        return rows

    def _write(
        self, source: Film, chosen: Sequence[tuple[bytes, bool]], start: int, run: int, per_fragment: int
    ) -> SegmentClosed:
        self.sequence += 1
        facts = source.parameters
        head = SegmentHeader(self.camera_id, "127", run, self.sequence, start, facts.rfc6381, facts.width, facts.height)
        data = segment_start(facts, head)
        at = 0
        for number, group in enumerate(_groups(chosen, per_fragment), start=1):
            samples = [Sample(STEP, len(coded), key) for coded, key in group]
            data += fragment_head(number, at * STEP, start + at * STEP, samples) + b"".join(coded for coded, _ in group)
            at += len(group)
        path = usual_path(self.camera_id, start)
        (self.store / path).parent.mkdir(parents=True, exist_ok=True)
        (self.store / path).write_bytes(data)
        return SegmentClosed(
            camera_id=self.camera_id,
            run=run,
            sequence=self.sequence,
            start_90k=start,
            end_90k=start + len(chosen) * STEP,
            path=path,
            size_bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            frames=len(chosen),
            codec=facts.rfc6381,
            width=facts.width,
            height=facts.height,
        )


def _groups(chosen: Sequence[tuple[bytes, bool]], longest: int) -> list[list[tuple[bytes, bool]]]:
    """Cut at key frames, and where a group is longer than a fragment may be."""
    groups: list[list[tuple[bytes, bool]]] = []
    for picture in chosen:
        if picture[1] or len(groups[-1]) == longest:
            groups.append([])
        groups[-1].append(picture)
    return groups


def _usual() -> Film:
    return film()


@dataclass(frozen=True)
class Played:
    """What an independent player makes of an MP4: coded bytes and times, and the numbers of the decoded pictures."""

    coded: list[bytes]
    times_90k: list[int]
    numbers: list[int]


def played(mp4: bytes, *, decode: bool = True) -> Played:
    coded, times, numbers = [], [], []
    with av.open(io.BytesIO(mp4), format="mp4") as container:
        for packet in container.demux(video=0):
            if packet.size:
                coded.append(bytes(packet))
                times.append(round(packet.pts * packet.time_base * HZ))
    if decode:
        with av.open(io.BytesIO(mp4), format="mp4") as container:
            numbers = [number_of(frame.to_ndarray(format="gray")) for frame in container.decode(video=0)]
    return Played(coded, times, numbers)


def camera_of(text: str) -> CameraId:
    return CameraId(UUID(text))


__all__ = [
    "BEGIN",
    "FPS",
    "HZ",
    "STEP",
    "Film",
    "Played",
    "Recorded",
    "film",
    "film_h265",
    "number_of",
    "played",
    "utc_90k",
]
