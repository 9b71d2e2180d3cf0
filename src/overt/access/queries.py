"""What a person may do now, and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from overt.access.models import Grant
from overt.access.rules import Act, Role, roles_with

if TYPE_CHECKING:
    from overt.accounts.models import User


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a role reaches: a partner's cameras, a camera group's, both at once, or (two Nones) everywhere."""

    role: Role
    partner_id: UUID | None
    group_id: UUID | None


def grants_in_force(user: User, now: datetime | None = None) -> list[Grant]:
    """The grants that count at a moment (now, unless given)."""
    moment = now or timezone.now()
    if not user.is_active:
        return []
    open_ended = Q(ends_at__isnull=True) | Q(ends_at__gt=moment)
    return list(Grant.objects.filter(open_ended, user=user, starts_at__lte=moment, withdrawn_at__isnull=True))


def scopes(user: User, act: Act, *, now: datetime | None = None) -> list[Scope]:
    """Where this person may carry out an act; empty when nowhere."""
    roles = roles_with(act)
    return [
        Scope(Role(grant.role), grant.partner_id, grant.group_id)
        for grant in grants_in_force(user, now)
        if grant.role in roles
    ]


def may(user: User, act: Act, *, now: datetime | None = None) -> bool:
    """Whether this person may carry out an act anywhere (for menus and for pages that belong to no one camera)."""
    return bool(scopes(user, act, now=now))


def may_everywhere(user: User, act: Act, *, now: datetime | None = None) -> bool:
    """Whether this person may carry out an act over the whole scheme, whatever the partner or group."""
    return any(s.partner_id is None and s.group_id is None for s in scopes(user, act, now=now))
