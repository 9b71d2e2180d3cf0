"""The logbook: entries a second, each its own transaction, beside a plain audit row; and checking a million of them."""

from __future__ import annotations

import time

from benchmarks import scheme
from benchmarks.report import Figure, Result
from benchmarks.size import Size

NAME, TITLE = "logbook", "The logbook"
EXPECT = "short 1 min, full 15 min"


def run(size: Size) -> Result:
    single, total = size.pick((1000, 20_000), (10_000, 1_000_000))
    with size.folder() as folder:
        scheme.set_up(folder)
        scheme.build()
        plain = _plain_rows(single)
        each = _entries(single, one_act=1)
        _entries(total - single, one_act=1000)
        seconds, entries, clean = _verify()
    per_million = seconds / entries * 1e6
    rows: list[dict[str, str | float | int]] = [
        {"what": "entry, one act a transaction", "a second": single / each, "ms": each / single * 1000},
        {"what": "plain audit row, one a transaction", "a second": single / plain, "ms": plain / single * 1000},
    ]
    figures = [
        Figure("appended", f"{single / each:.0f} a second", "at least 500 a second", single / each >= 500),
        Figure(f"verified {entries:,} entries", f"{seconds:.1f} s ({per_million:.0f} s a million)",
               "1,000,000 under 60 s", per_million < 60 if size.full else None),
        Figure("found whole", "yes" if clean else "no", "yes", clean),
    ]  # fmt: skip
    return Result(
        NAME, TITLE, f"SQLite as installed; {single} single appends, {total} entries verified.", rows, figures
    )


def _entries(count: int, *, one_act: int) -> float:
    """Seconds to append so many, `one_act` in each transaction: with an actor, a reason and two facts."""
    from django.db import transaction

    from overt.accounts.models import User
    from overt.inspection.log_actions import PRINTED, Printed
    from overt.logbook.services import log

    user = User.objects.order_by("pk").first()
    began = time.perf_counter()
    for start in range(0, count, one_act):
        with transaction.atomic():
            for number in range(start, min(start + one_act, count)):
                log(PRINTED, by=user, reason="Incident 4417", facts=Printed(search=number, entries=number))
    return time.perf_counter() - began


def _plain_rows(count: int) -> float:
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_audit (id INTEGER PRIMARY KEY, at TEXT, who TEXT, what TEXT, reason TEXT)")
        began = time.perf_counter()
        for number in range(count):
            with transaction.atomic():
                cursor.execute(
                    "INSERT INTO bench_audit (at, who, what, reason) VALUES (%s, %s, %s, %s)",
                    [str(time.time()), "dev", f"opened {number}", "Incident 4417"],
                )
        return time.perf_counter() - began


def _verify() -> tuple[float, int, bool]:
    from overt.logbook.models import Entry
    from overt.logbook.verify import verify

    began = time.perf_counter()
    report = verify()
    return time.perf_counter() - began, Entry.objects.count(), not report.findings
