"""Recordings made without waiting for them: a film's pictures in files as the recorder writes them, with their rows."""

from __future__ import annotations

import hashlib
from itertools import islice
from pathlib import Path

from footage.catalogue import Catalogue, usual_path
from footage.contract import CameraId, SegmentClosed
from footage.rtsp.events import Codec
from footage.segments.codecs import parameters_from
from footage.segments.header import SegmentHeader
from footage.segments.writer import Sample, fragment_head, segment_start
from footage.simcam.film import Film

MINUTE_90K = 60 * 90_000


def record_minutes(store: Path, camera_id: CameraId, film: Film, start_90k: int, minutes: int) -> int:
    """So many one-minute segments of a camera from a moment on, one run; their bytes in all."""
    total = 0
    with Catalogue(store) as catalogue:
        for number in range(minutes):
            data, frames = _minute(film, camera_id, start_90k + number * MINUTE_90K, number + 1)
            path = usual_path(camera_id, start_90k + number * MINUTE_90K)
            (store / path).parent.mkdir(parents=True, exist_ok=True)
            (store / path).write_bytes(data)
            catalogue.add_segment(
                _row(camera_id, film, start_90k + number * MINUTE_90K, number + 1, path, data, frames)
            )
            total += len(data)
    return total


def _minute(film: Film, camera_id: CameraId, start: int, sequence: int) -> tuple[bytes, int]:
    """A segment of a minute: the film over and over, a fragment for each group."""
    sps, pps = film.parameter_sets
    parameters = parameters_from(Codec.H264, b"", sps, pps)
    header = SegmentHeader(camera_id, "bench", 1, sequence, start, parameters.rfc6381, film.width, film.height)
    parts = [segment_start(parameters, header)]
    step = film.duration_90k // len(film.pictures)
    groups = [list(film.pictures[a:b]) for a, b in zip(film.key_indexes, [*film.key_indexes[1:], None], strict=True)]
    at = frames = fragment = 0
    while at < MINUTE_90K:
        for group in islice(groups, (MINUTE_90K - at) // (step * len(groups[0])) or 1):
            coded = [b"".join(len(nal).to_bytes(4, "big") + nal for nal in picture.nals) for picture in group]
            fragment += 1
            samples = [Sample(step, len(data), picture.key) for data, picture in zip(coded, group, strict=True)]
            parts += [fragment_head(fragment, at, start + at, samples), *coded]
            at += step * len(group)
            frames += len(group)
    return b"".join(parts), frames


def _row(
    camera_id: CameraId, film: Film, start: int, sequence: int, path: str, data: bytes, frames: int
) -> SegmentClosed:
    return SegmentClosed(
        camera_id=camera_id, run=1, sequence=sequence, start_90k=start, end_90k=start + MINUTE_90K, path=path,
        size_bytes=len(data), sha256=hashlib.sha256(data).hexdigest(), frames=frames,
        codec=f"avc1.{film.parameter_sets[0][1:4].hex()}", width=film.width, height=film.height,
    )  # fmt: skip
