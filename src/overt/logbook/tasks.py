"""What the worker does for the logbook by itself, each once when due; calling them more often does no harm."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from overt.logbook.checkpoints import checkpoint_if_due
from overt.logbook.erasure import erase_due
from overt.logbook.log_actions import CHECKED
from overt.logbook.models import Entry
from overt.logbook.recording import record
from overt.logbook.verify import verify
from overt.shared.canonical import Json

__all__ = ["check_if_due", "checkpoint_if_due", "erase_due"]

CHECK_EVERY = timedelta(days=1)
#: Findings told in the entry; the command shows them all.
TOLD_AT_MOST = 20


def check_if_due(now: datetime, every: timedelta = CHECK_EVERY) -> bool | None:
    """Recompute the whole logbook once a day and write down how it stood; None when it is not due yet.

    Source: BASS-10.0 (a nightly check proves the chain), BASS-6.2.3.c.8 (the result is stored).
    """
    last = Entry.objects.filter(action=CHECKED).order_by("-number").first()
    if last is not None and now - last.recorded_at < every:
        return None
    report = verify()
    facts: dict[str, Json] = {
        "sound": report.sound,
        "size": report.size,
        "findings": len(report.findings),
        "root": report.root.hex(),
    }
    if report.findings:
        facts["told"] = [
            {"code": one.code, "entry": one.entry, "last": one.last} for one in report.findings[:TOLD_AT_MOST]
        ]
    with transaction.atomic():
        record(CHECKED, by=None, facts=facts)
    return report.sound
