"""Deletion in its only order: reason, row marked, file unlinked and folder flushed by the caller, receipt.

Does not decide what goes; see footage.recorder.retention and footage.recorder.pressure.
"""

# ruff: noqa: S608 - queries are put together from constants of this package, values are always bound
from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from uuid import UUID

from footage.catalogue.gaps import add_gap
from footage.catalogue.holds import PROTECTS
from footage.catalogue.lived import Lived, LivedRows, read_clocks
from footage.catalogue.segments import COLUMNS, count_bytes, segment_from
from footage.contract import CameraId, DeletionReceipt, GapCause, SegmentClosed
from footage.times import utc_text

_DAY_90K = 86_400 * 90_000
_NOT_HELD = f"s.deleting IS NULL AND NOT EXISTS (SELECT 1 FROM holds h WHERE {PROTECTS})"
#: Footage of before a cut: most by its end, the rest by what had been lived then (see SegmentRows).
_OLD_BY_END = (
    "SELECT s.id FROM segments s WHERE s.camera = :camera AND s.start_90k < :cut AND s.end_90k <= :cut "
    f"AND s.aged_90k IS NULL AND {_NOT_HELD} ORDER BY s.start_90k LIMIT :limit"
)
_OLD_BY_LIFE = (
    "SELECT s.id FROM segments s WHERE s.camera = :camera AND s.aged_90k <= :cut "
    f"AND {_NOT_HELD} ORDER BY s.aged_90k LIMIT :limit"
)


class Doomed(NamedTuple):
    """A segment marked for deletion, and why."""

    row: int
    segment: SegmentClosed
    reason: str


@dataclass(frozen=True)
class Shortage:
    """How much is to go, what each camera may keep of a UTC day, and how much of a file each is writing now."""

    wanted_bytes: int
    allowed: Mapping[CameraId, int]
    writing: Mapping[CameraId, int] = field(default_factory=dict)


@dataclass
class Excess:
    """What was marked for being more than a camera's share: how many segments, of which cameras."""

    marked: int = 0
    cameras: set[CameraId] = field(default_factory=set)
    to_close: CameraId | None = None  # its file is what is too much; it can only go once it is closed


class DeletionRows(LivedRows):
    """Marking and receipts. Holds are looked at in the transaction that marks, so none can slip between."""

    def mark_expired(self, now_90k: int, *, limit: int = 256, life: Lived | None = None) -> int:
        """Mark segments whose end is their camera's retention days (of 24 h) or more ago, and which none holds.

        `now_90k` is the wall clock's word, `life` what was lived (as remembered, where it is not given; where nothing
        is, by the wall clock): by that a segment is as old as it must be, and no hold's end comes before both say so.
        Returns how many were marked. Source: HERTS-24.1, PROG-4.2.10; a recording's days run from its end.
        """
        clocks = read_clocks()
        if life is None:
            remembered = self.remembered_life()
            life = remembered.on(clocks) if remembered else Lived(now_90k, replace(clocks, wall_90k=now_90k))
        now = min(now_90k, life.date_90k)
        marked = 0
        with self.write() as connection:
            for number, days in connection.execute("SELECT no, retention_days FROM cameras").fetchall():
                terms = {"camera": number, "cut": life.cut(days * _DAY_90K), "now": now}
                for query in (_OLD_BY_END, _OLD_BY_LIFE):
                    marked += _mark(connection, query, {**terms, "limit": limit - marked}, "retention")
                if marked >= limit:
                    break
        return marked

    def mark_oldest(self, now_90k: int, wanted_bytes: int, *, limit: int = 256) -> int:
        """Mark the segments recorded first, held ones apart, until `wanted_bytes` are found. Returns how many."""
        query = f"SELECT s.id, s.size_bytes FROM segments s WHERE {_NOT_HELD} ORDER BY s.id LIMIT :limit"
        now_90k = self.date_90k(now_90k)
        with self.write() as connection:
            chosen, found = [], 0
            for row, size in connection.execute(query, {"now": now_90k, "limit": limit}).fetchall():
                if found >= wanted_bytes:
                    break
                chosen.append(row)
                found += size
            connection.executemany(
                "UPDATE segments SET deleting = 'disk-full' WHERE id = ?", [(row,) for row in chosen]
            )
        return len(chosen)

    def mark_excess(self, now_90k: int, short: Shortage, *, limit: int = 256) -> Excess:
        """Mark footage of the days on which a camera keeps more than it may in a day, until enough is found.

        The day that is furthest beyond its bytes gives its first segment, again and again; held ones apart. Where the
        file that is being written is what makes a day the furthest, nobody else gives: that one is to be closed.
        """
        date_90k = self.date_90k(now_90k)
        with self.write() as connection:
            days = _days_past(connection, self._numbered(connection, short), now_90k // _DAY_90K)
            excess, found = Excess(), 0
            chosen: list[tuple[int]] = []
            while days and found < short.wanted_bytes and len(chosen) < limit:
                day = heapq.heappop(days)
                segment = day.first(connection, date_90k)
                if segment is None and day.writing:
                    excess.to_close = day.camera_id
                    break
                if segment is None:
                    continue  # all that is left of that day is held
                chosen.append((segment[0],))
                excess.cameras.add(day.camera_id)
                found += segment[1]
                day.kept -= segment[1]
                if day.kept > day.allowed:
                    heapq.heappush(days, day)
            connection.executemany("UPDATE segments SET deleting = 'disk-full' WHERE id = ?", chosen)
        excess.marked = len(chosen)
        return excess

    def _numbered(self, connection: sqlite3.Connection, short: Shortage) -> dict[int, tuple[CameraId, int, int]]:
        """Each camera's id, allowance and bytes being written, by its number."""
        return {
            self.make_number(connection, one): (one, most, short.writing.get(one, 0))
            for one, most in short.allowed.items()
        }

    def doomed(self, *, limit: int = 1000) -> list[Doomed]:
        """Segments that are marked and not yet gone; after a crash these are finished first."""
        rows = self.read().execute(
            f"SELECT s.id, s.deleting, {COLUMNS} WHERE s.deleting IS NOT NULL ORDER BY s.id LIMIT ?", (limit,)
        )
        return [Doomed(row[0], segment_from(row[2:]), row[1]) for row in rows]

    def receipt_deletions(self, gone: Sequence[Doomed], deleted_90k: int) -> None:
        """Write the receipts of files that are unlinked and whose folder is flushed, and take their rows away.

        Source: HERTS-24.1 (deletion proven; what went before its day is a gap), PROG-4.2.10.
        """
        with self.write() as connection:
            for doomed in gone:
                number = self.make_number(connection, doomed.segment.camera_id)
                _receipt(connection, number, doomed, deleted_90k)

    def receipts(self, since_90k: int = 0, limit: int = 1000) -> list[DeletionReceipt]:
        """Receipts from a moment on, in order."""
        rows = self.read().execute(
            "SELECT c.id, r.path, r.start_90k, r.end_90k, r.size_bytes, r.sha256, r.reason, r.deleted_90k "
            "FROM receipts r JOIN cameras c ON c.no = r.camera WHERE r.deleted_90k >= ? "
            "ORDER BY r.deleted_90k, r.id LIMIT ?",
            (since_90k, limit),
        )
        return [
            DeletionReceipt(CameraId(UUID(r[0])), r[1], r[2], r[3], r[4], bytes(r[5]).hex(), r[6], r[7]) for r in rows
        ]

    def bytes_by_day(self) -> dict[CameraId, dict[int, int]]:
        """What each camera keeps, by UTC day since 1970."""
        kept: dict[CameraId, dict[int, int]] = {}
        rows = self.read().execute(
            "SELECT c.id, d.day, d.bytes FROM day_bytes d JOIN cameras c ON c.no = d.camera WHERE d.bytes > 0"
        )
        for uuid, day, count in rows:
            kept.setdefault(CameraId(UUID(uuid)), {})[day] = count
        return kept

    def recorded_by_day(self, first_day: int) -> dict[CameraId, dict[int, int]]:
        """How long each camera was recorded, in 1/90000 s by UTC day since 1970, from a day on."""
        lengths: dict[CameraId, dict[int, int]] = {}
        rows = self.read().execute(
            "SELECT c.id, s.start_90k, s.end_90k FROM spans s JOIN cameras c ON c.no = s.camera WHERE s.end_90k > ?",
            (first_day * _DAY_90K,),
        )
        for uuid, start, end in rows:
            days = lengths.setdefault(CameraId(UUID(uuid)), {})
            for day in range(max(first_day, start // _DAY_90K), (end - 1) // _DAY_90K + 1):
                within = min(end, (day + 1) * _DAY_90K) - max(start, day * _DAY_90K)
                days[day] = days.get(day, 0) + within
        return lengths


@dataclass
class _Day:
    """A camera's UTC day that keeps more than it may. Those furthest beyond come first."""

    camera: int
    camera_id: CameraId
    day: int
    kept: int  # with what is being written
    allowed: int
    writing: int  # bytes of a file that has no row yet
    at: tuple[int, int] = (0, 0)  # start and row of the segment that it gave last

    def __lt__(self, other: _Day) -> bool:
        return self.kept * (other.allowed or 1) > other.kept * (self.allowed or 1)

    def first(self, connection: sqlite3.Connection, now_90k: int) -> tuple[int, int] | None:
        """Row and size of the first segment that it has not given yet; None where all others are held."""
        begins = self.day * _DAY_90K
        terms = {"camera": self.camera, "begins": begins, "ends": begins + _DAY_90K, "now": now_90k}
        terms |= {"start": self.at[0], "row": self.at[1]}
        row = connection.execute(
            "SELECT s.id, s.size_bytes, s.start_90k FROM segments s "
            "WHERE s.camera = :camera AND s.start_90k >= :begins AND s.start_90k < :ends "
            f"AND (s.start_90k, s.id) > (:start, :row) AND {_NOT_HELD} ORDER BY s.start_90k, s.id LIMIT 1",
            terms,
        ).fetchone()
        if row is None:
            return None
        self.at = (int(row[2]), int(row[0]))
        return int(row[0]), int(row[1])


def _days_past(
    connection: sqlite3.Connection, cameras: Mapping[int, tuple[CameraId, int, int]], today: int
) -> list[_Day]:
    """The days that are beyond their allowance, as a heap."""
    rows = connection.execute("SELECT camera, day, bytes FROM day_bytes WHERE bytes > 0").fetchall()
    kept = {(camera, day): count for camera, day, count in rows if camera in cameras}
    for camera, (_, _, writing) in cameras.items():
        kept.setdefault((camera, today), 0)
        kept[camera, today] += writing
    days = []
    for (camera, day), count in kept.items():
        camera_id, allowed, writing = cameras[camera]
        if count > allowed:
            days.append(_Day(camera, camera_id, day, count, allowed, writing if day == today else 0))
    heapq.heapify(days)
    return days


def _mark(connection: sqlite3.Connection, query: str, terms: dict[str, int], reason: str) -> int:
    rows = [(reason, row[0]) for row in connection.execute(query, terms).fetchall()]
    connection.executemany("UPDATE segments SET deleting = ? WHERE id = ?", rows)
    return len(rows)


def _receipt(connection: sqlite3.Connection, camera: int, doomed: Doomed, deleted_90k: int) -> None:
    segment = doomed.segment
    removed = connection.execute("DELETE FROM segments WHERE id = ? AND deleting IS NOT NULL", (doomed.row,))
    if removed.rowcount == 0:
        return
    write_receipt(connection, camera, segment, doomed.reason, deleted_90k)
    count_bytes(connection, camera, segment.start_90k, -segment.size_bytes)
    _cut_span(connection, camera, segment)


def write_receipt(
    connection: sqlite3.Connection, camera: int, segment: SegmentClosed, reason: str, deleted_90k: int
) -> None:
    """Say inside a transaction that a segment is gone and why: its receipt, and the gap that it leaves."""
    connection.execute(
        "INSERT INTO receipts (camera, path, start_90k, end_90k, size_bytes, sha256, reason, deleted_90k) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            camera,
            segment.path,
            segment.start_90k,
            segment.end_90k,
            segment.size_bytes,
            bytes.fromhex(segment.sha256),
            reason,
            deleted_90k,
        ),
    )
    _widen_deleted(connection, camera, segment, reason, deleted_90k)


def _cut_span(connection: sqlite3.Connection, camera: int, segment: SegmentClosed) -> None:
    """Take the segment out of the span it lies in, leaving what was before and after."""
    place = (camera, segment.run, segment.start_90k, segment.end_90k)
    row = connection.execute(
        "SELECT start_90k, end_90k FROM spans WHERE camera = ? AND run = ? AND start_90k <= ? AND end_90k >= ?", place
    ).fetchone()
    if row is None:
        return
    start, end = row
    connection.execute("DELETE FROM spans WHERE camera = ? AND run = ? AND start_90k = ?", (camera, segment.run, start))
    for left, right in ((start, segment.start_90k), (segment.end_90k, end)):
        if left < right:
            connection.execute("INSERT INTO spans VALUES (?, ?, ?, ?)", (camera, segment.run, left, right))


def _widen_deleted(
    connection: sqlite3.Connection, camera: int, segment: SegmentClosed, reason: str, deleted_90k: int
) -> None:
    """One gap row for neighbours that went for the same reason, so that a month of deletions is one row."""
    cause = GapCause.DISK_FULL if reason == "disk-full" else GapCause.RETENTION
    said = "deleted early to make room" if cause is GapCause.DISK_FULL else "deleted at its date"
    widened = connection.execute(
        "UPDATE gaps SET end_90k = ?, detail = ? "
        "WHERE camera = ? AND end_90k = ? AND cause = ? AND detail LIKE 'deleted%'",
        (segment.end_90k, f"{said}, last on {utc_text(deleted_90k)}", camera, segment.start_90k, cause.value),
    )
    if widened.rowcount == 0:
        detail = f"{said}, {utc_text(deleted_90k)}"
        add_gap(connection, camera, segment.start_90k, segment.end_90k, cause, detail)
