"""How the logbook stands, for machines that ask and for the first page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge

from overt.logbook.breaches import open_breaches
from overt.logbook.log_actions import CHECKED
from overt.logbook.models import CodeBreach, Entry
from overt.logbook.queries import head
from overt.rooms import NotWell, Standing
from overt.shared.moments import short_text

if TYPE_CHECKING:
    from overt.accounts.models import User


def no_open_breach() -> str:
    """How many entries there are. Raises NotWell while a breach of the logbook itself is unanswered."""
    broken = open_breaches(CodeBreach.Kind.LOGBOOK).first()
    if broken is not None:
        raise NotWell(f"breach {broken.pk}, which nobody has answered: {broken.words}")
    return f"{head().size} entries"


def open_breaches_by_kind(registry: CollectorRegistry) -> None:
    waiting = Gauge("overt_breaches_open", "Breaches that nobody has answered", ["kind"], registry=registry)
    for kind in CodeBreach.Kind:
        waiting.labels(kind.value).set(open_breaches(kind).count())


def last_check(user: User, now: datetime) -> list[Standing]:
    """How the logbook's last check from end to end went."""
    last = Entry.objects.filter(action=CHECKED.name).order_by("-number").first()
    if last is None:
        return [Standing("Logbook", "Not checked yet; the worker does so once a day", place=50)]
    when = short_text(last.recorded_at)
    if last.facts.get("sound"):
        return [Standing("Logbook", f"Checked from end to end {when}: sound", place=50)]
    return [Standing("Logbook", f"Checked from end to end {when}: damaged", "late", "Act now", place=50)]
