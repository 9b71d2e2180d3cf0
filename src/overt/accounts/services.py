"""Signing in and out, passwords and people: one act, one transaction, one logbook entry."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from axes.utils import reset as unlock
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from overt.access.rules import Role
from overt.access.services import write_grant
from overt.accounts import log_actions, queries, rules
from overt.accounts.models import User
from overt.accounts.tokens import withdraw_all
from overt.logbook.services import log
from overt.shared.secrets import folder_secret

_ADDRESSES_NAMED = 20  # of those refused in a minute; more say no more
_CLEAR_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread when it is read out


@transaction.atomic
def note_sign_in(user: User, address: str) -> None:
    log(log_actions.SIGNED_IN, user, by=user, personal={"address": address})


@transaction.atomic
def note_sign_in_failure(username: str, address: str, *, locked: bool, just_locked: bool) -> None:
    """What was typed as a name is personal: it may be a name, or a password in the wrong place."""
    tried = {"tried_name": username[:80], "address": address}
    log(log_actions.SIGN_IN_FAILED, by=None, facts=log_actions.SignInFailed(locked), personal=tried)
    if just_locked:
        facts = log_actions.LockedOut(settings.AXES_FAILURE_LIMIT)
        log(log_actions.LOCKED_OUT, by=None, facts=facts, personal=tried)


@transaction.atomic
def note_refused_sign_ins(tries: Mapping[str, int]) -> None:
    """What addresses tried beyond their share within a minute, in one entry: `tries` by address."""
    most = sorted(tries, key=lambda address: -tries[address])[:_ADDRESSES_NAMED]
    facts = log_actions.SignInsRefused(sum(tries.values()), len(tries))
    log(log_actions.SIGN_INS_REFUSED, by=None, facts=facts, personal={"address": ", ".join(most)})


@transaction.atomic
def note_sign_out(user: User) -> None:
    log(log_actions.SIGNED_OUT, user, by=user)


@transaction.atomic
def note_session_end(user: User, cause: rules.SessionEnd) -> None:
    log(log_actions.SESSION_ENDED, user, by=user, facts=log_actions.SessionEnded(cause))


@transaction.atomic
def sign_out_everywhere(user: User) -> None:
    """Every session that began before now is over; API tokens go on and are withdrawn one by one."""
    _end_sessions(user)
    log(log_actions.SIGNED_OUT_EVERYWHERE, user, by=user)


@transaction.atomic
def change_password(user: User, password: str) -> None:
    """Set one's own password; every other session is over. The caller has checked the old one."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    _end_sessions(user)
    log(log_actions.PASSWORD_CHANGED, user, by=user)


def first_run_token() -> str | None:
    """The one-time token that makes the first person, kept in the secrets folder; None once somebody is here."""
    if queries.somebody_is_here():
        _first_run_file().unlink(missing_ok=True)
        return None
    return folder_secret("", _first_run_file())


def check_first_run(token: str) -> None:
    """Raises FirstRunOver unless nobody is here yet and this is the token."""
    kept = first_run_token()
    if kept is None or not secrets.compare_digest(kept.encode(), token.encode("utf-8", "replace")):
        raise rules.FirstRunOver("This address has done its work, or its token is not the one that was printed.")


@transaction.atomic
def make_first_person(token: str, username: str, full_name: str, password: str) -> User:
    """The first person: manager and owner's nominee over everything, by the token, which dies with this act."""
    check_first_run(token)
    user = _new_person(username, full_name)
    _set_checked_password(user, password)
    user.save()
    log(log_actions.FIRST_PERSON_MADE, user, by=user)
    for role in (Role.MANAGER, Role.OWNER_NOMINEE):
        write_grant(user, role, by=user, reason="The first person of this installation", starts_at=timezone.now())
    # The file goes last: of two who race, the second finds it gone and is rolled back whole.
    try:
        _first_run_file().unlink()
    except FileNotFoundError:
        raise rules.FirstRunOver("Somebody else was made first.") from None
    return user


@transaction.atomic
def add_person(username: str, full_name: str, *, by: User) -> tuple[User, str]:
    """Somebody new, without any role, and the temporary password to hand over. Raises BadPerson."""
    user = _new_person(username, full_name)
    password = _give_temporary_password(user)
    user.save()
    log(log_actions.PERSON_ADDED, user, by=by, personal={"sign_in_name": user.username})
    return user, password


@transaction.atomic
def reset_password(person: User, *, by: User, reason: str) -> str:
    """A temporary password, told once; sessions and tokens of the person end. Raises NotYourPerson or BadPerson."""
    person = _managed(person, by, reason)
    password = _give_temporary_password(person)
    person.save(update_fields=["password", "must_change_password"])
    _end_sessions(person)
    unlock(username=person.username)  # whoever asked for this has very likely locked himself out
    withdrawn = withdraw_all(person, timezone.now())
    facts = log_actions.PasswordReset(withdrawn)
    log(log_actions.PASSWORD_RESET, person, by=by, reason=reason.strip(), facts=facts)
    return password


@transaction.atomic
def mark_left(person: User, *, by: User, reason: str) -> None:
    """The person can no longer sign in; what was done stays under the name. Raises NotYourPerson or BadPerson."""
    person = _managed(person, by, reason)
    if not person.is_active:
        return
    person.is_active = False
    person.save(update_fields=["is_active"])
    _end_sessions(person)
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
    _end_sessions(person)
    withdrawn = withdraw_all(person, timezone.now())
    facts = log_actions.Suspended(breach, withdrawn)
    log(log_actions.PERSON_SUSPENDED, person, by=by, reason=reason.strip(), facts=facts)


@transaction.atomic
def mark_returned(person: User, *, by: User, reason: str) -> str:
    """The person may sign in again, with a temporary password. Raises NotYourPerson or BadPerson."""
    person = _managed(person, by, reason)
    if person.is_active:
        raise rules.BadPerson("This person has not left.")
    person.is_active, person.suspended_at = True, None
    password = _give_temporary_password(person)
    person.save(update_fields=["is_active", "suspended_at", "password", "must_change_password"])
    log(log_actions.PERSON_RETURNED, person, by=by, reason=reason.strip())
    return password


def _managed(person: User, by: User, reason: str) -> User:
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    queries.check_may_manage(by, person)
    if not reason.strip():
        raise rules.BadPerson("Say why: the reason goes into the logbook.")
    return person


def _new_person(username: str, full_name: str) -> User:
    username = username.strip().lower()
    rules.check_username(username)
    rules.check_full_name(full_name)
    if User.objects.filter(username=username).exists():
        raise rules.BadPerson("Somebody already signs in with this name. Choose another.")
    return User(username=username, full_name=full_name.strip())


def _set_checked_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise rules.BadPerson(" ".join(error.messages)) from None
    user.set_password(password)


def _give_temporary_password(user: User) -> str:
    password = "-".join("".join(secrets.choice(_CLEAR_LETTERS) for _ in range(5)) for _ in range(4))
    user.set_password(password)
    user.must_change_password = True
    return password


def _end_sessions(user: User) -> None:
    user.sessions_valid_from = timezone.now()
    user.save(update_fields=["sessions_valid_from"])


def _first_run_file() -> Path:
    return Path(settings.SECRETS) / "first-run.token"
