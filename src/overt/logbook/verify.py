"""Recomputes the whole logbook from its rows and says exactly where it is not what was written and signed.

One pass in number order: numbers, canonical bytes, leaf hashes, commitments; then the stored tree, the head and every
checkpoint against the tree recomputed. Plain rows instead of objects: a million entries in well under a minute.
Takes no lock: what is added or erased meanwhile is told apart from what was tampered with.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from overt.logbook import merkle, triggers
from overt.logbook.append import TILE, hashes_of
from overt.logbook.canonical import entry_bytes, moment_text
from overt.logbook.findings import Report
from overt.logbook.models import Checkpoint, Entry, Head, Personal, Tile
from overt.logbook.notes import TreeHead
from overt.logbook.openings import Openings
from overt.logbook.recording import PLAIN
from overt.logbook.signed import check_checkpoints, check_held
from overt.logbook.tree import split_hashes

Progress = Callable[[int], None]
Row = tuple[int, datetime, str, str, str, str, str, str, str]
COLUMNS = (
    "number",
    "recorded_at",
    "action",
    "subject_kind",
    "subject_id",
    "camera",
    "facts_text",
    "commitments_text",
    "leaf_hash",
)
CHUNK = 5000


def verify(progress: Progress | None = None, heads: Sequence[TreeHead] = ()) -> Report:
    """Check everything; `progress` is told the number of each entry done, `heads` are what somebody else holds.

    What comes after the newest checkpoint is checked against itself alone; the report says how much that is.

    Source: BASS-10.0 (gapless, chained, no entry can be taken out), BASS-6.2.3.c.8 (checked end to end).
    """
    return Check(heads).run(progress)


class Check:
    """One check of the logbook; `run` once, then `roots` holds the recomputed root of each head's size."""

    def __init__(self, heads: Sequence[TreeHead] = ()) -> None:
        self.heads = heads
        # Checkpoints before the head: one that is signed meanwhile must not look like one past the end.
        sizes = [0, *(head.size for head in heads), *Checkpoint.objects.values_list("size", flat=True)]
        self.head = Head.objects.filter(id=1).first() or Head(size=0)
        self.report = Report(size=self.head.size)
        self.roots: dict[int, bytes | None] = dict.fromkeys(sizes)
        self.roots[0] = merkle.EMPTY_ROOT
        self.frontier: list[bytes] = []
        self.subtrees: dict[tuple[int, int], bytes] = {}  # recomputed roots of tiles: (tile level, index)
        self.done = 0  # leaves in the recomputed tree
        self.whole_to = self.head.size  # up to here the tree could be recomputed
        self.openings = Openings(self.report)
        self.remembered: list[bytes] = []  # leaf hashes that the stored tree has for the tile at hand
        self.stored_root = b""
        self.rewritten: list[int] = []  # entries of the tile at hand that are not as the stored tree has them

    def run(self, progress: Progress | None = None) -> Report:
        started = time.perf_counter()
        tiles = _in_step(Tile.objects.filter(level=0).order_by("index").values_list("index", "hashes", "root"))
        personal = _groups()
        for row in self._rows():
            number = row[0]
            self._gap_to(number, tiles)
            self._open_tile(tiles)
            leaf = self._leaf(row)
            self.openings.check(number, row[7], personal(number))
            self._add(leaf)
            if progress is not None:
                progress(number)
        self._gap_to(self.head.size + 1, tiles)
        self.report.root = merkle.fold(self.frontier)
        self._judge_rewritten(None)
        self._stored_tree()
        self._head()
        self._outside()
        self.openings.check_erasures()
        check_checkpoints(self.report, self.head.origin, self.roots, self.whole_to)
        check_held(self.report, self.heads, self.roots)
        self._age()
        for name in triggers.missing(connection):
            self.report.add("refusal-lifted", f"The database no longer refuses changes: the trigger {name} is gone.")
        self.report.findings.sort(key=lambda finding: (finding.entry is None, finding.entry or 0))
        self.report.seconds = time.perf_counter() - started
        return self.report

    def _rows(self) -> Iterator[Row]:
        wanted = Entry.objects.filter(number__gte=1, number__lte=self.head.size).order_by("number")
        return wanted.values_list(*COLUMNS).iterator(chunk_size=CHUNK)

    def _leaf(self, row: Row) -> bytes:
        """The leaf hash that the row's content has; a finding where the row says another."""
        number, at, action, kind, key, camera, facts, commitments, stored = row
        self.report.entries += 1
        leaf = merkle.leaf_hash(
            entry_bytes(
                number=number,
                at=moment_text(at),
                action=action,
                subject=(kind, key),
                camera=camera,
                facts=facts,
                commitments=commitments,
            )
        )
        place = (number - 1) % TILE
        known = self.remembered[place] if self.remembered else None
        if not PLAIN.fullmatch(f"{action}{kind}{key}{camera}"):
            self.report.add("entry-changed", f"Entry {number} was changed: a key in it is none that we write.", number)
        elif leaf.hex() != stored:
            what = "its content was changed" if known in {None, bytes.fromhex(stored)} else "its hash was changed"
            self.report.add("entry-changed", f"Entry {number} is not as it was written: {what}.", number)
        elif known is not None and leaf != known:
            self.rewritten.append(number)
        return leaf

    def _add(self, leaf: bytes) -> None:
        self.frontier, completed = merkle.grow(self.frontier, self.done, leaf)
        self.done += 1
        if len(completed) > 8:
            for level, index, root in completed[8::8]:
                self.subtrees[level // 8 - 1, index] = root
            self._judge_rewritten(self.subtrees[0, self.done // TILE - 1])
        if self.done in self.roots:
            self.roots[self.done] = merkle.fold(self.frontier)

    def _gap_to(self, number: int, tiles: Callable[[int], Any]) -> None:
        """Report the numbers missing before `number`; put what the stored tree remembers in their place."""
        first = self.done + 1
        if first >= number:
            return
        last = number - 1
        words = f"Entry {first} is missing." if first == last else f"Entries {first} to {last} are missing."
        self.report.add("entry-missing", words, first, last)
        while self.done < last:
            self._open_tile(tiles)
            place = self.done % TILE
            if self.remembered:
                self._add(self.remembered[place])
            else:
                self.whole_to = min(self.whole_to, self.done)
                self._add(bytes(32))

    def _open_tile(self, tiles: Callable[[int], Any]) -> None:
        """At the first leaf of each 256, take up what the stored tree remembers of them."""
        if self.done % TILE == 0:
            found = tiles(self.done // TILE)
            self.remembered = split_hashes(bytes(found[1])) if found else []
            self.stored_root = bytes(found[2]) if found else b""
            if len(self.remembered) != TILE:
                self.remembered = []

    def _judge_rewritten(self, root: bytes | None) -> None:
        """An entry and the stored tree differ: the tile's root tells which of the two was changed."""
        for number in self.rewritten:
            if root is not None and root == self.stored_root:
                self.report.add("tree-changed", f"The stored tree has another hash for entry {number}, which is sound.")
            else:
                words = (
                    f"Entry {number} was changed and its hash made to fit; the tree still has the hash of the original."
                )
                self.report.add("entry-changed", words, number)
        self.rewritten = []

    def _stored_tree(self) -> None:
        """Each tile against the recomputed tree; a tile over an entry already found wrong says nothing new."""
        stored = {
            (level, index): bytes(root)
            for level, index, root in Tile.objects.values_list("level", "index", "root").iterator(chunk_size=CHUNK)
        }
        for (level, index), root in self.subtrees.items():
            width = TILE ** (level + 1)
            if stored.get((level, index)) == root or self._found_within(index * width + 1, (index + 1) * width):
                continue
            self.report.add(
                "tree-changed",
                f"The stored tree is wrong over entries {index * width + 1} to {(index + 1) * width}"
                f" (row {level}/{index}), or one of them was changed with all that hangs on it.",
            )
        for level, index in sorted(stored.keys() - self.subtrees.keys()):
            # A tile that was completed while this check ran lies past the head it began with.
            if (index + 1) * TILE ** (level + 1) > self._size_now():
                self.report.add("tree-changed", f"The stored tree has a row {level}/{index} past the last entry.")

    def _head(self) -> None:
        if self.head.frontier == "".join(part.hex() for part in self.frontier):
            return
        stored = hashes_of(self.head.frontier)
        spans = merkle.pieces(0, self.done)
        if len(stored) != len(spans):
            self.report.add("head-changed", "The head of the tree was changed: it does not fit its size.")
            return
        for (level, index), here, there in zip(spans, self.frontier, stored, strict=True):
            first, last = (index << level) + 1, (index + 1) << level
            if here != there and not self._found_within(first, last):
                words = f"One of the entries {first} to {last} was changed and its hash made to fit, or the head was."
                self.report.add("entry-changed", words, first, last)

    def _outside(self) -> None:
        """Rows that no append can have made: numbers below 1 or past the head."""
        last = Entry.objects.order_by("-number").values_list("number", flat=True).first() or 0
        size = self._size_now()  # read after the entries: it can only be larger
        for number in Entry.objects.filter(number__lt=1).values_list("number", flat=True):
            self.report.add("entry-added", f"Entry {number} was put in by hand.", number)
        if last > size:
            for number in Entry.objects.filter(number__gt=size).values_list("number", flat=True)[:100]:
                words = f"Entry {number} was put in by hand: the tree ends at {size}."
                self.report.add("entry-added", words, number)

    def _age(self) -> None:
        """When the newest entry that is signed was written, and the oldest that nobody vouches for."""
        written = Entry.objects.values_list("recorded_at", flat=True)
        self.report.signed_at = written.filter(number=self.report.signed or -1).first()
        after = written.filter(number__gt=self.report.vouched_for, number__lte=self.report.size)
        self.report.unsigned_since = after.order_by("number").first()

    def _size_now(self) -> int:
        return (Head.objects.filter(id=1).first() or self.head).size

    def _found_within(self, first: int, last: int) -> bool:
        return any(
            finding.entry is not None and finding.entry <= last and (finding.last or finding.entry) >= first
            for finding in self.report.findings
        )


def _groups() -> Callable[[int], list[tuple[Any, ...]]]:
    """Personal rows of an entry, asked for in number order."""
    rows = Personal.objects.order_by("entry_id").values_list("entry_id", "field", "salt", "value", "erased_by")
    found = _in_step((key, list(group)) for key, group in groupby(rows.iterator(chunk_size=CHUNK), itemgetter(0)))

    def of(number: int) -> list[tuple[Any, ...]]:
        group = found(number)
        return group[1] if group else []

    return of


def _in_step(rows: Iterable[Any]) -> Callable[[int], Any]:
    """The row whose first column is the key asked for, or None; keys are asked for in rising order."""
    source = iter(rows)
    held = next(source, None)

    def at(key: int) -> Any:
        nonlocal held
        while held is not None and held[0] < key:
            held = next(source, None)
        return held if held is not None and held[0] == key else None

    return at
