"""Giving and taking roles: one act, one transaction, one logbook entry."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from overt.access import duties, log_actions, rules
from overt.access.log_actions import RoleHeld
from overt.access.models import Grant
from overt.access.queries import grants_not_over, scope_of, scopes, somebody_else_may
from overt.access.rules import Act, Role, Scope
from overt.logbook.services import log

if TYPE_CHECKING:
    from overt.accounts.models import User
    from overt.places.models import CameraGroup, Partner


@transaction.atomic
def grant_role(
    user: User,
    role: Role,
    *,
    by: User,
    reason: str,
    partner: Partner | None = None,
    group: CameraGroup | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Grant:
    """Give a person a role over a partner's cameras, a group's, or everything.

    Raises OwnGrant, GrantRefused (beyond the granter's own scope), RolesApart, TwoHandsNeeded or BadGrant.
    Source: HERTS-19.5, BASS-7.1.c.
    """
    now = timezone.now()
    wanted = Scope(role, partner.pk if partner else None, group.pk if group else None)
    rules.check_appointment(scopes(by, Act.GRANT_ROLE, now=now), wanted, to_self=user.pk == by.pk)
    duties.check_apart(role, (Role(one.role) for one in grants_not_over(user, now)))
    others = somebody_else_may(by, Act.MANAGE_PEOPLE, now)
    duties.check_two_hands(role, by.pk, user.link_made_by_id, others_can_make_accounts=others)
    begins = starts_at or now
    rules.check_grant_terms(begins, ends_at, reason, now)
    return write_grant(
        user, role, by=by, reason=reason, partner=partner, group=group, starts_at=begins, ends_at=ends_at
    )


def write_grant(
    user: User,
    role: Role,
    *,
    by: User | None,
    reason: str,
    starts_at: datetime,
    partner: Partner | None = None,
    group: CameraGroup | None = None,
    ends_at: datetime | None = None,
) -> Grant:
    """The row and its entry, inside the caller's transaction and unasked: for grant_role and the first person."""
    grant = Grant.objects.create(
        user=user,
        role=role.value,
        partner=partner,
        group=group,
        starts_at=starts_at,
        ends_at=ends_at,
        granted_by=by,
        reason=reason.strip(),
    )
    facts, why = _facts(grant), reason.strip()
    log(log_actions.GRANT_GIVEN, grant, by=by, reason=why, facts=facts, personal=_whom(user))
    return grant


@transaction.atomic
def withdraw_grant(grant: Grant, *, by: User, reason: str) -> None:
    """End a grant now; the row stays. Raises OwnGrant, GrantRefused or BadGrant; twice is no error."""
    grant = Grant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant.pk)
    rules.check_appointment(scopes(by, Act.GRANT_ROLE), scope_of(grant), to_self=grant.user_id == by.pk)
    if grant.withdrawn_at is not None:
        return
    if not reason.strip():
        raise rules.BadGrant("Say why the role is withdrawn: the reason goes into the logbook.")
    grant.withdrawn_at = timezone.now()
    grant.save(update_fields=["withdrawn_at"])
    whom = _whom(grant.user)
    log(log_actions.GRANT_WITHDRAWN, grant, by=by, reason=reason.strip(), facts=_facts(grant), personal=whom)


def _whom(user: User) -> dict[str, str]:
    return {"person": user.full_name, "person_id": str(user.pk)}


def _facts(grant: Grant) -> RoleHeld:
    return RoleHeld(Role(grant.role), grant.partner_id, grant.group_id, grant.starts_at, grant.ends_at)
