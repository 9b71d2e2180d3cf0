"""Footage that may not be deleted. A hold is checked in the very transaction that marks a segment for deletion."""

# ruff: noqa: S608 - queries are put together from constants of this package, values are always bound
from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from footage.catalogue.beside import Beside, HoldsBeside
from footage.catalogue.lived import LivedRows
from footage.catalogue.volume import StoreLost, Volume
from footage.contract import BadSpan, CameraId, Hold
from footage.times import utc_now

log = logging.getLogger("footage.catalogue")

#: True of a hold `h` that still protects at the date :now (Lived.date_90k), for a segment `s` that it overlaps.
PROTECTS = (
    "h.camera = s.camera AND h.released_90k IS NULL AND (h.expires_90k IS NULL OR h.expires_90k > :now) "
    "AND h.start_90k < s.end_90k AND h.end_90k > s.start_90k"
)
_SELECT = (
    "SELECT h.id, c.id, h.start_90k, h.end_90k, h.owner, h.reason, h.expires_90k "
    "FROM holds h JOIN cameras c ON c.no = h.camera WHERE h.released_90k IS NULL "
    "AND (h.expires_90k IS NULL OR h.expires_90k > :now)"
)


class HoldRows(LivedRows):
    """Holds: put by the scheme, obeyed by retention and by disk pressure alike. They stand on the volume as well."""

    beside: HoldsBeside
    volume: Volume

    def put_hold(self, hold: Hold) -> None:
        """Keep a span from this moment; the same id again replaces it. Raises BadSpan for an empty one.

        It is on the volume before it is in the journal: what was promised is never in one place alone. Raises OSError
        or sqlite3.Error where it cannot be written; then it was not promised.
        """
        if hold.end_90k <= hold.start_90k:
            raise BadSpan("a hold must end after it starts")

        def put(connection: sqlite3.Connection) -> None:
            self._insert_hold(connection, hold)
            self.bump_revision(connection)
            self._write_beside(connection)

        self.write_if_full(put)

    def release_hold(self, hold_id: UUID, reason: str) -> None:
        """Let a hold go; its row stays as history. An unknown id, or one let go before, is no error.

        Needs no free byte: where there is none the ballast goes, and the volume is told later (see keep_beside).
        """

        def release(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE holds SET released_90k = ?, release_reason = ? WHERE id = ? AND released_90k IS NULL",
                (utc_now(), reason, str(hold_id)),
            )
            self.bump_revision(connection)

        self.write_if_full(release)
        with contextlib.suppress(OSError, StoreLost):
            self.keep_beside()

    def put_hold_here(self, hold: Hold) -> None:
        """Put a hold into a journal in the making: the volume is told when it is in its place."""
        with self.write() as connection:
            self._insert_hold(connection, hold)

    def keep_beside(self) -> None:
        """Write the holds in force beside the footage, where they do not stand there already.

        Raises OSError, StoreLost or sqlite3.Error. One writer at a time, as for the journal itself.
        """
        with self.write() as connection:
            self._write_beside(connection)

    def take_from_beside(self, found: Beside) -> list[Hold]:
        """Put the holds that the volume has and the journal never heard of; which these were."""
        with self.write() as connection:
            known = {row[0] for row in connection.execute("SELECT id FROM holds")}
            missing = [hold for hold in found.holds if str(hold.hold_id) not in known]
            for hold in missing:
                self._insert_hold(connection, hold)
            if missing:
                self.bump_revision(connection)
        for hold in missing:
            log.warning("a hold of %s was on the volume and not in the journal; it is in force", hold.owner)
        return missing

    def holds(self, camera_id: CameraId | None = None) -> list[Hold]:
        """The holds that protect something now, of one camera or of all."""
        where = "" if camera_id is None else " AND h.camera = :camera"
        rows = self.read().execute(
            f"{_SELECT}{where} ORDER BY h.start_90k, h.id",
            {"now": self.date_90k(), "camera": self.number(camera_id) if camera_id else None},
        )
        return _holds(rows)

    def _write_beside(self, connection: sqlite3.Connection) -> None:
        """Inside a transaction: every writer of the file waits for the one before."""
        self.volume.check_place()
        rows = connection.execute(f"{_SELECT} ORDER BY h.id", {"now": self.date_90k()})
        self.beside.write(_holds(rows))

    def _insert_hold(self, connection: sqlite3.Connection, hold: Hold) -> None:
        connection.execute(
            "INSERT OR REPLACE INTO holds "
            "(id, camera, start_90k, end_90k, owner, reason, expires_90k, put_90k) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                str(hold.hold_id),
                self.make_number(connection, hold.camera_id),
                hold.start_90k,
                hold.end_90k,
                hold.owner,
                hold.reason,
                hold.expires_90k,
                utc_now(),
            ),
        )

    def held_bytes(self) -> int:
        """How much of the store the holds protect."""
        query = (
            "SELECT coalesce(sum(size_bytes), 0) FROM segments WHERE id IN ("
            f"SELECT s.id FROM holds h JOIN segments s ON {PROTECTS} AND s.start_90k > h.start_90k - :longest)"
        )
        row = self.read().execute(query, {"now": self.date_90k(), "longest": LONGEST_SEGMENT_90K}).fetchone()
        return int(row[0])


def _holds(rows: Iterable[tuple[Any, ...]]) -> list[Hold]:
    return [Hold(UUID(r[0]), CameraId(UUID(r[1])), r[2], r[3], r[4], r[5], r[6]) for r in rows]


#: No segment is longer than this, so a search by start need not look further back.
LONGEST_SEGMENT_90K = 600 * 90_000
