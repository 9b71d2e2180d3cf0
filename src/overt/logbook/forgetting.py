"""Sees that what is erased is gone from the database's file, not from its tables alone.

SQLite leaves the bytes of a row that it freed or moved in the file, unless `secure_delete` is on for whoever wrote:
settings/database.py has it on for every connection. What was written before that is gone once the file is rebuilt,
which is done once, when the tables are brought up to date and nobody works on them yet. PostgreSQL's vacuum sees to
its own, and its bytes stay until the space is used again: see docs/design/logbook.md.
"""

from __future__ import annotations

import logging
from typing import Any

from django.apps import AppConfig
from django.db import OperationalError, connection, connections

_log = logging.getLogger(__name__)
#: `PRAGMA user_version` of a file that nothing was ever written to without secure_delete, or that was rebuilt since.
REBUILT = 1


def forget() -> bool:
    """Empty SQLite's write-ahead log, where erased words still stand; False where somebody reads from it just now.

    Not inside a transaction, whose own changes are still in there.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()[0]
    return not busy


def rebuild_once(sender: AppConfig, using: str, **more: Any) -> None:
    """After a migration: rebuild a SQLite file that was written to without secure_delete, if it holds entries.

    Where that cannot be done it is said, and tried again after the next one: records must open all the same.
    """
    there = connections[using]
    if there.vendor != "sqlite" or there.in_atomic_block:
        return
    with there.cursor() as cursor:
        cursor.execute("PRAGMA user_version")
        if cursor.fetchone()[0] >= REBUILT or "logbook_entry" not in there.introspection.table_names(cursor):
            return
        cursor.execute("SELECT 1 FROM logbook_entry LIMIT 1")
        if cursor.fetchone() is not None:
            try:
                cursor.execute("VACUUM")
            except OperationalError as error:  # no room for a second copy, or somebody else has it open
                _log.warning("erased words may still stand in free pages of the records: not rebuilt (%s)", error)
                return
        cursor.execute(f"PRAGMA user_version = {REBUILT}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
