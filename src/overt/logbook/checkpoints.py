"""Signs the tree's head, so that somebody else can hold it: a log proves nothing until another keeps its head.

A checkpoint is made whenever one is asked for, at shift change, and at least hourly while there are new entries.
Signing is no entry itself, or each would call for the next.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from overt.logbook import merkle, notes
from overt.logbook.append import hashes_of, lock_head
from overt.logbook.errors import BadCheckpoint, BadSize, LogbookDamaged
from overt.logbook.keys import known_keys, signing_key
from overt.logbook.models import Checkpoint, Head
from overt.logbook.succession import opened_by
from overt.logbook.tree import StoredTree

AT_LEAST_EVERY = timedelta(hours=1)


def head() -> Head:
    """The head row as last committed, made if this logbook has none yet."""
    found = Head.objects.filter(id=1).first()
    if found is None:
        with transaction.atomic():
            lock_head()
        found = Head.objects.get(id=1)
    return found


def make_checkpoint(now: datetime | None = None) -> Checkpoint:
    """The signed head of the logbook as it is now; the newest again, where nothing was added since.

    Refuses inside a transaction, whose entries might yet be taken back (RuntimeError): what is signed stands.
    Refuses to sign a tree that did not grow from the last one signed (LogbookDamaged): the checkpoint in somebody's
    hand must stay the newest true one.
    """
    with transaction.atomic(durable=True):
        current = head()
        last = Checkpoint.objects.last()
        root = merkle.fold(hashes_of(current.frontier))
        if last is not None:
            _refuse_a_rewritten_tree(last, current.size, root)
            if last.size == current.size:
                return last
        text = notes.TreeHead(current.origin, current.size, root).text
        made = Checkpoint(
            size=current.size,
            root=root.hex(),
            note=notes.sign(text, current.origin, signing_key()),
            made_at=now or timezone.now(),
        )
        # Two may ask at one moment: the same size gives the same bytes, and one row.
        Checkpoint.objects.bulk_create([made], ignore_conflicts=True)
    return Checkpoint.objects.get(size=current.size)


def checkpoint_if_due(now: datetime, every: timedelta = AT_LEAST_EVERY) -> Checkpoint | None:
    """Make the hourly checkpoint, if the last is so old and there is something new. Called every minute or so."""
    last = Checkpoint.objects.order_by("-size").first()
    if last is not None and (now - last.made_at < every or last.size == head().size):
        return None
    return make_checkpoint(now)


def read_checkpoint(note: str) -> notes.TreeHead:
    """What a checkpoint of ours states, signature checked. Raises BadCheckpoint for any other text."""
    origin = head().origin
    try:
        found = opened_by(note, origin, known_keys(origin))
    except notes.BadNote as error:
        raise BadCheckpoint(f"This is no checkpoint of this logbook: {error}.") from None
    if found.origin != origin:
        raise BadCheckpoint(f"This is a checkpoint of another log, {found.origin}.")
    return found


def read_head(text: str) -> notes.TreeHead:
    """A head that somebody holds: a checkpoint of ours, signature checked, or SIZE:HASH as it is printed.

    Raises BadCheckpoint for anything else.
    """
    if "\n\n" in text:
        return read_checkpoint(text)
    try:
        return notes.head_of(text, head().origin)
    except notes.BadNote as error:
        raise BadCheckpoint(f"This is neither a checkpoint nor SIZE:HASH: {error}.") from None


def inclusion_proof(number: int, checkpoint: Checkpoint | None = None, entry: bytes = b"") -> str:
    """A C2SP tlog-proof that an entry is in the tree of a checkpoint (a new one, unless given).

    `entry` is its canonical form, put into the proof's extra line. Raises BadSize where the tree has no such entry.
    """
    against = checkpoint or make_checkpoint()
    if not 1 <= number <= against.size:
        raise BadSize(f"There is no entry {number} among the {against.size} of this checkpoint.")
    path = merkle.inclusion_path(number - 1, against.size, StoredTree().subtree)
    return notes.proof_text(number - 1, path, against.note, entry)


def consistency_proof(old: int, new: int) -> list[bytes]:
    """RFC 6962's proof that the tree of `new` entries grew from that of `old`. Raises BadSize for no such sizes."""
    if not 0 <= old <= new <= head().size:
        raise BadSize(f"Give a size from 0 to {head().size}.")
    return merkle.consistency_path(old, new, StoredTree().subtree)


def _refuse_a_rewritten_tree(last: Checkpoint, size: int, root: bytes) -> None:
    try:
        path = merkle.consistency_path(last.size, size, StoredTree().subtree)
    except (ValueError, LookupError):
        path = []
    if not merkle.is_consistent(last.size, size, bytes.fromhex(last.root), root, path):
        raise LogbookDamaged(
            f"The logbook of {size} entries did not grow from the {last.size} that were signed before. "
            "Run `overt logbook verify` to see which entry was changed or removed."
        )
