"""Finished files, the spans they join into, and the files still being written."""

# ruff: noqa: S608 - queries are put together from constants of this package, values are always bound
from __future__ import annotations

import sqlite3
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from uuid import UUID

from footage.catalogue.holds import LONGEST_SEGMENT_90K
from footage.catalogue.lived import LivedRows, age_beside, read_clocks
from footage.contract import CameraId, SegmentClosed, Span
from footage.times import utc_datetime

DAY_90K = 86_400 * 90_000
COLUMNS = (
    "c.id, s.run, s.sequence, s.start_90k, s.end_90k, s.path, s.size_bytes, s.sha256, s.frames, "
    "f.codec, f.width, f.height FROM segments s JOIN cameras c ON c.no = s.camera JOIN formats f ON f.no = s.format"
)


class OpenFile(NamedTuple):
    """A file that was begun and has no row yet. `path` is relative to the store."""

    camera_id: CameraId
    path: str
    run: int
    sequence: int
    start_90k: int


def usual_path(camera_id: CameraId, start_90k: int) -> str:
    """Where a segment lies unless that name is taken: `<camera>/<YYYY>/<MM>/<DD>/<HH>/<YYYYMMDDTHHMMSSmmmZ>.mp4`."""
    moment = utc_datetime(start_90k)
    name = f"{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03d}Z.mp4"
    return str(PurePosixPath(str(camera_id), f"{moment:%Y/%m/%d/%H}", name))


class SegmentRows(LivedRows):
    """Segments: a row is written only after the file and its folder were flushed."""

    def begin_file(self, opened: OpenFile) -> None:
        """Note a file before it is made, so that a crash leaves a name to look at. Spends its run and sequence.

        A gap stays open: it is closed once the file's first fragment is on the disk.
        """
        life = self.remembered_life()
        aged = life.on(read_clocks()).when_begun(opened.start_90k) if life else None
        with self.write() as connection:
            number = self.make_number(connection, opened.camera_id)
            connection.execute(
                "INSERT OR REPLACE INTO open_files VALUES (?, ?, ?, ?, ?, ?)",
                (opened.path, number, opened.run, opened.sequence, opened.start_90k, aged),
            )
            _spend_numbers(connection, number, opened.run, opened.sequence)

    def forget_file(self, path: str) -> None:
        """The file came to nothing: it never held a whole fragment."""
        with self.write() as connection:
            connection.execute("DELETE FROM open_files WHERE path = ?", (path,))

    def open_files(self, camera_id: CameraId | None = None) -> list[OpenFile]:
        """Files that were begun and have no row, oldest first."""
        where = "" if camera_id is None else "WHERE o.camera = ?"
        rows = self.read().execute(
            "SELECT c.id, o.path, o.run, o.sequence, o.start_90k FROM open_files o "
            f"JOIN cameras c ON c.no = o.camera {where} ORDER BY o.camera, o.sequence",
            () if camera_id is None else (self.number(camera_id),),
        )
        return [OpenFile(CameraId(UUID(row[0])), *row[1:]) for row in rows]

    def add_segment(self, segment: SegmentClosed) -> None:
        """Write the row of a file that is safe on the disk. The same camera and sequence again changes nothing."""
        with self.write() as connection:
            number = self.make_number(connection, segment.camera_id)
            if _insert(connection, number, segment, self._aged(connection, segment)):
                _join_span(connection, number, segment)
                count_bytes(connection, number, segment.start_90k, segment.size_bytes)
            _spend_numbers(connection, number, segment.run, segment.sequence)
            connection.execute("DELETE FROM open_files WHERE path = ?", (segment.path,))

    def _aged(self, connection: sqlite3.Connection, segment: SegmentClosed) -> int | None:
        """From where a file's age counts: as it was noted when the file was begun, else by the present clock."""
        row = connection.execute("SELECT aged_90k FROM open_files WHERE path = ?", (segment.path,)).fetchone()
        if row is not None and row[0] is not None:
            return age_beside(int(row[0]) + segment.end_90k - segment.start_90k, segment.end_90k)
        life = self.remembered_life()
        return age_beside(life.on(read_clocks()).when(segment.end_90k), segment.end_90k) if life else None

    def segments(self, camera_id: CameraId, start_90k: int, end_90k: int) -> list[SegmentClosed]:
        """Finished segments that overlap [start, end), in the order of their start."""
        rows = self.read().execute(
            f"SELECT {COLUMNS} WHERE s.camera = ? AND s.start_90k < ? AND s.start_90k > ? AND s.end_90k > ? "
            "AND s.deleting IS NULL ORDER BY s.start_90k, s.sequence",
            (self.number(camera_id), end_90k, start_90k - LONGEST_SEGMENT_90K, start_90k),
        )
        return [segment_from(row) for row in rows]

    def all_segments(self, camera_id: CameraId | None = None) -> list[SegmentClosed]:
        """Every row, in the order of recording: for checks, which read everything anyway."""
        where = "" if camera_id is None else "WHERE s.camera = ?"
        arguments = () if camera_id is None else (self.number(camera_id),)
        rows = self.read().execute(f"SELECT {COLUMNS} {where} ORDER BY s.id", arguments)
        return [segment_from(row) for row in rows]

    def newest_segment(self, camera_id: CameraId) -> SegmentClosed | None:
        """The last one recorded, whatever the wall clock did since."""
        row = (
            self.read()
            .execute(f"SELECT {COLUMNS} WHERE s.camera = ? ORDER BY s.sequence DESC LIMIT 1", (self.number(camera_id),))
            .fetchone()
        )
        return segment_from(row) if row else None

    def oldest_start_90k(self) -> int | None:
        """When the oldest kept footage begins."""
        row = self.read().execute("SELECT min(start_90k) FROM spans").fetchone()
        return None if row[0] is None else int(row[0])

    def first_known_90k(self, camera_id: CameraId) -> int | None:
        """The first moment of which anything is known of a camera: footage, kept or begun, or a gap with its cause."""
        number, connection = self.number(camera_id), self.read()
        found = [
            connection.execute(f"SELECT min(start_90k) FROM {table} WHERE camera = ?", (number,)).fetchone()[0]
            for table in ("segments", "gaps", "open_files")
        ]
        return min((int(one) for one in found if one is not None), default=None)

    def spans(self, camera_id: CameraId, start_90k: int, end_90k: int) -> list[Span]:
        """What finished segments cover of [start, end), cut to it, joined while the run lasts."""
        rows = self.read().execute(
            "SELECT start_90k, end_90k, run FROM spans WHERE camera = ? AND end_90k > ? AND start_90k < ? "
            "ORDER BY start_90k, run",
            (self.number(camera_id), start_90k, end_90k),
        )
        return [Span(max(row[0], start_90k), min(row[1], end_90k), row[2]) for row in rows]

    def absolute(self, segment: SegmentClosed) -> Path:
        """Where the segment's file lies."""
        return self.store / segment.path


def segment_from(row: tuple[object, ...]) -> SegmentClosed:
    """A segment from the columns of COLUMNS."""
    uuid, run, sequence, start, end, path, size, digest, frames, codec, width, height = row
    camera_id = CameraId(UUID(str(uuid)))
    assert isinstance(digest, bytes)
    assert isinstance(start, int)
    return SegmentClosed(
        camera_id=camera_id,
        run=int(str(run)),
        sequence=int(str(sequence)),
        start_90k=start,
        end_90k=int(str(end)),
        path=str(path) if path is not None else usual_path(camera_id, start),
        size_bytes=int(str(size)),
        sha256=digest.hex(),
        frames=int(str(frames)),
        codec=str(codec),
        width=int(str(width)),
        height=int(str(height)),
    )


def count_bytes(connection: sqlite3.Connection, camera: int, start_90k: int, change: int) -> None:
    """Keep the sum of a camera's bytes by UTC day."""
    connection.execute(
        "INSERT INTO day_bytes VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes",
        (camera, start_90k // DAY_90K, change),
    )


def _insert(connection: sqlite3.Connection, camera: int, segment: SegmentClosed, aged_90k: int | None) -> bool:
    kind = (segment.codec, segment.width, segment.height)
    connection.execute("INSERT OR IGNORE INTO formats (codec, width, height) VALUES (?, ?, ?)", kind)
    usual = segment.path == usual_path(segment.camera_id, segment.start_90k)
    added = connection.execute(
        "INSERT OR IGNORE INTO segments "
        "(camera, run, sequence, start_90k, end_90k, path, size_bytes, sha256, frames, aged_90k, format) "
        "SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, no FROM formats WHERE codec = ? AND width = ? AND height = ?",
        (
            camera,
            segment.run,
            segment.sequence,
            segment.start_90k,
            segment.end_90k,
            None if usual else segment.path,
            segment.size_bytes,
            bytes.fromhex(segment.sha256),
            segment.frames,
            aged_90k,
            *kind,
        ),
    )
    return added.rowcount == 1


def _join_span(connection: sqlite3.Connection, camera: int, segment: SegmentClosed) -> None:
    """Lengthen the span that ends where this segment starts, or begin one.

    Adjacent means equal: the recorder starts each file of a run at the very tick where the last one ended.
    """
    joined = connection.execute(
        "UPDATE spans SET end_90k = ? WHERE camera = ? AND run = ? AND end_90k = ?",
        (segment.end_90k, camera, segment.run, segment.start_90k),
    )
    if joined.rowcount == 0:
        connection.execute(
            "INSERT OR REPLACE INTO spans VALUES (?, ?, ?, ?)",
            (camera, segment.run, segment.start_90k, segment.end_90k),
        )


def _spend_numbers(connection: sqlite3.Connection, camera: int, run: int, sequence: int) -> None:
    connection.execute(
        "UPDATE cameras SET last_run = max(last_run, ?), last_sequence = max(last_sequence, ?) WHERE no = ?",
        (run, sequence, camera),
    )
