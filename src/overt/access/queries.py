"""What a person may do now, and where."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from overt.access.lapsing import has_lapsed
from overt.access.models import Grant
from overt.access.rules import ROLE_ACTS, Act, Role, Scope, roles_with
from overt.access.terms import RoleTerms, role_terms

if TYPE_CHECKING:
    from overt.accounts.models import User


__all__ = [
    "Scope",
    "acts_of",
    "givers",
    "grants_in_force",
    "grants_not_over",
    "may",
    "may_everywhere",
    "scope_of",
    "scopes",
    "somebody_else_may",
]


def scope_of(grant: Grant) -> Scope:
    return Scope(Role(grant.role), grant.partner_id, grant.group_id)


def grants_in_force(user: User, now: datetime | None = None) -> list[Grant]:
    """The grants that count at a moment (now, unless given), at every hour between their dates.

    Source: HERTS-2.1, HERTS-22.3 (an inspector comes at any hour, with no approval).
    """
    moment = now or timezone.now()
    return _not_lapsed(_dated(user, moment), moment)[0]


def grants_not_over(user: User, now: datetime | None = None) -> list[Grant]:
    """The grants that count now or will count later, and those that lapsed and can be confirmed; the oldest first."""
    open_ended = Q(ends_at__isnull=True) | Q(ends_at__gt=now or timezone.now())
    rows = Grant.objects.filter(open_ended, user=user, withdrawn_at__isnull=True)
    return list(rows.select_related("partner", "group", "granted_by").order_by("starts_at"))


def scopes(user: User, act: Act, *, now: datetime | None = None) -> list[Scope]:
    """Where this person may carry out an act; empty when nowhere."""
    moment, roles = now or timezone.now(), roles_with(act)
    # The policy is asked only where a grant could count: most questions end before that.
    grants, terms = _not_lapsed([grant for grant in _dated(user, moment) if grant.role in roles], moment)
    return [scope_of(grant) for grant in grants if (Role(grant.role), act) not in terms.withheld]


def acts_of(user: User) -> set[Act]:
    """Everything this person may do somewhere, now: by the grants, less what the policy withholds."""
    now = timezone.now()
    grants, terms = _not_lapsed(_dated(user, now), now)
    roles = {Role(grant.role) for grant in grants}
    return {act for role in roles for act in ROLE_ACTS[role] if (role, act) not in terms.withheld}


def may(user: User, act: Act, *, now: datetime | None = None) -> bool:
    """Whether this person may carry out an act anywhere (for menus and for pages that belong to no one camera)."""
    return bool(scopes(user, act, now=now))


def may_everywhere(user: User, act: Act, *, now: datetime | None = None) -> bool:
    """Whether this person may carry out an act over the whole scheme, whatever the partner or group."""
    return any(s.partner_id is None and s.group_id is None for s in scopes(user, act, now=now))


def givers(user: User, act: Act) -> set[UUID | None]:
    """Who gave this person the roles, not over yet, that may carry out an act."""
    return {grant.granted_by_id for grant in grants_not_over(user) if grant.role in roles_with(act)}


def somebody_else_may(user: User, act: Act, now: datetime) -> bool:
    """Whether anybody but this person holds a role, in force now, that may carry out an act somewhere."""
    open_ended = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    others = Grant.objects.filter(open_ended, role__in=roles_with(act), starts_at__lte=now, withdrawn_at__isnull=True)
    return others.filter(user__is_active=True).exclude(user=user).exists()


def _dated(user: User, moment: datetime) -> list[Grant]:
    """The grants between whose dates a moment lies, lapsed or not."""
    if not user.is_active:
        return []
    open_ended = Q(ends_at__isnull=True) | Q(ends_at__gt=moment)
    return list(Grant.objects.filter(open_ended, user=user, starts_at__lte=moment, withdrawn_at__isnull=True))


def _not_lapsed(grants: list[Grant], moment: datetime) -> tuple[list[Grant], RoleTerms]:
    """Those that were confirmed recently enough, and the policy's terms by which that was judged."""
    if not grants:
        return [], RoleTerms()
    terms = role_terms()
    return [grant for grant in grants if not has_lapsed(grant, terms.every, moment)], terms
