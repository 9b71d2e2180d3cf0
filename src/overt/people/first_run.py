"""The first person of an installation, made by whoever holds the token that was printed at its first start."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

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
    """The first person: manager and owner's nominee over everything, by the token, which dies with this act."""
    check_first_run(token)
    user = new_person(username, full_name)
    set_checked_password(user, password)
    user.save()
    log(FIRST_PERSON_MADE, user, by=user)
    for role in (Role.MANAGER, Role.OWNER_NOMINEE):
        write_grant(user, role, by=user, reason="The first person of this installation", starts_at=timezone.now())
    # The file goes last: of two who race, the second finds it gone and is rolled back whole.
    try:
        _first_run_file().unlink()
    except FileNotFoundError:
        raise FirstRunOver("Somebody else was made first.") from None
    return user


def _first_run_file() -> Path:
    return Path(settings.SECRETS) / "first-run.token"
