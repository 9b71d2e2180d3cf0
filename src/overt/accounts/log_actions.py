"""What this room writes into the logbook. The person is its subject: personal content, and so no fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from overt.accounts.rules import SessionEnd, TokenScope
from overt.logbook.actions import action


@dataclass(frozen=True, slots=True)
class SignInFailed:
    locked: bool


@dataclass(frozen=True, slots=True)
class LockedOut:
    failures: int


@dataclass(frozen=True, slots=True)
class SignInsRefused:
    """How often sign-ins were refused unread within a minute, and from how many addresses."""

    tries: int
    addresses: int


@dataclass(frozen=True, slots=True)
class SessionEnded:
    cause: SessionEnd


@dataclass(frozen=True, slots=True)
class TokenCreated:
    until: datetime
    scope: TokenScope | None = None  # entries of before say none: it was all


SIGNED_IN = action("accounts.signed_in", "Signed in")
SIGN_IN_FAILED = action(
    "accounts.sign_in.failed", "Sign-in failed", SignInFailed, line="[{locked:locked out by then|}]"
)
LOCKED_OUT = action(
    "accounts.locked_out", "Locked out after failed sign-ins", LockedOut, line="{failures:count failure}"
)
SIGN_INS_REFUSED = action(
    "accounts.sign_ins.refused",
    "Sign-ins refused after too many failures",
    SignInsRefused,
    line="{tries:count try/tries} within a minute, from {addresses:count address/addresses}",
)
SIGNED_OUT = action("accounts.signed_out", "Signed out")
SIGNED_OUT_EVERYWHERE = action("accounts.signed_out_everywhere", "Signed out everywhere")
SESSION_ENDED = action("accounts.session.ended", "Session ended", SessionEnded, line="{cause:words}")
PASSWORD_CHANGED = action("accounts.password.changed", "Password changed")
PASSWORD_CHOSEN = action("accounts.password.chosen", "Password chosen by a one-time link")
TOKEN_CREATED = action(
    "accounts.token.created", "API token created", TokenCreated, line="until {until}[, scope: {scope}]"
)
TOKEN_WITHDRAWN = action("accounts.token.withdrawn", "API token withdrawn")
