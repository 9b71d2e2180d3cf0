"""How far everything stored has been held against its hashes, for machines that ask."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge

from overt.watch.integrity.services import last_whole_round, round_under_way
from overt.watch.models import DamagedSegment


def footage_round(registry: CollectorRegistry) -> None:
    """How far this round is, and what was ever found."""
    damaged = Gauge("overt_footage_damaged", "Recordings ever found damaged or missing", registry=registry)
    damaged.set(DamagedSegment.objects.count())
    if (going := round_under_way()) is not None:
        part = Gauge("overt_footage_check_ratio", "How much of this round has been read", registry=registry)
        part.set(going.percent / 100)
    if (last := last_whole_round()) is not None and last.finished_at is not None:
        done = Gauge("overt_footage_checked_time_seconds", "Unix time of the last whole round", registry=registry)
        done.set(last.finished_at.timestamp())
