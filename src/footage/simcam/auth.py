"""Basic and Digest for RTSP, the camera's side (RFC 7616 with MD5 and SHA-256, RFC 7617, RFC 2326 10)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

REALM = "simcam"
_FIELD = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')


class Scheme(StrEnum):
    BASIC = "basic"
    DIGEST = "digest"  # MD5, as most cameras still have it
    DIGEST_SHA256 = "digest-sha256"


HASHES: dict[str, Callable[[bytes], hashlib._Hash]] = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
ALGORITHMS = {Scheme.DIGEST: "MD5", Scheme.DIGEST_SHA256: "SHA-256"}


@dataclass(frozen=True)
class Gate:
    """Who may look. Without a user name everyone may. `schemes` are offered in their order, as cameras with two do."""

    username: str = ""
    password: str = field(default="", repr=False)
    schemes: tuple[Scheme, ...] = (Scheme.DIGEST,)
    qop: bool = False
    nonce: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)

    def challenges(self) -> list[str]:
        """The WWW-Authenticate values of a 401."""
        return [self._challenge(scheme) for scheme in self.schemes]

    def _challenge(self, scheme: Scheme) -> str:
        if scheme is Scheme.BASIC:
            return f'Basic realm="{REALM}"'
        # Cameras with MD5 alone often leave the algorithm out; with SHA-256 they have to name it.
        algorithm = ", algorithm=SHA-256" if scheme is Scheme.DIGEST_SHA256 else ""
        qop = ', qop="auth"' if self.qop else ""
        return f'Digest realm="{REALM}", nonce="{self.nonce}"{algorithm}{qop}'

    def admits(self, method: str, authorization: str) -> bool:
        """Whether an Authorization header is right for a request of this method."""
        if not self.username:
            return True
        kind, _, rest = authorization.partition(" ")
        if kind.lower() == "basic":
            return Scheme.BASIC in self.schemes and self._basic(rest)
        return kind.lower() == "digest" and self._digest(method, rest)

    def _basic(self, value: str) -> bool:
        expected = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
        return hmac.compare_digest(expected.encode(), value.strip().encode())

    def _digest(self, method: str, value: str) -> bool:
        given = {name.lower(): quoted or bare for name, quoted, bare in _FIELD.findall(value)}
        algorithm = given.get("algorithm", "MD5").upper()
        offered = {ALGORITHMS[scheme] for scheme in self.schemes if scheme in ALGORITHMS}
        if algorithm not in offered or given.get("nonce") != self.nonce or given.get("username") != self.username:
            return False
        expected = digest_response(HASHES[algorithm], self.username, self.password, method, given)
        return hmac.compare_digest(expected.encode(), given.get("response", "").lower().encode())


def digest_response(hashed: Callable[[bytes], hashlib._Hash], username: str, password: str, method: str,
                    given: dict[str, str]) -> str:  # fmt: skip
    """The response value of RFC 7616 3.4.1 for the fields of a header, with and without `qop`."""

    def digest(*parts: str) -> str:
        return hashed(":".join(parts).encode()).hexdigest()

    secret = digest(username, REALM, password)
    request = digest(method, given.get("uri", ""))
    nonce = given.get("nonce", "")
    if "qop" in given:
        return digest(secret, nonce, given.get("nc", ""), given.get("cnonce", ""), given["qop"], request)
    return digest(secret, nonce, request)
