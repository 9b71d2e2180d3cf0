"""Looking after people: one act, one transaction, one logbook entry."""

from __future__ import annotations

from axes.utils import reset as unlock
from django.db import transaction
from django.utils import timezone

from overt.accounts.models import User
from overt.accounts.rules import BadPerson
from overt.accounts.services import end_sessions, give_link, new_person
from overt.accounts.tokens import withdraw_all
from overt.logbook.services import log
from overt.people import log_actions
from overt.people.queries import check_may_manage


@transaction.atomic
def add_person(username: str, full_name: str, *, by: User) -> tuple[User, str]:
    """Somebody new, without any role, and the token of the one-time link to hand over. Raises BadPerson."""
    user = new_person(username, full_name)
    token = give_link(user, by)
    user.save()
    log(log_actions.PERSON_ADDED, user, by=by, personal={"sign_in_name": user.username})
    return user, token


@transaction.atomic
def reset_password(person: User, *, by: User, reason: str) -> str:
    """The token of a one-time link, told once; sessions and API tokens end. Raises NotYourPerson or BadPerson."""
    person = _managed(person, by, reason)
    token = give_link(person, by)
    person.save(update_fields=["password", "must_change_password", "link_made_by"])
    end_sessions(person)
    unlock(username=person.username)  # whoever asked for this has very likely locked himself out
    withdrawn = withdraw_all(person, timezone.now())
    facts = log_actions.PasswordReset(withdrawn)
    log(log_actions.PASSWORD_RESET, person, by=by, reason=reason.strip(), facts=facts)
    return token


@transaction.atomic
def mark_left(person: User, *, by: User, reason: str) -> None:
    """The person can no longer sign in; what was done stays under the name. Raises NotYourPerson or BadPerson."""
    person = _managed(person, by, reason)
    if not person.is_active:
        return
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(person)
    withdraw_all(person, timezone.now())
    log(log_actions.PERSON_LEFT, person, by=by, reason=reason.strip())


@transaction.atomic
def suspend(person: User, *, by: User, reason: str, breach: int) -> None:
    """Nothing opens for the person any more, at once, until somebody opens the account again.

    Raises NotYourPerson or BadPerson; twice is no error. Source: BASS-6.3.c.
    """
    person = _managed(person, by, reason)
    if not person.is_active:
        return
    person.is_active, person.suspended_at = False, timezone.now()
    person.save(update_fields=["is_active", "suspended_at"])
    end_sessions(person)
    withdrawn = withdraw_all(person, timezone.now())
    facts = log_actions.Suspended(breach, withdrawn)
    log(log_actions.PERSON_SUSPENDED, person, by=by, reason=reason.strip(), facts=facts)


@transaction.atomic
def mark_returned(person: User, *, by: User, reason: str) -> str:
    """The person may sign in again, by a one-time link whose token is given. Raises NotYourPerson or BadPerson."""
    person = _managed(person, by, reason)
    if person.is_active:
        raise BadPerson("This person has not left.")
    person.is_active, person.suspended_at = True, None
    token = give_link(person, by)
    fields = ["is_active", "suspended_at", "password", "must_change_password", "link_made_by"]
    person.save(update_fields=fields)
    log(log_actions.PERSON_RETURNED, person, by=by, reason=reason.strip())
    return token


def _managed(person: User, by: User, reason: str) -> User:
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    check_may_manage(by, person)
    if not reason.strip():
        raise BadPerson("Say why: the reason goes into the logbook.")
    return person
