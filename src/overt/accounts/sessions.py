"""When a session began and was last used, kept in the session itself; and whose session it still is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils.crypto import constant_time_compare

from overt.accounts.models import User
from overt.accounts.rules import SessionEnd, session_end
from overt.accounts.session_store import SessionStore
from overt.shared.session_keys import row_key

_BEGAN, _SEEN = "began", "seen"
#: `seen` is written at most once a minute, so that a page that asks every second costs no row each time.
_COARSE_SECONDS = 60


def begin(session: SessionBase, now: datetime) -> None:
    """Mark the start of a session: at sign-in, and again for the one that stays after a sign-out everywhere."""
    session[_BEGAN] = session[_SEEN] = now.timestamp()


def touch(session: SessionBase, now: datetime) -> None:
    if now.timestamp() - session.get(_SEEN, 0.0) >= _COARSE_SECONDS:
        session[_SEEN] = now.timestamp()


def row_of(session: SessionBase) -> str:
    """The key of a session's row in the database; it opens nothing."""
    return row_key(session.session_key or "")


def in_use(rows: Collection[str], now: datetime) -> dict[str, User]:
    """Of these sessions (by the keys of their rows), those that would still let somebody in, and whom.

    As a request would find it, but nothing is written: the session is there and not over, its person may sign in and
    has the password with which it began.
    """
    found = Session.objects.filter(session_key__in=rows, expire_date__gt=now)
    marks = {session.session_key: SessionStore().decode(session.session_data) for session in found}
    people = _people(marks.values())
    holders = {row: people.get(str(one.get(SESSION_KEY))) for row, one in marks.items()}
    return {row: user for row, user in holders.items() if user is not None and _lets_in(marks[row], user, now)}


def _people(marks: Collection[Mapping[str, Any]]) -> dict[str, User]:
    keys = [UUID(one[SESSION_KEY]) for one in marks if SESSION_KEY in one]
    return {str(user.pk): user for user in User.objects.filter(pk__in=keys, is_active=True)}


def _lets_in(marks: Mapping[str, Any], user: User, now: datetime) -> bool:
    proof = str(marks.get(HASH_SESSION_KEY, ""))
    if user.must_change_password or not constant_time_compare(proof, user.get_session_auth_hash()):
        return False
    return ended(marks, user, now) is None


def ended(session: SessionBase | Mapping[str, Any], user: User, now: datetime) -> SessionEnd | None:
    """Why this person's session is over; one without its marks counts as begun long ago."""
    return session_end(
        began=datetime.fromtimestamp(session.get(_BEGAN, 0.0), UTC),
        seen=datetime.fromtimestamp(session.get(_SEEN, 0.0), UTC),
        valid_from=user.sessions_valid_from,
        now=now,
        idle=settings.SESSION_IDLE,
        longest=datetime.fromtimestamp(settings.SESSION_COOKIE_AGE, UTC) - datetime.fromtimestamp(0, UTC),
    )


def clear_old() -> None:
    """Remove the sessions that are over."""
    call_command("clearsessions")
