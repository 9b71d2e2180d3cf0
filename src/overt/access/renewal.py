"""Confirming that roles are still needed: the list of those that lapse, and the act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from overt.access import rules
from overt.access.lapsing import lapses
from overt.access.log_actions import GRANT_CONFIRMED, RoleConfirmed
from overt.access.models import Grant
from overt.access.queries import scope_of, scopes
from overt.access.rules import Act, Role
from overt.access.terms import role_terms
from overt.logbook.services import log

if TYPE_CHECKING:
    from overt.accounts.models import User


@dataclass(frozen=True, slots=True)
class Due:
    """A grant and when it lapses, or lapsed."""

    grant: Grant
    at: datetime
    over: bool

    @property
    def key(self) -> str:
        """As a form names the grant."""
        return str(self.grant.pk)


def due_for(user: User, now: datetime | None = None) -> list[Due]:
    """The roles that this person may confirm, the soonest to lapse first; none where the policy has no period."""
    every, moment = role_terms().every, now or timezone.now()
    if every is None:
        return []
    own = scopes(user, Act.GRANT_ROLE, now=moment)
    open_ended = Q(ends_at__isnull=True) | Q(ends_at__gt=moment)
    rows = Grant.objects.filter(open_ended, withdrawn_at__isnull=True, user__is_active=True).exclude(user=user)
    found = []
    for grant in rows.select_related("user", "partner", "group", "granted_by"):
        at = lapses(grant, every)
        if at is not None and rules.may_appoint(own, scope_of(grant)):
            found.append(Due(grant, at, at <= moment))
    return sorted(found, key=lambda one: one.at)


@transaction.atomic
def confirm(grants: Sequence[Grant], *, by: User, reason: str) -> int:
    """Say that these roles are still needed, each an entry of its own; returns how many.

    Raises OwnGrant, GrantRefused or BadGrant. Source: BASS-8.2.1.9, PROG-4.2.22.a.
    """
    if not reason.strip():
        raise rules.BadGrant("Say why the roles are still needed: it goes into the logbook.")
    own, now = scopes(by, Act.GRANT_ROLE), timezone.now()
    rows = Grant.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in grants])
    confirmed = list(rows.filter(withdrawn_at__isnull=True).select_related("user"))
    for grant in confirmed:
        rules.check_appointment(own, scope_of(grant), to_self=grant.user_id == by.pk)
        grant.renewed_at = now
        grant.save(update_fields=["renewed_at"])
    for grant in confirmed:
        whom = {"person": grant.user.full_name, "person_id": str(grant.user_id)}
        facts = RoleConfirmed(Role(grant.role))
        log(GRANT_CONFIRMED, grant, by=by, reason=reason.strip(), facts=facts, personal=whom)
    return len(confirmed)
