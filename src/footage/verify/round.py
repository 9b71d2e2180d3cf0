"""Going round the store a little at a time: the next segments by their hash, from where the last step stopped.

So that a store of any size is read whole again and again without anybody asking, and without taking the disk from
the recorder: the caller gives each step its bytes and keeps the place.
"""

from __future__ import annotations

from collections.abc import Iterator

from footage.catalogue import Catalogue
from footage.catalogue.segments import COLUMNS, segment_from
from footage.contract import CheckStep, Damage, SegmentClosed
from footage.verify.check import Level, check_row

_BATCH = 64


def check_next(catalogue: Catalogue, after: int, budget_bytes: int) -> CheckStep:
    """Check the segments after a place, in the order of recording, until the bytes are spent or none is left.

    At least one segment is looked at, however small the budget. A segment that retention takes meanwhile is no loss.
    """
    at, segments, seen = after, 0, 0
    found: list[Damage] = []
    for number, row in _rows_after(catalogue, after):
        problem = check_row(catalogue, row, Level.HASH)
        if problem is not None:
            found.append(
                Damage(row.camera_id, row.path, problem.finding.value, problem.detail, row.start_90k, row.end_90k)
            )
        at, segments, seen = number, segments + 1, seen + row.size_bytes
        if seen >= budget_bytes:
            return CheckStep(at, segments, seen, tuple(found), at_end=False)
    return CheckStep(at, segments, seen, tuple(found), at_end=True)


def stored_bytes(catalogue: Catalogue) -> int:
    """What a whole round has to read, as of now."""
    return sum(sum(days.values()) for days in catalogue.bytes_by_day().values())


def _rows_after(catalogue: Catalogue, after: int) -> Iterator[tuple[int, SegmentClosed]]:
    query = f"SELECT s.id, {COLUMNS} WHERE s.id > ? AND s.deleting IS NULL ORDER BY s.id LIMIT {_BATCH}"
    while rows := catalogue.read().execute(query, (after,)).fetchall():
        for row in rows:
            yield row[0], segment_from(row[1:])
        after = rows[-1][0]
