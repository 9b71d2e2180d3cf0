"""How a script or a page signs its API calls: a bearer token, or the browser's session with its CSRF token."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer, SessionAuth

from overt.accounts.models import User
from overt.accounts.rules import TokenOnlyReads, TokenScope
from overt.accounts.tokens import token_in_use


class BearerToken(HttpBearer):
    """`Authorization: Bearer overt_...`; from here on request.user is the token's person."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        found = token_in_use(token, timezone.now())
        if found is None:
            return None
        if found.scope == TokenScope.READ and request.method not in ("GET", "HEAD"):
            raise TokenOnlyReads("This token only reads. Make one that may do everything you may.")
        request.user = found.user
        return found.user


#: For every router; tried in this order.
API_AUTH = [BearerToken(), SessionAuth(csrf=True)]
#: For what an open page asks in the name of whoever sits before it: no token may.
PAGE_AUTH = [SessionAuth(csrf=True)]
