"""What a day of retention comes to: what went, what went too early, what stayed too long. Pure.

Times are UTC counts of 1/90000 s; spans are half-open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from footage.contract import DeletionReceipt, Hold, Span

HZ = 90_000
_DAY_90K = 86_400 * HZ
#: A file goes when its end is past the period, and a hold keeps whole files; none is longer than this.
_LONGEST_FILE_90K = 600 * HZ
#: The recorder deletes every few seconds; after a stop it gets this long before what it left counts as a failure.
_PATIENCE_90K = 3600 * HZ
#: Days that are made up for after the worker stood still.
MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class Deleted:
    """Files and bytes that went in a day; `early` is the part that went before its date because the disk was full."""

    count: int = 0
    size_bytes: int = 0
    early_count: int = 0
    early_bytes: int = 0

    def and_this(self, receipt: DeletionReceipt) -> Deleted:
        early = receipt.reason == "disk-full"
        return Deleted(
            self.count + 1,
            self.size_bytes + receipt.size_bytes,
            self.early_count + early,
            self.early_bytes + receipt.size_bytes * early,
        )


def days_due(last: date | None, today: date) -> list[date]:
    """The finished days that have no run yet, oldest first; yesterday alone where there never was one."""
    yesterday = today - timedelta(days=1)
    first = yesterday if last is None else max(last + timedelta(days=1), today - timedelta(days=MOST_DAYS))
    return [first + timedelta(days=n) for n in range((yesterday - first).days + 1)]


def overdue_90k(spans: Sequence[Span], holds: Iterable[Hold], retention_days: int, now_90k: int) -> int:
    """How much footage is kept past its period though nothing holds it.

    Source: HERTS-24.1, BASS-1.6.1.c (any failure is proven), SEVEN-PIA.8.a.
    """
    cut = now_90k - retention_days * _DAY_90K - _LONGEST_FILE_90K - _PATIENCE_90K
    kept = [(hold.start_90k - _LONGEST_FILE_90K, hold.end_90k + _LONGEST_FILE_90K) for hold in holds]
    return sum(_outside(span.start_90k, min(span.end_90k, cut), kept) for span in spans)


def _outside(start: int, end: int, kept: Iterable[tuple[int, int]]) -> int:
    """The length of [start, end) that lies in none of the other ranges."""
    left = 0
    for other_start, other_end in sorted(kept):
        left += max(0, min(end, other_start) - start)
        start = max(start, other_end)
    return left + max(0, end - start)


def failures(deleted: Deleted, overdue: int, retention_days: int) -> list[str]:
    """What went wrong with one camera's retention, in sentences; nothing where the promise was kept."""
    found = []
    if deleted.early_count:
        files = f"{deleted.early_count} file{'s' * (deleted.early_count != 1)}"
        found.append(f"{files} went before {retention_days} days were over: the disk was full.")
    if overdue:
        found.append(f"{_length(overdue)} from more than {retention_days} days ago are still there, not held.")
    return found


def _length(count_90k: int) -> str:
    seconds = count_90k / HZ
    for size, word in ((3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {word}"
    return f"{seconds:.0f} seconds"
