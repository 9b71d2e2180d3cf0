"""How an entry, or a checkpoint somebody kept, stands against the tree now: the facts behind the words on a page."""

from __future__ import annotations

from dataclasses import dataclass

from overt.logbook import merkle
from overt.logbook.append import bytes_of, hashes_of
from overt.logbook.checkpoints import head, make_checkpoint, read_checkpoint, read_head
from overt.logbook.errors import BadCheckpoint, LogbookDamaged
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
    size: int  # how many entries there are now
    fits: bool

    @property
    def new(self) -> int:
        return max(0, self.size - self.kept.size)


def entry_standing(entry: Entry) -> EntryStanding:
    """Check one entry against a checkpoint that covers it: the newest there is, or one made now."""
    covering = Checkpoint.objects.filter(size__gte=entry.number).order_by("-size").first() or newest_checkpoint()[0]
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
    kept, now, tree = read_head(note), head(), StoredTree()
    try:
        # The tree itself, not the newest checkpoint: that one stays as it was signed, whatever became of the entries.
        whole = merkle.root_at(now.size, tree.subtree) == merkle.fold(hashes_of(now.frontier))
        fits = whole and kept.size <= now.size and merkle.root_at(kept.size, tree.subtree) == kept.root
    except (LookupError, ValueError):
        fits = False
    return KeptStanding(kept, now.size, fits)


def newest_checkpoint() -> tuple[Checkpoint, str]:
    """A checkpoint made now; or the newest there is, and why no more is signed: the logbook is damaged."""
    try:
        return make_checkpoint(), ""
    except LogbookDamaged as error:
        return Checkpoint.objects.order_by("-size")[0], str(error)


def _signed_root(made: Checkpoint) -> bytes | None:
    """The root that a checkpoint's signature covers; None where its row says another, or no key of ours signed it."""
    try:
        stated = read_checkpoint(made.note)
    except BadCheckpoint:
        return None
    return stated.root if (stated.size, stated.root.hex()) == (made.size, made.root) else None
