"""When a session is over, how long a token may live, and what a person's name may be. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum

from overt.shared.errors import BadInput, Refused

#: A token never outlives a year: PROG-4.2.22.a wants authorisations with an end.
TOKEN_LONGEST = timedelta(days=366)
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")


class BadPerson(BadInput):
    """A name that cannot be used, or is taken."""

    code = "bad-person"


class BadToken(BadInput):
    """A token's name or its end cannot be."""

    code = "bad-token"


class TokenOnlyReads(Refused):
    """The token's scope is reading, and this would change something."""

    code = "token-only-reads"


class TokenScope(StrEnum):
    """How much of what its person may do a token may do."""

    READ = "read"  # what is asked with GET
    ALL = "all"


class SessionEnd(StrEnum):
    """Why a session ended without its person signing out."""

    IDLE = "idle"
    AGE = "age"
    EVERYWHERE = "everywhere"  # signed out everywhere, or the password was reset


def session_end(
    *, began: datetime, seen: datetime, valid_from: datetime | None, now: datetime, idle: timedelta, longest: timedelta
) -> SessionEnd | None:
    """Why a session is over, or None while it goes on."""
    if valid_from is not None and began < valid_from:
        return SessionEnd.EVERYWHERE
    if now - seen > idle:
        return SessionEnd.IDLE
    return SessionEnd.AGE if now - began > longest else None


def check_username(username: str) -> None:
    """Raises BadPerson unless it can be typed at a sign-in page anywhere."""
    if not _USERNAME.fullmatch(username):
        raise BadPerson("A sign-in name is a letter and up to 39 more letters, digits, dots, dashes or underscores.")


def check_full_name(full_name: str) -> None:
    """Raises BadPerson for an empty name or one with control characters in it."""
    if not full_name.strip() or not full_name.isprintable() or len(full_name) > 200:
        raise BadPerson("Give the person's name as it should stand in the logbook, in at most 200 characters.")


def check_token_terms(name: str, expires_at: datetime, now: datetime) -> None:
    """Raises BadToken for an empty name or an end that has passed or lies more than a year ahead."""
    if not name.strip() or len(name) > 80:
        raise BadToken("Say what the token is for, in at most 80 characters.")
    if not now < expires_at <= now + TOKEN_LONGEST:
        raise BadToken("The token's last day must lie ahead, and no more than a year from now.")
