"""Numbers an entry and adds it to the tree, under one lock. Called by services only, at the end of their transaction.

SQLite: the transaction began IMMEDIATE, so nobody else writes. PostgreSQL: the head row is locked until commit; a
service therefore records last, after it has locked whatever else it needs, and no two of them wait for each other.
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from overt.logbook import merkle
from overt.logbook.canonical import entry_bytes, moment_text
from overt.logbook.models import Entry, Head, Tile

TILE = 256
HEX = 64


def append(
    *, action: str, subject: tuple[str, str], camera: str, facts: str, commitments: str, now: datetime | None = None
) -> Entry:
    """Write the next entry; `facts` and `commitments` are canonical JSON. Returns the saved row."""
    head = lock_head()
    at = now or timezone.now()
    number = head.size + 1
    leaf = merkle.leaf_hash(
        entry_bytes(
            number=number,
            at=moment_text(at),
            action=action,
            subject=subject,
            camera=camera,
            facts=facts,
            commitments=commitments,
        )
    )
    entry = Entry(
        number=number,
        recorded_at=at,
        action=action,
        subject_kind=subject[0],
        subject_id=subject[1],
        camera=camera,
        facts_text=facts,
        commitments_text=commitments,
        leaf_hash=leaf.hex(),
    )
    entry.save(force_insert=True)
    _add_leaf(head, leaf)
    return entry


def lock_head() -> Head:
    """The head row, held until the transaction ends; made at the first entry."""
    rows = Head.objects.all()
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    head = rows.first()
    if head is None:
        # Two first entries at once: one insert wins, the other waits for it and then locks the same row.
        Head.objects.bulk_create([Head(id=1, origin=f"overt.logbook/{uuid4().hex[:16]}")], ignore_conflicts=True)
        head = rows.get()
    return head


def hashes_of(text: str) -> list[bytes]:
    """A frontier's hashes from the head row's text."""
    return [bytes.fromhex(text[at : at + HEX]) for at in range(0, len(text), HEX)]


def _add_leaf(head: Head, leaf: bytes) -> None:
    frontier, completed = merkle.grow(hashes_of(head.frontier), head.size, leaf)
    Head.objects.filter(id=head.id).update(size=head.size + 1, frontier="".join(part.hex() for part in frontier))
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
