"""What happened since a checkpoint somebody kept: proof that nothing it covers is gone, and what is new."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from overt.logbook import merkle
from overt.logbook.checkpoints import read_checkpoint
from overt.logbook.findings import Report
from overt.logbook.models import Entry
from overt.logbook.notes import TreeHead
from overt.logbook.tree import StoredTree
from overt.logbook.verify import Check, Progress


@dataclass(frozen=True, slots=True)
class Since:
    """`report` is of a whole check with the checkpoint held against it; `path` the consistency proof to now."""

    kept: TreeHead
    report: Report
    path: list[bytes]

    def new_entries(self) -> QuerySet[Entry]:
        return Entry.objects.filter(number__gt=self.kept.size, number__lte=self.report.size).order_by("number")


def since(note: str, progress: Progress | None = None) -> Since:
    """Hold a kept checkpoint against the rows, not against the stored tree. Raises BadCheckpoint for one not ours."""
    kept = read_checkpoint(note)
    check = Check(also_at=[kept.size])
    report = check.run(progress)
    path: list[bytes] = []
    if kept.size > report.size:
        words = (
            f"Your checkpoint covers {kept.size} entries and the logbook has {report.size}:"
            f" entries {report.size + 1} to {kept.size} were removed."
        )
        report.add("kept-beyond", words, report.size + 1, kept.size)
    elif check.roots[kept.size] != kept.root:
        words = f"The first {kept.size} entries are not those your checkpoint signs: one was changed, added or removed."
        report.add("kept-contradicted", words, 1, kept.size)
    else:
        path = _path(kept, report)
    return Since(kept, report, path)


def _path(kept: TreeHead, report: Report) -> list[bytes]:
    try:
        path = merkle.consistency_path(kept.size, report.size, StoredTree().subtree)
    except LookupError:
        return []  # the stored tree is damaged, and the report says so
    sound = merkle.is_consistent(kept.size, report.size, kept.root, report.root, path)
    return path if sound else []
