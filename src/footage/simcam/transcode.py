"""Makes a file into one that a camera could have sent: H.264, no reordered pictures, a key frame each second.

Done once; the result stays in a cache folder under the hash of what went in. Needs the `picture` extra.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from footage.simcam.film import Film, FilmError, NotAsItIs, read_film

if TYPE_CHECKING:
    from av import VideoFrame, VideoStream
    from av.container import InputContainer, OutputContainer

#: Called with the work's name, the share done (0.0 to 1.0).
Report = Callable[[str, float], None]
MAKE = "simcam-1"  # part of the cache's key: raise it when the result changes


def cache_folder() -> Path:
    """Where made films are kept, by the XDG rules."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "overt" / "simcam"


def load_film(path: Path, *, cache: Path | None = None, size: tuple[int, int] | None = None,
              report: Report | None = None) -> Film:  # fmt: skip
    """The film of a file: as it is where that is possible and no other size is asked for, else transcoded.

    Raises FilmError where the file is missing or no video.
    """
    if not path.is_file():
        raise FilmError(f"{path}: no such file")
    if size is None:
        try:
            return read_film(path)
        except NotAsItIs:
            pass
    made = (cache or cache_folder()) / f"{_fingerprint(path, size)}.mp4"
    if not made.is_file():
        made.parent.mkdir(parents=True, exist_ok=True)
        part = made.with_suffix(f".{os.getpid()}.part")
        try:
            transcode(path, part, size=size, report=report)
            part.replace(made)
        finally:
            part.unlink(missing_ok=True)
    return read_film(made)


def _fingerprint(path: Path, size: tuple[int, int] | None) -> str:
    facts = path.stat()
    text = f"{MAKE}|{path.resolve()}|{facts.st_size}|{facts.st_mtime_ns}|{size}"
    return f"{path.stem}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def transcode(source: Path, target: Path, *, size: tuple[int, int] | None = None, report: Report | None = None) -> None:
    """Write `source` as baseline H.264 in MP4. `size` is width and height; odd sizes lose a column or row."""
    import av

    try:
        with av.open(str(source)) as before, av.open(str(target), "w", format="mp4") as after:
            if not before.streams.video:
                raise FilmError(f"{source.name}: no video in it")
            stream = before.streams.video[0]
            stream.thread_type = "AUTO"
            width, height = size or (stream.width, stream.height)
            rate = stream.average_rate or Fraction(25)
            encoder = add_encoder(after, rate, (width & ~1, height & ~1))
            for frame in _frames(before, stream, source.name, report):
                frame = frame.reformat(encoder.width, encoder.height, "yuv420p")
                frame.pict_type = 0  # or the encoder would copy the source's key frames
                after.mux(encoder.encode(frame))
            after.mux(encoder.encode(None))
    except av.FFmpegError as error:
        raise FilmError(f"{source.name}: {error.strerror or error}") from error


def add_encoder(container: OutputContainer, rate: Fraction, size: tuple[int, int],
                *, preset: str = "veryfast", bitrate_bps: int | None = None) -> VideoStream:  # fmt: skip
    """An encoder that behaves as a camera's does: a group a second, no reordering, no look-ahead.

    Without a bitrate the quality is held constant; with one the rate is held near it, second for second.
    """
    group = max(1, round(rate))
    options = {"preset": preset, "tune": "zerolatency", "profile": "baseline", "sc_threshold": "0"}
    if bitrate_bps is None:
        options["crf"] = "23"
    else:
        options |= {"maxrate": str(bitrate_bps), "bufsize": str(bitrate_bps)}
    stream: VideoStream = container.add_stream("libx264", rate=rate, options=options)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.gop_size = group
    stream.codec_context.max_b_frames = 0
    if bitrate_bps is not None:
        stream.bit_rate = bitrate_bps
    return stream


def _frames(container: InputContainer, stream: VideoStream, name: str, report: Report | None) -> Iterator[VideoFrame]:
    total = stream.frames or 0
    for number, frame in enumerate(container.decode(stream), 1):
        yield frame
        if report and total and number % 10 == 0:
            report(name, min(number / total, 1.0))
    if report:
        report(name, 1.0)
