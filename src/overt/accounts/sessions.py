"""When a session began and was last used, kept in the session itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.management import call_command

from overt.accounts.rules import SessionEnd, session_end

if TYPE_CHECKING:
    from overt.accounts.models import User

_BEGAN, _SEEN = "began", "seen"
#: `seen` is written at most once a minute, so that a page that asks every second costs no row each time.
_COARSE_SECONDS = 60


def begin(session: SessionBase, now: datetime) -> None:
    """Mark the start of a session: at sign-in, and again for the one that stays after a sign-out everywhere."""
    session[_BEGAN] = session[_SEEN] = now.timestamp()


def touch(session: SessionBase, now: datetime) -> None:
    if now.timestamp() - session.get(_SEEN, 0.0) >= _COARSE_SECONDS:
        session[_SEEN] = now.timestamp()


def ended(session: SessionBase, user: User, now: datetime) -> SessionEnd | None:
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
