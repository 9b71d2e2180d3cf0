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
from overt.logbook.verify import Progress, verify


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
    report = verify(progress, [kept])
    fits = kept.size <= report.size and not any(found.code == "kept-contradicted" for found in report.findings)
    return Since(kept, report, _path(kept, report) if fits else [])


def _path(kept: TreeHead, report: Report) -> list[bytes]:
    try:
        path = merkle.consistency_path(kept.size, report.size, StoredTree().subtree)
    except LookupError:
        return []  # the stored tree is damaged, and the report says so
    sound = merkle.is_consistent(kept.size, report.size, kept.root, report.root, path)
    return path if sound else []
