"""Real recordings for tests: H.264 made by an encoder, written by the recorder's own writer, with rows in the journal.

Each picture carries its number as twelve black or white blocks, so that a test knows which one it sees.
"""

from __future__ import annotations

import functools
import hashlib
import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import av
import numpy as np

from footage.catalogue import Catalogue, OpenFile, usual_path
from footage.contract import CameraId, SegmentClosed
from footage.recorder.gather import Gathered, Gatherer
from footage.rtsp.events import AccessUnit, Codec, VideoParameters
from footage.segments.codecs import parameters_from
from footage.segments.header import SegmentHeader
from footage.segments.writer import Sample, SoundRun, fragment_head, segment_start
from footage.simcam.pattern import write_pattern
from footage.simcam.soundtrack import Soundtrack, read_soundtrack
from footage.times import HZ, MonotonicNs, Utc90k, utc_90k

FPS = 25
STEP = HZ // FPS
BITS = 12
#: A frame of sound at 16 kHz; in files with sound, it begins so long before the first picture.
SOUND_STEP, SOUND_LEAD = 5760, 9000
#: A moment in the past, in the middle of a minute: 2026-11-01T09:00:30Z.
BEGIN = 1_793_523_630 * HZ


@dataclass(frozen=True)
class Film:
    """Coded pictures: length-prefixed NAL units, and whether each is a key frame.

    `shown` is the place of each among those shown, where they are sent in another order.
    """

    parameters: VideoParameters
    pictures: tuple[tuple[bytes, bool], ...]
    shown: tuple[int, ...] = ()


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


@functools.cache
def film_reordered(codec: Codec = Codec.H264, pictures: int = 225, gop: int = 75, *, open_groups: bool = False) -> Film:
    """Nine seconds, a group in three, two B pictures between each two others. Open groups begin with leading pictures."""
    name, kind, keys = ("libx264", 31, (5,)) if codec is Codec.H264 else ("libx265", 63, range(16, 24))
    extra = f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes=2:b-adapt=0:open-gop={int(open_groups)}:log-level=none"
    more = "b-pyramid=none:ref=1" if codec is Codec.H264 else "b-pyramid=0:ref=1:pools=1:frame-threads=1"
    options = {"preset": "veryfast", "crf": "30", f"{name[3:]}-params": f"{extra}:{more}"}
    packets = _packets(name, options, (320, 192, pictures, gop), heavy=False, max_b_frames=2)
    units = [_nals(bytes(packet)) for packet in packets]
    types = [[(nal[0] if codec is Codec.H264 else nal[0] >> 1) & kind for nal in nals] for nals in units]
    sets = {kind: nal for nals, kinds in zip(units, types, strict=True) for nal, kind in zip(nals, kinds, strict=True)}
    vps, sps, pps = (b"", sets[7], sets[8]) if codec is Codec.H264 else (sets[32], sets[33], sets[34])
    key = [any(one in keys for one in kinds) or (codec is Codec.H264 and 7 in kinds) for kinds in types]
    return Film(
        parameters_from(codec, vps, sps, pps),
        tuple((_prefixed(nals), begins) for nals, begins in zip(units, key, strict=True)),
        tuple(packet.pts for packet in packets),
    )


def _coded(name: str, options: dict[str, str], shape: tuple[int, int, int, int], *, heavy: bool) -> list[list[bytes]]:
    """The NAL units of each picture."""
    return [_nals(bytes(packet)) for packet in _packets(name, options, shape, heavy=heavy)]


def _packets(
    name: str, options: dict[str, str], shape: tuple[int, int, int, int], *, heavy: bool, max_b_frames: int = 0
) -> list[av.Packet]:
    width, height, pictures, gop = shape
    encoder = av.CodecContext.create(name, "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.framerate = width, height, "yuv420p", FPS
    encoder.gop_size, encoder.max_b_frames, encoder.options = gop, max_b_frames, options
    coded = []
    for number in range(pictures):
        frame = _numbered(number, width, height, heavy=heavy)
        frame.pts = number
        coded += encoder.encode(frame)
    return [*coded, *encoder.encode(None)]


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
        sound: bool = False,
    ) -> list[SegmentClosed]:
        """Pictures `first`.. of a film, from a moment on. With `leave_open` the last file has no row yet."""
        source = film or _usual()
        rows = []
        if source.shown:
            assert not leave_open
            return self._record_reordered(source, start_90k, range(first, first + pictures), run, per_file, sound=sound)
        for begin in range(0, pictures, per_file):
            chosen = source.pictures[first + begin : first + min(begin + per_file, pictures)]
            row = self._write(source, chosen, start_90k + begin * STEP, run, per_fragment, sound=sound)
            if leave_open and begin + per_file >= pictures:
                self.catalogue.begin_file(OpenFile(self.camera_id, row.path, row.run, row.sequence, row.start_90k))
            else:
                self.catalogue.add_segment(row)
                rows.append(row)
        return rows

    def _record_reordered(
        self, source: Film, start: int, chosen: range, run: int, per_file: int, *, sound: bool
    ) -> list[SegmentClosed]:
        """As the recorder lays them out: cut at key pictures, and where a group is longer than a fragment may be."""
        gatherer, files, rows = Gatherer(), [[]], []
        zero = min(source.shown[number] for number in chosen)
        for number in chosen:
            coded, key = source.pictures[number]
            at = (source.shown[number] - zero) * STEP
            unit = AccessUnit([coded], len(coded), at, key, Utc90k(start + at), MonotonicNs(0))
            if gatherer.full_before(unit):
                files[-1] += gatherer.cut(unit.media_90k)
            if key and sum(len(one.samples) for one in files[-1]) >= per_file:
                files.append([])
            gatherer.add(unit)
        files[-1] += gatherer.cut(None)
        for fragments in files:
            rows.append(self._write_laid_out(source, fragments, start, run, sound=sound))
            self.catalogue.add_segment(rows[-1])
        return rows

    def _write_laid_out(
        self, source: Film, fragments: Sequence[Gathered], start: int, run: int, *, sound: bool
    ) -> SegmentClosed:
        begin, heard = fragments[0].start_90k, sounds() if sound else None
        lead, data, spoken_until = SOUND_LEAD if heard else 0, b"", 0
        for number, one in enumerate(fragments, start=1):
            samples, parts, until = list(one.samples), list(one.parts), (one.end_90k - begin + lead) // SOUND_STEP
            spoken = heard.frames[spoken_until:until] if heard else ()
            rows = [Sample(SOUND_STEP, len(frame), key=True) for frame in spoken]
            run_of_sound = SoundRun(spoken_until * SOUND_STEP, rows) if rows else None
            data += fragment_head(number, one.start_90k - begin + lead, start + one.start_90k, samples, run_of_sound)
            data += b"".join([*parts, *spoken])
            spoken_until = until
        frames = sum(len(one.samples) for one in fragments)
        return self._finish(source, data, (start + begin, start + fragments[-1].end_90k), run, frames, heard)

    def _write(
        self,
        source: Film,
        chosen: Sequence[tuple[bytes, bool]],
        start: int,
        run: int,
        per_fragment: int,
        *,
        sound: bool = False,
    ) -> SegmentClosed:
        heard, data = sounds() if sound else None, b""
        at, lead = 0, SOUND_LEAD if heard else 0
        for number, group in enumerate(_groups(chosen, per_fragment), start=1):
            samples = [Sample(STEP, len(coded), key) for coded, key in group]
            spoken = _spoken(heard, at, at + len(group)) if heard else []
            rows = [Sample(SOUND_STEP, len(one), key=True) for _, one in spoken]
            run_of_sound = SoundRun(spoken[0][0], rows) if spoken else None
            data += fragment_head(number, at * STEP + lead, start + at * STEP, samples, run_of_sound)
            data += b"".join([coded for coded, _ in group] + [one for _, one in spoken])
            at += len(group)
        return self._finish(source, data, (start, start + len(chosen) * STEP), run, len(chosen), heard)

    def _finish(
        self, source: Film, fragments: bytes, span: tuple[int, int], run: int, frames: int, heard: Soundtrack | None
    ) -> SegmentClosed:
        self.sequence += 1
        facts, start = source.parameters, span[0]
        codec = f"{facts.rfc6381},mp4a.40.2" if heard else facts.rfc6381
        head = SegmentHeader(self.camera_id, "127", run, self.sequence, start, codec, facts.width, facts.height)
        data = segment_start(facts, head, heard.parameters if heard else None) + fragments
        path = usual_path(self.camera_id, start)
        (self.store / path).parent.mkdir(parents=True, exist_ok=True)
        (self.store / path).write_bytes(data)
        return SegmentClosed(
            camera_id=self.camera_id,
            run=run,
            sequence=self.sequence,
            start_90k=start,
            end_90k=span[1],
            path=path,
            size_bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            frames=frames,
            codec=codec,
            width=facts.width,
            height=facts.height,
        )


@functools.cache
def sounds() -> Soundtrack:
    """Forty seconds of a tone, in AAC."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_pattern(Path(folder) / "tone.mp4", seconds=40, fps=1, width=64, height=64, tone_hz=660)
        with av.open(str(path)) as container:
            found = read_soundtrack(container)
    assert found
    return found


def _spoken(heard: Soundtrack, first: int, after: int) -> list[tuple[int, bytes]]:
    """The frames that begin while these pictures are shown, and before the first of all, in a file's own time."""
    begin, end = (first * STEP + SOUND_LEAD if first else 0), after * STEP + SOUND_LEAD
    numbers = range(-(-begin // SOUND_STEP), -(-end // SOUND_STEP))
    return [(number * SOUND_STEP, heard.frames[number]) for number in numbers]


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
    "film_reordered",
    "number_of",
    "played",
    "utc_90k",
]
