"""When a role lapses for want of confirmation."""

from __future__ import annotations

from datetime import datetime, timedelta

from overt.access.models import Grant
from overt.access.rules import Role, lapses_at


def lapses(grant: Grant, every: timedelta | None) -> datetime | None:
    return lapses_at(Role(grant.role), grant.renewed_at or grant.starts_at, every)


def has_lapsed(grant: Grant, every: timedelta | None, moment: datetime) -> bool:
    at = lapses(grant, every)
    return at is not None and at <= moment
