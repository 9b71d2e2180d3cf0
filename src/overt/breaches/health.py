"""How the logbook stands, for machines that ask."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge

from overt.breaches.models import CodeBreach
from overt.breaches.queries import open_breaches
from overt.logbook.checkpoints import head
from overt.rooms import NotWell


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
