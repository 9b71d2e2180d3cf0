"""Keys of sessions: random, with a mark by which this installation knows its own without asking the database.

The mark lets the web process tell, before it does anything for a request, one that may come from somebody who signed in
from one that cannot. It opens nothing: whether a session lives is its row's to say. Pure.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_RANDOM, _MARK = 24, 16  # letters (124 bits), and hexadecimal digits (64 bits)


def new_key(secret: str) -> str:
    """A key that nobody had, with its mark."""
    random = "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM))
    return random + _mark(random, secret)


def is_ours(key: str, secret: str) -> bool:
    """Whether this installation made the key, at some time."""
    if len(key) != _RANDOM + _MARK or not key.isascii():
        return False
    return hmac.compare_digest(key[_RANDOM:], _mark(key[:_RANDOM], secret))


def row_key(key: str) -> str:
    """What is kept of a key in the database: a digest, so that whoever reads the database cannot sign in by it.

    The key is random, so no salt is needed; 35 of the column's 40 characters.
    """
    return "s1_" + sha256(key.encode("utf-8", "replace")).hexdigest()[:32]


def _mark(random: str, secret: str) -> str:
    return hmac.new(b"session key" + secret.encode(), random.encode(), sha256).hexdigest()[:_MARK]
