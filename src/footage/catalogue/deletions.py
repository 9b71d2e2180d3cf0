"""Deletion in its only order: reason, row marked, file unlinked and folder flushed by the caller, receipt.

Does not decide what goes; see footage.recorder.retention and footage.recorder.pressure.
"""

# ruff: noqa: S608 - queries are put together from constants of this package, values are always bound
from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from footage.catalogue.gaps import add_gap
from footage.catalogue.holds import PROTECTS
from footage.catalogue.journal import Journal
from footage.catalogue.segments import COLUMNS, count_bytes, segment_from
from footage.contract import CameraId, DeletionReceipt, GapCause, SegmentClosed
from footage.times import utc_text

_DAY_90K = 86_400 * 90_000
_NOT_HELD = f"s.deleting IS NULL AND NOT EXISTS (SELECT 1 FROM holds h WHERE {PROTECTS})"


class Doomed(NamedTuple):
    """A segment marked for deletion, and why."""

    row: int
    segment: SegmentClosed
    reason: str


class DeletionRows(Journal):
    """Marking and receipts. Holds are looked at in the transaction that marks, so none can slip between."""

    def mark_expired(self, now_90k: int, *, limit: int = 256) -> int:
        """Mark segments whose end is their camera's retention days (of 24 h, UTC) or more ago, and which none holds.

        Returns how many were marked. Source: HERTS-24.1, PROG-4.2.10; a recording's days run from its end.
        """
        query = (
            f"SELECT s.id FROM segments s WHERE s.camera = :camera AND s.start_90k < :cut AND s.end_90k <= :cut "
            f"AND {_NOT_HELD} ORDER BY s.start_90k LIMIT :limit"
        )
        marked = 0
        with self.write() as connection:
            for number, days in connection.execute("SELECT no, retention_days FROM cameras").fetchall():
                terms = {"camera": number, "cut": now_90k - days * _DAY_90K, "now": now_90k, "limit": limit - marked}
                marked += _mark(connection, query, terms, "retention")
                if marked >= limit:
                    break
        return marked

    def mark_oldest(self, now_90k: int, wanted_bytes: int, *, limit: int = 256) -> int:
        """Mark the segments recorded first, held ones apart, until `wanted_bytes` are found. Returns how many."""
        query = f"SELECT s.id, s.size_bytes FROM segments s WHERE {_NOT_HELD} ORDER BY s.id LIMIT :limit"
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


def _mark(connection: sqlite3.Connection, query: str, terms: dict[str, int], reason: str) -> int:
    rows = [(reason, row[0]) for row in connection.execute(query, terms).fetchall()]
    connection.executemany("UPDATE segments SET deleting = ? WHERE id = ?", rows)
    return len(rows)


def _receipt(connection: sqlite3.Connection, camera: int, doomed: Doomed, deleted_90k: int) -> None:
    segment = doomed.segment
    removed = connection.execute("DELETE FROM segments WHERE id = ? AND deleting IS NOT NULL", (doomed.row,))
    if removed.rowcount == 0:
        return
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
            doomed.reason,
            deleted_90k,
        ),
    )
    count_bytes(connection, camera, segment.start_90k, -segment.size_bytes)
    _cut_span(connection, camera, segment)
    _widen_deleted(connection, camera, segment, doomed.reason, deleted_90k)


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
