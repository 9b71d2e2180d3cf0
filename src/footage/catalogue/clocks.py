"""How far each camera's own clock is from the server's, kept as a series."""

from __future__ import annotations

from footage.catalogue.journal import Journal
from footage.contract import CameraId


class ClockRows(Journal):
    """Offsets in milliseconds: camera minus server, as measured from RTCP sender reports."""

    def add_clock_offset(self, camera_id: CameraId, at_90k: int, offset_ms: float) -> None:
        """Keep one measurement."""
        with self.write() as connection:
            number = self.make_number(connection, camera_id)
            connection.execute("INSERT OR REPLACE INTO clock_offsets VALUES (?, ?, ?)", (number, at_90k, offset_ms))

    def clock_offsets(self, camera_id: CameraId, start_90k: int, end_90k: int) -> list[tuple[int, float]]:
        """(when, milliseconds) inside [start, end), in order."""
        rows = self.read().execute(
            "SELECT at_90k, offset_ms FROM clock_offsets WHERE camera = ? "
            "AND at_90k >= ? AND at_90k < ? ORDER BY at_90k",
            (self.number(camera_id), start_90k, end_90k),
        )
        return [(int(row[0]), float(row[1])) for row in rows]

    def clock_offset_at(self, camera_id: CameraId, at_90k: int) -> tuple[int, float] | None:
        """The last measurement at or before a moment."""
        row = (
            self.read()
            .execute(
                "SELECT at_90k, offset_ms FROM clock_offsets WHERE camera = ? AND at_90k <= ? "
                "ORDER BY at_90k DESC LIMIT 1",
                (self.number(camera_id), at_90k),
            )
            .fetchone()
        )
        return (int(row[0]), float(row[1])) if row else None
