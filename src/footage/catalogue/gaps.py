"""Stretches without recording, each with its cause. At most one is open for a camera at a time."""

# ruff: noqa: S608 - queries are put together from constants of this module, values are always bound
from __future__ import annotations

import sqlite3

from footage.catalogue.journal import Journal
from footage.contract import CameraId, Gap, GapCause, Span

_SELECT = "SELECT start_90k, end_90k, cause, detail FROM gaps WHERE camera = ?"

#: Time in which nothing came, and not what was recorded and went.
_MISSED = "AND run IS NULL AND detail NOT LIKE 'deleted%' AND cause <> 'damaged'"


class GapRows(Journal):
    """Gaps: opened when pictures stop, closed by the next one; an open gap survives a restart."""

    def open_gap(self, camera_id: CameraId, start_90k: int, cause: GapCause, detail: str = "") -> None:
        """Begin a gap, unless one is open already: the first cause stands until pictures come again.

        One that ended at this very tick for the same cause goes on instead: the attempt to record came to nothing.
        """
        with self.write() as connection:
            number = self.make_number(connection, camera_id)
            reopened = connection.execute(
                "UPDATE OR IGNORE gaps SET end_90k = NULL "
                "WHERE camera = ? AND end_90k = ? AND cause = ? AND run IS NULL",
                (number, start_90k, cause.value),
            )
            if reopened.rowcount == 0:
                add_gap(connection, number, start_90k, None, cause, detail)

    def close_gap(self, camera_id: CameraId, end_90k: int) -> None:
        """End the open gap. None open is no error; one that would end before it starts ends where it starts."""
        with self.write() as connection:
            close_open_gap(connection, self.make_number(connection, camera_id), end_90k)

    def change_gap(
        self, camera_id: CameraId, at_90k: int, cause: GapCause, detail: str = "", *, since_90k: int | None = None
    ) -> None:
        """End the open gap now and begin another: what keeps the camera from recording has changed.

        The new one begins at `since_90k` where the clock was set meanwhile, so that it begins in another time.
        """
        with self.write() as connection:
            number = self.make_number(connection, camera_id)
            close_open_gap(connection, number, at_90k)
            add_gap(connection, number, at_90k if since_90k is None else since_90k, None, cause, detail)

    def add_gap(self, gap: Gap) -> None:
        """A gap whose both ends are known."""
        with self.write() as connection:
            number = self.make_number(connection, gap.camera_id)
            add_gap(connection, number, gap.start_90k, gap.end_90k, gap.cause, gap.detail)

    def add_hole(self, gap: Gap, run: int) -> None:
        """Pictures missed inside a run that went on in the same file."""
        with self.write() as connection:
            number = self.make_number(connection, gap.camera_id)
            add_gap(connection, number, gap.start_90k, gap.end_90k, gap.cause, gap.detail, run)

    def holes(self, camera_id: CameraId, start_90k: int, end_90k: int) -> list[Span]:
        """The stretches inside [start, end) that finished segments span but hold no picture of."""
        rows = self.read().execute(
            "SELECT start_90k, end_90k, run FROM gaps WHERE camera = ? AND run IS NOT NULL "
            "AND start_90k < ? AND end_90k > ? ORDER BY start_90k",
            (self.number(camera_id), end_90k, start_90k),
        )
        return [Span(*row) for row in rows]

    def gaps_since(self, camera_id: CameraId, end_90k: int) -> list[Gap]:
        """The gaps since the footage that ended then, in the order they happened, whatever the wall clock did since.

        Without those inside files and those of what was recorded and deleted. Empty where none begins there.
        """
        number = self.number(camera_id)
        rows = self.read().execute(
            f"{_SELECT} {_MISSED} AND id >= (SELECT max(id) FROM gaps WHERE camera = ? AND start_90k = ? {_MISSED}) "
            "ORDER BY id",
            (number, number, end_90k),
        )
        return [_gap(camera_id, row) for row in rows]

    def open_gap_of(self, camera_id: CameraId) -> Gap | None:
        """The gap that still lasts, if one does."""
        row = self.read().execute(f"{_SELECT} AND end_90k IS NULL", (self.number(camera_id),)).fetchone()
        return _gap(camera_id, row) if row else None

    def gaps(self, camera_id: CameraId, start_90k: int, end_90k: int) -> list[Gap]:
        """Gaps that touch [start, end), whole, in order; also the moments (start equal to end) of a clock set back."""
        rows = self.read().execute(
            f"{_SELECT} AND start_90k < ? AND (end_90k IS NULL OR end_90k > ? "
            "OR (end_90k = start_90k AND start_90k = ?)) ORDER BY start_90k, id",
            (self.number(camera_id), end_90k, start_90k, start_90k),
        )
        return [_gap(camera_id, row) for row in rows]


def _gap(camera_id: CameraId, row: tuple[int, int | None, str, str]) -> Gap:
    return Gap(camera_id, row[0], row[1], GapCause(row[2]), row[3])


def add_gap(
    connection: sqlite3.Connection,
    camera: int,
    start_90k: int,
    end_90k: int | None,
    cause: GapCause,
    detail: str,
    run: int | None = None,
) -> None:
    """Insert a gap inside a transaction."""
    connection.execute(
        "INSERT OR IGNORE INTO gaps (camera, start_90k, end_90k, cause, detail, run) VALUES (?, ?, ?, ?, ?, ?)",
        (camera, start_90k, end_90k, cause.value, detail, run),
    )


def close_open_gap(connection: sqlite3.Connection, camera: int, end_90k: int) -> None:
    """End the camera's open gap inside a transaction; one that missed nothing goes, unless the clock was set back."""
    connection.execute(
        "DELETE FROM gaps WHERE camera = ? AND end_90k IS NULL AND start_90k >= ? AND cause <> ?",
        (camera, end_90k, GapCause.CLOCK_STEP.value),
    )
    connection.execute(
        "UPDATE gaps SET end_90k = max(start_90k, ?) WHERE camera = ? AND end_90k IS NULL", (end_90k, camera)
    )
