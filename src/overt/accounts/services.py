"""Signing in and out, and passwords: one act, one transaction, one logbook entry.

What is done to the account of another person is the room of people's; what it needs of an account stands below.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from overt.accounts import log_actions, rules
from overt.accounts.links import token_of
from overt.accounts.models import User
from overt.accounts.tokens import withdraw_each
from overt.logbook.services import log

_ADDRESSES_NAMED = 20  # of those refused in a minute; more say no more


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
    """Every session that began before now is over, and no API token works any more."""
    end_sessions(user)
    withdraw_each(user)
    log(log_actions.SIGNED_OUT_EVERYWHERE, user, by=user)


@transaction.atomic
def change_password(user: User, password: str) -> None:
    """Set one's own password; every other session and every API token is over. The caller has checked the old one."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    end_sessions(user)
    withdraw_each(user)
    log(log_actions.PASSWORD_CHANGED, user, by=user)


def new_person(username: str, full_name: str) -> User:
    username = username.strip().lower()
    rules.check_username(username)
    rules.check_full_name(full_name)
    if User.objects.filter(username=username).exists():
        raise rules.BadPerson("Somebody already signs in with this name. Choose another.")
    return User(username=username, full_name=full_name.strip())


def set_checked_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise rules.BadPerson(" ".join(error.messages)) from None
    user.set_password(password)


def give_link(user: User, by: User) -> str:
    """No password at all until the person has chosen one; the token of the link by which that is done."""
    user.set_unusable_password()
    user.must_change_password = False
    user.link_made_by = by
    return token_of(user)


def end_sessions(user: User) -> None:
    user.sessions_valid_from = timezone.now()
    user.save(update_fields=["sessions_valid_from"])
