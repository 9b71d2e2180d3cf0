"""What the worker does for the logbook by itself, each once when due; calling them more often does no harm."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from overt.breaches.log_actions import BreachCause
from overt.breaches.services import fingerprint_of, raise_breach
from overt.inspection.log_actions import CHECKED, Checked, Finding
from overt.logbook.checkpoints import checkpoint_if_due
from overt.logbook.errors import LogbookDamaged
from overt.logbook.findings import Report
from overt.logbook.models import Checkpoint, Entry
from overt.logbook.recording import log
from overt.logbook.verify import verify

CHECK_EVERY = timedelta(days=1)
#: Findings told in the entry; the command shows them all.
TOLD_AT_MOST = 20


def check_if_due(now: datetime, every: timedelta = CHECK_EVERY) -> bool | None:
    """Recompute the whole logbook once a day and write down how it stood; None when it is not due yet.

    Source: BASS-10.0 (a nightly check proves the chain), BASS-6.2.3.c.8 (the result is stored; a break is a breach).
    """
    last = Entry.objects.filter(action=CHECKED.name).order_by("-number").first()
    if last is not None and now - last.recorded_at < every:
        return None
    report = verify()
    told = tuple(Finding(one.code, one.entry, one.last) for one in report.findings[:TOLD_AT_MOST])
    facts = Checked(report.sound, report.size, len(report.findings), report.root.hex(), told or None, report.signed)
    with transaction.atomic():
        log(CHECKED, by=None, facts=facts)
        if not report.sound:
            _raise(report, now)
    return report.sound


def sign_if_due(now: datetime, every: timedelta) -> Checkpoint | None:
    """The hourly checkpoint. A logbook that did not grow from what was signed before is not signed: it is a breach."""
    try:
        return checkpoint_if_due(now, every)
    except LogbookDamaged as error:
        last = Checkpoint.objects.order_by("-size").first()
        mark = fingerprint_of("not signed after", str(last.size if last else 0))
        words = "The logbook was not signed: it is damaged"
        raise_breach(BreachCause.NOT_SIGNED, words, [str(error)], fingerprint=mark, now=now)
        return None


def _raise(report: Report, now: datetime) -> None:
    """One breach for what this check found; the same findings again are the same breach."""
    lines = [finding.words for finding in report.findings]
    words = f"The logbook is not what was written: {len(lines)} finding{'s' if len(lines) != 1 else ''}"
    marks = sorted(f"{one.code} {one.entry} {one.last}" for one in report.findings)
    mark = fingerprint_of("logbook", *marks)
    raise_breach(BreachCause.NOT_AS_WRITTEN, words, lines, fingerprint=mark, now=now)
