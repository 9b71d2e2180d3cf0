"""Whether the disk holds what the journal says: presence, size, or every byte by its hash. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from footage.catalogue import Catalogue
from footage.contract import CameraId, SegmentClosed
from footage.recorder.adopt import digest_of

#: Called with bytes looked at and bytes in all.
Tell = Callable[[int, int], None]


class Level(StrEnum):
    """How closely to look. Each level includes those before it."""

    PRESENCE = "presence"
    SIZE = "size"
    HASH = "hash"


class Finding(StrEnum):
    """What can be wrong. A stray file is one without a row; it is never deleted for that."""

    MISSING = "missing"
    SIZE_DIFFERS = "size-differs"
    HASH_DIFFERS = "hash-differs"
    UNREADABLE = "unreadable"
    STRAY = "stray"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where, and what it means in words."""

    finding: Finding
    path: str
    camera_id: CameraId | None
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at and what was found."""

    level: Level
    segments: int
    bytes: int
    unfinished: int
    problems: tuple[Problem, ...]


def check(catalogue: Catalogue, level: Level, tell: Tell | None = None) -> Report:
    """Compare the journal with the disk. Safe while the recorder runs: files being written are no strays.

    Goes camera by camera, so that a store of any size needs the memory of one camera's rows.
    """
    total = sum(sum(days.values()) for days in catalogue.bytes_by_day().values())
    problems: list[Problem] = []
    segments = seen = unfinished = 0
    cameras = [camera.camera_id for camera in catalogue.known_cameras()]
    for camera_id in cameras:
        rows = catalogue.all_segments(camera_id)
        for row in rows:
            if (problem := check_row(catalogue, row, level)) is not None:
                problems.append(problem)
            seen += row.size_bytes
            if tell is not None:
                tell(seen, max(seen, total))
        segments += len(rows)
        strays, open_files = _strays(catalogue, camera_id, {row.path for row in rows})
        problems += strays
        unfinished += open_files
    for folder in camera_folders(catalogue.store):
        if UUID(folder.name) not in cameras:
            problems += [_stray(path) for path in files_of(catalogue.store, folder)]
    return Report(level, segments, seen, unfinished, tuple(problems))


def check_row(catalogue: Catalogue, row: SegmentClosed, level: Level) -> Problem | None:
    path = catalogue.absolute(row)
    try:
        size = path.stat().st_size
        if level is Level.PRESENCE:
            return None
        if size != row.size_bytes:
            return Problem(
                Finding.SIZE_DIFFERS, row.path, row.camera_id, f"{size} bytes on the disk, {row.size_bytes} recorded"
            )
        if level is Level.HASH and digest_of(path) != row.sha256:
            return Problem(Finding.HASH_DIFFERS, row.path, row.camera_id, "its bytes are not those that were recorded")
    except FileNotFoundError:
        if _is_gone_by_order(catalogue, row):
            return None
        return Problem(Finding.MISSING, row.path, row.camera_id, "the journal has it, the disk has not")
    except OSError as error:
        return Problem(Finding.UNREADABLE, row.path, row.camera_id, error.strerror or str(error))
    return None


def _is_gone_by_order(catalogue: Catalogue, row: SegmentClosed) -> bool:
    """Whether retention took the segment between reading the rows and looking."""
    number = catalogue.number(row.camera_id)
    query = "SELECT 1 FROM segments WHERE camera = ? AND sequence = ? AND deleting IS NULL"
    return catalogue.read().execute(query, (number, row.sequence)).fetchone() is None


def _strays(catalogue: Catalogue, camera_id: CameraId, known: set[str]) -> tuple[list[Problem], int]:
    """A camera's files without a row. One being written now, or closed since the rows were read, is none."""
    folder = catalogue.store / str(camera_id)
    found = [path for path in files_of(catalogue.store, folder) if path not in known]
    unfinished = {opened.path for opened in catalogue.open_files(camera_id)}
    late = {row.path for row in catalogue.all_segments(camera_id)} if found else set()
    return [_stray(path) for path in found if path not in unfinished and path not in late], len(unfinished)


def _stray(path: str) -> Problem:
    detail = "no row names it; it is kept. `footage reindex` takes it in if it is whole"
    return Problem(Finding.STRAY, path, None, detail)


def camera_folders(store: Path) -> list[Path]:
    """The folders that hold a camera's footage, in order."""
    found = []
    for folder in sorted(store.iterdir()):
        try:
            UUID(folder.name)
        except ValueError:
            continue
        found.append(folder)
    return found


def files_of(store: Path, folder: Path) -> Iterator[str]:
    """Every file below a folder, by its path in the store, in order."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield file.relative_to(store).as_posix()
