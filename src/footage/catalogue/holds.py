"""Footage that may not be deleted. A hold is checked in the very transaction that marks a segment for deletion."""

# ruff: noqa: S608 - queries are put together from constants of this package, values are always bound
from __future__ import annotations

from uuid import UUID

from footage.catalogue.journal import Journal
from footage.contract import BadSpan, CameraId, Hold
from footage.times import utc_now

#: True of a hold `h` that still protects at time :now, for a segment `s` that it overlaps.
PROTECTS = (
    "h.camera = s.camera AND h.released_90k IS NULL AND (h.expires_90k IS NULL OR h.expires_90k > :now) "
    "AND h.start_90k < s.end_90k AND h.end_90k > s.start_90k"
)
_SELECT = (
    "SELECT h.id, c.id, h.start_90k, h.end_90k, h.owner, h.reason, h.expires_90k "
    "FROM holds h JOIN cameras c ON c.no = h.camera WHERE h.released_90k IS NULL "
    "AND (h.expires_90k IS NULL OR h.expires_90k > :now)"
)


class HoldRows(Journal):
    """Holds: put by the scheme, obeyed by retention and by disk pressure alike."""

    def put_hold(self, hold: Hold) -> None:
        """Keep a span from this moment; the same id again replaces it. Raises BadSpan for an empty one."""
        if hold.end_90k <= hold.start_90k:
            raise BadSpan("a hold must end after it starts")
        with self.write() as connection:
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
            self.bump_revision(connection)

    def release_hold(self, hold_id: UUID, reason: str) -> None:
        """Let a hold go; its row stays as history. An unknown id, or one let go before, is no error."""
        with self.write() as connection:
            connection.execute(
                "UPDATE holds SET released_90k = ?, release_reason = ? WHERE id = ? AND released_90k IS NULL",
                (utc_now(), reason, str(hold_id)),
            )
            self.bump_revision(connection)

    def holds(self, camera_id: CameraId | None = None) -> list[Hold]:
        """The holds that protect something now, of one camera or of all."""
        where = "" if camera_id is None else " AND h.camera = :camera"
        rows = self.read().execute(
            f"{_SELECT}{where} ORDER BY h.start_90k, h.id",
            {"now": utc_now(), "camera": self.number(camera_id) if camera_id else None},
        )
        return [Hold(UUID(r[0]), CameraId(UUID(r[1])), r[2], r[3], r[4], r[5], r[6]) for r in rows]

    def held_bytes(self) -> int:
        """How much of the store the holds protect."""
        query = (
            "SELECT coalesce(sum(size_bytes), 0) FROM segments WHERE id IN ("
            f"SELECT s.id FROM holds h JOIN segments s ON {PROTECTS} AND s.start_90k > h.start_90k - :longest)"
        )
        row = self.read().execute(query, {"now": utc_now(), "longest": LONGEST_SEGMENT_90K}).fetchone()
        return int(row[0])


#: No segment is longer than this, so a search by start need not look further back.
LONGEST_SEGMENT_90K = 600 * 90_000
