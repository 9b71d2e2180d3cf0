"""How far everything stored has been held against its hashes, for machines that ask and for the first page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge

from overt.rooms import Standing
from overt.shared.moments import short_text
from overt.watch.integrity.services import last_whole_round, round_under_way
from overt.watch.models import DamagedSegment

if TYPE_CHECKING:
    from overt.accounts.models import User


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


def recordings(user: User, now: datetime) -> list[Standing]:
    """How far everything stored has been held against its hashes."""
    going, last = round_under_way(), last_whole_round()
    words = [f"{going.percent} % of this round read since {short_text(going.started_at)}"] if going else []
    if last is not None and last.finished_at is not None:
        found = f"{last.damaged} damaged" if last.damaged else "all as recorded"
        words.append(f"last whole round {short_text(last.finished_at)}: {found}")
    text = "; ".join(words) or "not read yet; the worker does so by itself"
    damaged = bool(going and going.damaged) or bool(last and last.damaged)
    tone, tag = ("late", "Damage") if damaged else ("", "")
    return [Standing("Recordings", text[:1].upper() + text[1:], tone, tag, place=60)]
