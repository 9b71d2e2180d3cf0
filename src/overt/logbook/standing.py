"""How an entry, or a checkpoint somebody kept, stands against the tree now: the facts behind the words on a page."""

from __future__ import annotations

from dataclasses import dataclass

from overt.logbook import merkle
from overt.logbook.append import bytes_of
from overt.logbook.checkpoints import make_checkpoint, read_checkpoint, read_head
from overt.logbook.errors import BadCheckpoint
from overt.logbook.models import Checkpoint, Entry
from overt.logbook.notes import TreeHead
from overt.logbook.tree import StoredTree


@dataclass(frozen=True, slots=True)
class EntryStanding:
    """`fits`: the entry as it is now leads, by the tree's hashes, to a root that is signed with a key of ours."""

    checkpoint: Checkpoint
    leaf: str
    steps: int
    fits: bool


@dataclass(frozen=True, slots=True)
class KeptStanding:
    """`fits`: by the stored tree, everything the kept head covers is still there unchanged."""

    kept: TreeHead
    now: Checkpoint
    fits: bool

    @property
    def new(self) -> int:
        return self.now.size - self.kept.size


def entry_standing(entry: Entry) -> EntryStanding:
    """Check one entry against a checkpoint that covers it: the newest there is, or one made now."""
    covering = Checkpoint.objects.filter(size__gte=entry.number).order_by("-size").first() or make_checkpoint()
    leaf = merkle.leaf_hash(bytes_of(entry))
    try:
        path = merkle.inclusion_path(entry.number - 1, covering.size, StoredTree().subtree)
        root = _signed_root(covering)
        fits = root is not None and merkle.is_included(leaf, entry.number - 1, covering.size, path, root)
    except (LookupError, ValueError):
        path, fits = [], False
    return EntryStanding(covering, leaf.hex(), len(path), fits)


def kept_standing(note: str) -> KeptStanding:
    """Check a kept checkpoint or head against the stored tree in a moment; `overt logbook since` checks every row.

    Raises BadCheckpoint for one that is not this logbook's, or is no head.
    """
    kept = read_head(note)
    now = make_checkpoint()
    try:
        path = merkle.consistency_path(kept.size, now.size, StoredTree().subtree)
        fits = merkle.is_consistent(kept.size, now.size, kept.root, bytes.fromhex(now.root), path)
    except (LookupError, ValueError):
        fits = False
    return KeptStanding(kept, now, fits)


def _signed_root(made: Checkpoint) -> bytes | None:
    """The root that a checkpoint's signature covers; None where its row says another, or no key of ours signed it."""
    try:
        stated = read_checkpoint(made.note)
    except BadCheckpoint:
        return None
    return stated.root if (stated.size, stated.root.hex()) == (made.size, made.root) else None
