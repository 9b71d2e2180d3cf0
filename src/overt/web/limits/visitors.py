"""Who may be asking, as far as it can be told without a database: the address, and whether a session was ever given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from overt.shared.client_address import address_behind, network_of
from overt.shared.session_keys import is_ours
from overt.web.limits.asgi import Scope, header


@dataclass(frozen=True, slots=True)
class Visitor:
    """`network` is what one subscriber has; `known` is somebody to whom this installation once gave a session."""

    network: str
    known: bool


@dataclass(frozen=True, slots=True)
class Visitors:
    """Tells visitors apart. `cookie` is the session cookie's name, `secret` the key that marks sessions' keys."""

    cookie: str
    secret: str
    proxies: Sequence[str] = ()

    def of(self, scope: Scope) -> Visitor:
        client = scope.get("client")
        address = address_behind(client[0] if client else "", header(scope, b"x-forwarded-for"), self.proxies)
        return Visitor(network_of(address), self._known(header(scope, b"cookie")))

    def _known(self, cookies: str) -> bool:
        try:
            found = SimpleCookie(cookies).get(self.cookie)
        except CookieError:
            return False
        return found is not None and is_ours(found.value, self.secret)
