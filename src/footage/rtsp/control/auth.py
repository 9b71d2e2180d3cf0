"""Answers a camera's challenge: Basic and Digest (MD5, SHA-256, SHA-512/256). Source: RFC 7617, RFC 7616, RFC 2069."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

_MAX_CHALLENGE_CHARACTERS = 4096
#: A word, and what stands behind an equals sign; a quotation that never ends goes to the end of the header.
_PART = re.compile(r'\s*(?:([A-Za-z][\w-]*)(?:\s*=\s*("(?:[^"\\]|\\.)*(?:"|$)|[^\s,"]*))?)\s*(,?)')
#: Schemes that may stand in a list without parameters. Any other lone word there is a part of a list without quotes.
_SCHEMES = frozenset({"basic", "digest", "negotiate", "ntlm", "bearer"})
_HASHES: Mapping[str, Callable[[bytes], hashlib._Hash]] = {
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False),
    "SHA-256": hashlib.sha256,
    "SHA-512-256": lambda data: hashlib.new("sha512_256", data),
}
_ORDER = ("SHA-512-256", "SHA-512-256-SESS", "SHA-256", "SHA-256-SESS", "MD5", "MD5-SESS")
#: Spellings seen in the field.
_SPELT = {"": "MD5", "SHA256": "SHA-256", "SHA-512/256": "SHA-512-256"}


@dataclass(frozen=True, slots=True)
class Challenge:
    """One way in that a camera offers: the scheme in lower case and its parameters."""

    scheme: str
    fields: Mapping[str, str]

    @property
    def algorithm(self) -> str:
        """Of a Digest; one that names none means MD5 (RFC 2617, 3.2.1)."""
        named = self.fields.get("algorithm", "").strip().upper()
        return _SPELT.get(named, named)

    @property
    def asks_for_qop(self) -> bool:
        """Whether the answer has to carry a count and a nonce of our own. An empty qop is none (RFC 2069)."""
        return bool(self.fields.get("qop", "").strip())

    @property
    def stale(self) -> bool:
        """Whether the answer was right and only its nonce too old. Basic has no nonce, whatever a camera says."""
        return self.scheme == "digest" and self.fields.get("stale", "").lower() == "true"


def challenges(values: Iterable[str]) -> list[Challenge]:
    """What WWW-Authenticate headers offer; several may stand in one header. What cannot be read is left out."""
    found: list[tuple[str, dict[str, str]]] = []
    for value in values:
        for part in _PART.finditer(value[:_MAX_CHALLENGE_CHARACTERS]):
            name, told = part[1], part[2]
            if told is None:
                if name.lower() in _SCHEMES or not part[3]:
                    found.append((name.lower(), {}))
            elif found:
                found[-1][1].setdefault(name.lower(), _unquoted(told))
    return [Challenge(scheme, fields) for scheme, fields in found]


class Credentials:
    """Proves who we are to one camera, in answer to one challenge; keeps count of how often its nonce was used."""

    def __init__(self, challenge: Challenge, username: str, password: str) -> None:
        self.challenge = challenge
        self.accepted = False  # the camera has let us in with these
        self._username, self._password = username, password
        self._uses = 0
        self._cnonce = secrets.token_hex(8)

    def header(self, method: str, url: str) -> str:
        """The Authorization header for a request."""
        if self.challenge.scheme == "basic":
            pair = f"{self._username}:{self._password}".encode("utf-8", "surrogateescape")
            return "Basic " + base64.b64encode(pair).decode()
        return self._digest(method, url)

    def _digest(self, method: str, url: str) -> str:
        fields, algorithm = self.challenge.fields, self.challenge.algorithm
        realm, nonce = fields.get("realm", ""), fields.get("nonce", "")
        digest = _HASHES[algorithm.removesuffix("-SESS")]

        def hashed(*parts: str) -> str:
            # A realm that is no UTF-8 goes back, and into the hash, as the bytes that came.
            return digest(":".join(parts).encode("utf-8", "surrogateescape")).hexdigest()

        secret = hashed(self._username, realm, self._password)
        if algorithm.endswith("-SESS"):
            secret = hashed(secret, nonce, self._cnonce)
        told = {"username": self._username, "realm": realm, "nonce": nonce, "uri": url}
        plain: dict[str, str] = {}
        if self.challenge.asks_for_qop or algorithm.endswith("-SESS"):
            self._uses += 1
            told["cnonce"] = self._cnonce
        if self.challenge.asks_for_qop:
            plain = {"qop": "auth", "nc": f"{self._uses:08x}"}
            told["response"] = hashed(secret, nonce, plain["nc"], self._cnonce, "auth", hashed(method, url))
        else:
            told["response"] = hashed(secret, nonce, hashed(method, url))
        if "opaque" in fields:
            told["opaque"] = fields["opaque"]
        if "algorithm" in fields:
            plain["algorithm"] = fields["algorithm"]
        listed = [f"{name}={_quoted(value)}" for name, value in told.items()]
        return "Digest " + ", ".join(listed + [f"{name}={value}" for name, value in plain.items()])


def strongest(offered: Iterable[Challenge]) -> Challenge | None:
    """The best of the challenges that can be answered: SHA-512/256 before SHA-256 before MD5. None if there is none.

    Basic only where no Digest is offered, not even one that cannot be answered: else whoever stands in between would
    get the password by offering a Digest that nobody knows.
    """
    listed = list(offered)
    digests = [one for one in listed if one.scheme == "digest"]
    if digests:
        known = [one for one in digests if _answerable(one)]
        return min(known, key=lambda one: _ORDER.index(one.algorithm), default=None)
    return next((one for one in listed if one.scheme == "basic"), None)


def _answerable(challenge: Challenge) -> bool:
    qop = [choice.strip().lower() for choice in challenge.fields.get("qop", "").split(",")]
    return (
        challenge.algorithm in _ORDER
        and ("auth" in qop or not challenge.asks_for_qop)
        and "nonce" in challenge.fields  # which may be empty: RFC 2617, 3.2.1 leaves its content to the camera
    )


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text
    return re.sub(r"\\(.)", r"\1", text[1:].removesuffix('"'))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
