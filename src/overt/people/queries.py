"""People as one person may see and manage them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from overt.access.models import Grant
from overt.access.queries import grants_not_over, scope_of, scopes
from overt.access.rules import Act, Scope, may_appoint
from overt.accounts.models import User
from overt.people.errors import NoSuchPerson, NotYourPerson


def people_scopes(user: User) -> list[Scope]:
    """Where this person may look after people or grant roles."""
    return scopes(user, Act.MANAGE_PEOPLE) + scopes(user, Act.GRANT_ROLE)


def people_visible_to(user: User) -> QuerySet[User]:
    """Those with a role inside this person's scope, those without any, and himself; with their grants not over."""
    reach = people_scopes(user)
    if not reach:
        return User.objects.none()
    live = Grant.objects.filter(_not_over()).select_related("partner", "group")
    people = User.objects.prefetch_related(Prefetch("grants", live, to_attr="live_grants")).order_by("full_name")
    if any(scope.partner_id is None and scope.group_id is None for scope in reach):
        return people
    inside = Q(pk__in=[])
    for scope in reach:
        one = Q(partner=scope.partner_id) if scope.partner_id else Q()
        inside |= one & Q(group=scope.group_id) if scope.group_id else one
    granted = Grant.objects.filter(_not_over())
    return people.filter(
        Q(pk__in=granted.filter(inside).values("user")) | ~Q(pk__in=granted.values("user")) | Q(pk=user.pk)
    )


def access_person(user: User, person_id: UUID) -> User:
    """A person for somebody who looks after people. Raises NoSuchPerson, whichever the reason."""
    person = people_visible_to(user).filter(pk=person_id).first()
    if person is None:
        error = NoSuchPerson("There is no such person, or not one that you look after.")
        error.subject = User.objects.filter(pk=person_id).first()
        raise error
    return person


def may_manage(user: User, person: User) -> bool:
    """Whether this account is his to reset or close: only if he could have given every role it holds.

    Anything less, and a manager of one partner could sign in as the manager of all.
    """
    own = scopes(user, Act.MANAGE_PEOPLE)
    if not own or user.pk == person.pk:
        return False
    return all(may_appoint(own, scope_of(grant)) for grant in grants_not_over(person))


def check_may_manage(user: User, person: User) -> None:
    """Raises NotYourPerson unless may_manage."""
    if not may_manage(user, person):
        raise NotYourPerson("This account is your own, or holds roles beyond yours. Ask the owner's nominee.")


def _not_over() -> Q:
    return Q(withdrawn_at__isnull=True) & (Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now()))
