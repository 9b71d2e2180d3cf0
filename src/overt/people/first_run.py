"""The first person of an installation, made by whoever holds the token that was printed at its first start."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from overt.access.duties import FIRST_PERSON_DAYS
from overt.access.rules import Role
from overt.access.services import write_grant
from overt.accounts.models import User, somebody_is_here
from overt.accounts.services import new_person, set_checked_password
from overt.logbook.services import log
from overt.people.errors import FirstRunOver
from overt.people.log_actions import FIRST_PERSON_MADE
from overt.shared.secrets import folder_secret


def first_run_token() -> str | None:
    """The one-time token that makes the first person, kept in the secrets folder; None once somebody is here."""
    if somebody_is_here():
        _first_run_file().unlink(missing_ok=True)
        return None
    return folder_secret("", _first_run_file())


def check_first_run(token: str) -> None:
    """Raises FirstRunOver unless nobody is here yet and this is the token."""
    kept = first_run_token()
    if kept is None or not secrets.compare_digest(kept.encode(), token.encode("utf-8", "replace")):
        raise FirstRunOver("This address has done its work, or its token is not the one that was printed.")


@transaction.atomic
def make_first_person(token: str, username: str, full_name: str, password: str) -> User:
    """The first person, by the token, which dies with this act: the owner's nominee, and for a month the manager.

    The two roles must part (access.duties): by then somebody else has to be the manager.
    """
    check_first_run(token)
    user = new_person(username, full_name)
    set_checked_password(user, password)
    user.save()
    log(FIRST_PERSON_MADE, user, by=user)
    now, why = timezone.now(), "The first person of this installation"
    write_grant(user, Role.OWNER_NOMINEE, by=user, reason=why, starts_at=now)
    ends = now + timedelta(days=FIRST_PERSON_DAYS)
    write_grant(user, Role.MANAGER, by=user, reason=why, starts_at=now, ends_at=ends)
    # The file goes last: of two who race, the second finds it gone and is rolled back whole.
    try:
        _first_run_file().unlink()
    except FileNotFoundError:
        raise FirstRunOver("Somebody else was made first.") from None
    return user


def _first_run_file() -> Path:
    return Path(settings.SECRETS) / "first-run.token"
