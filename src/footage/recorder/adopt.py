"""After a crash or a power cut: takes the files that were being written into the journal, as far as they are whole.

Runs before anything is recorded. Deletes nothing: a file with nothing whole in it is set aside.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

from footage.catalogue import Catalogue, OpenFile
from footage.catalogue.store import sync_folder
from footage.contract import CameraId, DamagedFootage, Gap, GapCause, SegmentClosed
from footage.segments.header import SegmentHeader
from footage.segments.proven import proven
from footage.segments.reader import Fragment, Scan, scan
from footage.times import utc_datetime

log = logging.getLogger("footage.recorder")
SET_ASIDE = "set-aside"
MISSED = "packets were lost on the way"
ENDED = (GapCause.NODE_STOPPED, "the recorder ended without an orderly stop")
VANISHED = "recorded, and gone from the disk before its file was closed"
_CHUNK = 1 << 20


def adopt_unfinished(catalogue: Catalogue, why: tuple[GapCause, str] = ENDED) -> list[SegmentClosed]:
    """Adopt what has no row, and begin a gap where a camera's footage ends without one. Returns what was adopted.

    `why` nothing was recorded since then, where nobody said so.
    """
    candidates = {opened.path for opened in catalogue.open_files()}
    for camera in catalogue.known_cameras():
        candidates |= set(_newer_than_rows(catalogue, camera.camera_id))
    # Side by side: each is read and hashed once, and recording waits for the last of them.
    with ThreadPoolExecutor(4, "footage-adopt") as pool:
        found = pool.map(lambda path: _adopt(catalogue, path), sorted(candidates))
    adopted = [segment for segment in found if segment is not None]
    for camera in catalogue.known_cameras():
        _begin_gap(catalogue, camera.camera_id, *why)
    return adopted


def adopt_left(catalogue: Catalogue, opened: OpenFile, end_90k: int) -> None:
    """Adopt a file that could not be closed while recording; one of which nothing is left is a gap that says so.

    Raises OSError while it can be neither read nor flushed.
    """
    full = catalogue.store / opened.path
    if full.exists():
        with full.open("rb") as file:
            os.fsync(file.fileno())
        if _adopt(catalogue, opened.path) is not None:
            return
    elif not catalogue.store.exists():
        raise FileNotFoundError(opened.path)
    catalogue.add_gap(Gap(opened.camera_id, opened.start_90k, end_90k, GapCause.DAMAGED, VANISHED))
    catalogue.forget_file(opened.path)


def segment_of(path: str, found: Scan, digest: str) -> SegmentClosed:
    """The row that a file's own bytes amount to."""
    header = found.header
    return SegmentClosed(
        camera_id=header.camera_id,
        run=header.run,
        sequence=header.sequence,
        start_90k=found.start_90k,
        end_90k=found.end_90k,
        path=path,
        size_bytes=found.good_bytes,
        sha256=digest,
        frames=found.frames,
        codec=header.codec,
        width=header.width,
        height=header.height,
    )


def holes(found: Scan) -> list[Gap]:
    """Pictures missed inside a file: where a fragment starts later than the one before it ended."""
    return [
        Gap(found.header.camera_id, before.end_wall_90k, after.wall_90k, GapCause.CAMERA_LOST, MISSED)
        for before, after in _neighbours(found.fragments)
        if after.start_media_90k > before.start_media_90k + before.duration_90k
    ]


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _neighbours(fragments: tuple[Fragment, ...]) -> Iterator[tuple[Fragment, Fragment]]:
    return pairwise(fragments)


def _newer_than_rows(catalogue: Catalogue, camera_id: CameraId) -> Iterator[str]:
    """Segment files without a row in the hours from the last row on: few folders, however much is kept."""
    newest = catalogue.newest_segment(camera_id)
    since = f"{utc_datetime(newest.start_90k):%Y/%m/%d/%H}" if newest else ""
    top = catalogue.store / str(camera_id)
    start = newest.start_90k - 3600 * 90_000 if newest else 0
    known = {row.path for row in catalogue.segments(camera_id, start, 1 << 61)}
    for folder in _hours(top, since):
        for file in sorted(folder.glob("*.mp4")):
            path = file.relative_to(catalogue.store).as_posix()
            if path not in known:
                yield path


def _hours(top: Path, since: str) -> list[Path]:
    """The hour folders (`YYYY/MM/DD/HH`) from `since` on. Looks into no folder that can only hold older ones."""
    level = [top] if top.is_dir() else []
    for _ in range(4):
        level = [
            Path(entry)
            for folder in level
            for entry in os.scandir(folder)
            if entry.name.isdigit() and entry.is_dir() and _reaches(Path(entry).relative_to(top).as_posix(), since)
        ]
    return sorted(level)


def _reaches(folder: str, since: str) -> bool:
    return folder >= since[: len(folder)]


def _adopt(catalogue: Catalogue, path: str) -> SegmentClosed | None:
    full = catalogue.store / path
    try:
        found, digest = proven(full, scan(full))
    except FileNotFoundError:
        catalogue.forget_file(path)
        return None
    except OSError as error:
        log.error("%s cannot be read (%s); it is tried again at the next start", path, error)
        return None
    except DamagedFootage as error:
        log.warning("%s holds nothing whole (%s)", path, error)
        _set_aside(catalogue, path)
        return None
    if not found.fragments:
        _set_aside(catalogue, path)
        return None
    if _sequence_taken(catalogue, found.header):
        log.warning("%s is a copy of a segment that has a row; it is left where it is", path)
        return None
    if found.good_bytes < found.size_bytes:
        keep_tail(catalogue.store, path, found)
    sync_folder(full.parent)
    segment = segment_of(path, found, digest)
    known_holes = {(hole.start_90k, hole.end_90k) for hole in catalogue.holes(segment.camera_id, 0, 1 << 61)}
    for hole in holes(found):
        if (hole.start_90k, hole.end_90k) not in known_holes:
            catalogue.add_hole(hole, segment.run)
    catalogue.add_segment(segment)
    _end_gap(catalogue, found.header)
    log.info("%s was left unfinished and is adopted: %d pictures", path, segment.frames)
    return segment


def _end_gap(catalogue: Catalogue, header: SegmentHeader) -> None:
    """End the gap that this file ended, where a crash came before that was written."""
    last = catalogue.open_gap_of(header.camera_id)
    if last is None:
        return
    told = any((gap.start_90k, gap.cause) == (last.start_90k, last.cause) for gap in header.gaps_before)
    if told or last.start_90k <= header.start_90k:
        catalogue.close_gap(header.camera_id, header.start_90k)


def _sequence_taken(catalogue: Catalogue, header: SegmentHeader) -> bool:
    number = catalogue.number(header.camera_id)
    query = "SELECT 1 FROM segments WHERE camera = ? AND sequence = ?"
    return catalogue.read().execute(query, (number, header.sequence)).fetchone() is not None


def keep_tail(store: Path, path: str, found: Scan) -> None:
    """Cut a file to its last whole fragment; what came after is kept beside the footage, and nothing is lost."""
    full, aside = store / path, _aside(store, f"{path}.tail")
    with full.open("r+b") as file:
        file.seek(found.good_bytes)
        aside.write_bytes(file.read())
        file.truncate(found.good_bytes)
        file.flush()
        os.fsync(file.fileno())
    log.info("%s: %d bytes after the last whole fragment are set aside", path, found.size_bytes - found.good_bytes)


def _aside(store: Path, path: str) -> Path:
    folder = store / SET_ASIDE
    folder.mkdir(exist_ok=True)
    return folder / path.replace("/", "_")


def _set_aside(catalogue: Catalogue, path: str) -> None:
    """Move a file that cannot be a segment out of the way, and keep it."""
    full, aside = catalogue.store / path, _aside(catalogue.store, path)
    if full.exists():
        full.rename(aside)
        sync_folder(aside.parent)
        sync_folder(full.parent)
    catalogue.forget_file(path)


def _begin_gap(catalogue: Catalogue, camera_id: CameraId, cause: GapCause, detail: str) -> None:
    """From the last picture on nothing was recorded, and nobody said so."""
    newest = catalogue.newest_segment(camera_id)
    if newest is not None and catalogue.open_gap_of(camera_id) is None:
        catalogue.open_gap(camera_id, newest.end_90k, cause, detail)
