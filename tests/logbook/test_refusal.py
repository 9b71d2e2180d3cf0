"""The database itself refuses to change what was written, whoever asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from overt.logbook import triggers
from overt.logbook.models import Entry, Personal
from overt.logbook.services import erase, make_checkpoint
from overt.logbook.verify import verify

Write = Callable[..., list[Entry]]
TABLES = ["logbook_entry", "logbook_tile", "logbook_checkpoint", "logbook_personal", "logbook_head"]


@pytest.fixture
def full(write: Write) -> list[Entry]:
    """A logbook with a row in each of its tables."""
    made = write(257)
    make_checkpoint()
    return made


def refused(statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.clause("BASS-10.0", part="deletion does not exist")
@pytest.mark.clause("PROG-4.2.29", part="append-only")
@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_deleted(full: list[Entry], table: str) -> None:
    refused(f"DELETE FROM {table}")
    if connection.vendor == "postgresql":
        connection.check_constraints()  # or the rows of this transaction would be what refuses
        refused(f"TRUNCATE {table} CASCADE")
    assert verify().sound


@pytest.mark.clause("PROG-4.2.29", part="append-only")
@pytest.mark.parametrize(
    "change",
    [
        "logbook_entry SET facts_text = '{}' WHERE number = 3",
        "logbook_entry SET number = 999 WHERE number = 3",
        "logbook_tile SET root = hashes",
        "logbook_checkpoint SET made_at = '2020-01-01'",
        "logbook_personal SET value = 'Somebody Else' WHERE field = 'actor_name'",
        "logbook_personal SET value = NULL, salt = NULL",
        "logbook_personal SET value = NULL, erased_by = 1",
        "logbook_personal SET value = NULL, salt = NULL, erased_by = 1, field = 'other'",
        "logbook_head SET size = size - 1",
        "logbook_head SET size = size + 2",
        "logbook_head SET size = size + 1, origin = 'other'",
    ],
)
def test_no_row_is_changed(full: list[Entry], change: str) -> None:
    refused(f"UPDATE {change}")
    assert verify().sound


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="INSERT OR REPLACE is SQLite's")
@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_replaced(full: list[Entry], table: str) -> None:
    refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    assert verify().sound


def test_personal_content_is_erased_once_and_never_filled_again(full: list[Entry], hari) -> None:  # type: ignore[no-untyped-def]
    erase(3, by=hari, reason="asked to")
    refused("UPDATE logbook_personal SET value = 'back', salt = '00' WHERE entry_id = 3")
    refused("UPDATE logbook_personal SET value = NULL, salt = NULL, erased_by = 9 WHERE entry_id = 3")
    assert not Personal.objects.filter(entry_id=3, value__isnull=False).exists()


def test_a_lifted_refusal_is_reported(full: list[Entry]) -> None:
    assert verify().sound
    connection.check_constraints()
    triggers.remove(connection)
    assert {finding.code for finding in verify().findings} == {"refusal-lifted"}
    triggers.install(connection)
    assert verify().sound
