"""API tokens: made once, shown once, kept as a digest."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from overt.accounts import log_actions, rules
from overt.accounts.models import ApiToken
from overt.accounts.rules import TokenScope
from overt.logbook.services import log

if TYPE_CHECKING:
    from overt.accounts.models import User

#: So that a token found in a script or a log can be told for what it is.
_PREFIX = "overt_"
_USED_COARSE = timedelta(minutes=1)


@transaction.atomic
def create_token(
    user: User, name: str, expires_at: datetime, scope: TokenScope = TokenScope.ALL
) -> tuple[ApiToken, str]:
    """A token for this person's scripts and its text, which is not kept. Raises BadToken."""
    now = timezone.now()
    rules.check_token_terms(name, expires_at, now)
    text = _PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user, name=name.strip(), sha256=_digest(text), created_at=now, expires_at=expires_at, scope=scope.value
    )
    facts = log_actions.TokenCreated(expires_at, scope)
    log(log_actions.TOKEN_CREATED, token, by=user, facts=facts, personal={"name": name})
    return token, text


@transaction.atomic
def withdraw_token(token: ApiToken, *, by: User) -> None:
    """The token no longer works; twice is no error."""
    if ApiToken.objects.filter(pk=token.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        log(log_actions.TOKEN_WITHDRAWN, token, by=by, personal={"name": token.name})


def withdraw_each(user: User) -> None:
    """Every token of a person's own that still works, with its entry, inside the caller's act."""
    for token in ApiToken.objects.filter(user=user, withdrawn_at=None, expires_at__gt=timezone.now()):
        withdraw_token(token, by=user)


def withdraw_all(user: User, now: datetime) -> int:
    """Every token of a person, inside the caller's act. Returns how many there were."""
    return ApiToken.objects.filter(user=user, withdrawn_at=None).update(withdrawn_at=now)


def token_in_use(text: str, now: datetime) -> ApiToken | None:
    """The token, if it works now, with its person; the moment is noted, to the minute."""
    token = ApiToken.objects.select_related("user").filter(sha256=_digest(text)).first()
    if token is None or not token.works_at(now) or not token.user.is_active or token.user.must_change_password:
        return None
    if token.last_used_at is None or now - token.last_used_at >= _USED_COARSE:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def tokens_of(user: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=user)


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()
