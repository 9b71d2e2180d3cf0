"""When roles lapse. The period is the policy's; its room lies above this one, so it comes and tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q

from overt.access.models import Grant
from overt.access.rules import NEVER_LAPSES, Role, lapses_at

_TELLERS: list[Callable[[], int | None]] = []


def register(teller: Callable[[], int | None]) -> None:
    """Let a room tell after how many days a role lapses that nobody confirmed; None for never."""
    _TELLERS[:] = [teller]


def period() -> timedelta | None:
    days = _TELLERS[0]() if _TELLERS else None
    return None if days is None else timedelta(days=days)


def not_lapsed(moment: datetime) -> Q:
    """The grants that were confirmed, or given, recently enough to count at a moment."""
    every = period()
    if every is None:
        return Q()
    since = moment - every
    confirmed = Q(renewed_at__gt=since) | Q(renewed_at__isnull=True, starts_at__gt=since)
    return confirmed | Q(role=NEVER_LAPSES.value)


def lapses(grant: Grant, every: timedelta | None) -> datetime | None:
    return lapses_at(Role(grant.role), grant.renewed_at or grant.starts_at, every)
