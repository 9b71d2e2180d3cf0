"""Numbers an entry and adds it to the tree, under one lock. Called by services only, at the end of their transaction.

SQLite: the transaction began IMMEDIATE, so nobody else writes. PostgreSQL: the head row is locked until commit; a
service therefore records last, after it has locked whatever else it needs, and no two of them wait for each other.

Plain SQL: four statements for each act of everybody, and through the ORM they cost twice as long as the disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from overt.logbook import merkle
from overt.logbook.canonical import entry_bytes, moment_text
from overt.logbook.models import Entry, Head, Tile

TILE = 256
HEX = 64
INSERT_ENTRY = (
    "INSERT INTO logbook_entry (number, recorded_at, action, subject_kind, subject_id, camera, facts_text,"
    " commitments_text, leaf_hash) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
INSERT_PERSONAL = "INSERT INTO logbook_personal (entry_id, field, salt, value, erase_on) VALUES "


@dataclass(frozen=True, slots=True)
class Opened:
    """One personal value with the salt of its commitment."""

    field: str
    salt: bytes
    value: str


def append(
    *,
    action: str,
    subject: tuple[str, str],
    camera: str,
    facts: str,
    commitments: str,
    personal: Iterable[Opened] = (),
    erase_on: date | None = None,
) -> Entry:
    """Write the next entry and what it commits to; `facts` and `commitments` are canonical JSON."""
    size, frontier = lock_head()
    entry = Entry(
        number=size + 1,
        recorded_at=timezone.now(),
        action=action,
        subject_kind=subject[0],
        subject_id=subject[1],
        camera=camera,
        facts_text=facts,
        commitments_text=commitments,
    )
    leaf = merkle.leaf_hash(bytes_of(entry))
    entry.leaf_hash = leaf.hex()
    _insert(entry, personal, erase_on)
    _add_leaf(size, frontier, leaf)
    entry._state.adding = False
    return entry


def bytes_of(entry: Entry) -> bytes:
    """The canonical form of an entry's row: the leaf's content."""
    return entry_bytes(
        number=entry.number,
        at=moment_text(entry.recorded_at),
        action=entry.action,
        subject=(entry.subject_kind, entry.subject_id),
        camera=entry.camera,
        facts=entry.facts_text,
        commitments=entry.commitments_text,
    )


def lock_head() -> tuple[int, list[bytes]]:
    """Size and frontier of the tree, held until the transaction ends; the head is made at the first entry."""
    query = "SELECT size, frontier FROM logbook_head WHERE id = 1"
    if connection.features.has_select_for_update:
        query += " FOR UPDATE"
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
        if row is None:
            # Two first entries at once: one insert wins, the other waits for it and then locks the same row.
            Head.objects.bulk_create([Head(id=1, origin=f"overt.logbook/{uuid4().hex[:16]}")], ignore_conflicts=True)
            cursor.execute(query)
            row = cursor.fetchone()
    return row[0], hashes_of(row[1])


def hashes_of(text: str) -> list[bytes]:
    """A frontier's hashes from the head row's text."""
    return [bytes.fromhex(text[at : at + HEX]) for at in range(0, len(text), HEX)]


def _insert(entry: Entry, personal: Iterable[Opened], erase_on: date | None) -> None:
    row = [
        entry.number,
        connection.ops.adapt_datetimefield_value(entry.recorded_at),
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.camera,
        entry.facts_text,
        entry.commitments_text,
        entry.leaf_hash,
    ]
    day = None if erase_on is None else erase_on.isoformat()
    opened = [value for one in personal for value in (entry.number, one.field, one.salt.hex(), one.value, day)]
    with connection.cursor() as cursor:
        cursor.execute(INSERT_ENTRY, row)
        if opened:
            cursor.execute(INSERT_PERSONAL + ", ".join(["(%s, %s, %s, %s, %s)"] * (len(opened) // 5)), opened)


def _add_leaf(size: int, frontier: list[bytes], leaf: bytes) -> None:
    grown, completed = merkle.grow(frontier, size, leaf)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE logbook_head SET size = %s, frontier = %s WHERE id = 1",
            [size + 1, "".join(part.hex() for part in grown)],
        )
    for level, index, root in completed:
        if level and level % 8 == 0:
            _write_tile(level // 8 - 1, index, root)


def _write_tile(level: int, index: int, root: bytes) -> None:
    if level == 0:
        first = index * TILE + 1
        rows = Entry.objects.filter(number__gte=first, number__lt=first + TILE).order_by("number")
        hashes = [bytes.fromhex(row) for row in rows.values_list("leaf_hash", flat=True)]
    else:
        below = Tile.objects.filter(level=level - 1, index__gte=index * TILE, index__lt=(index + 1) * TILE)
        hashes = [bytes(row) for row in below.order_by("index").values_list("root", flat=True)]
    Tile.objects.create(level=level, index=index, hashes=b"".join(hashes), root=root)
