"""The logbook's own signing key: made at first use, kept beside the other secrets, never in the database."""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from overt.logbook.notes import verifier_key
from overt.shared.secrets import folder_secret


def signing_key() -> Ed25519PrivateKey:
    """The key of SECRETS/logbook.key: 32 bytes in base64. Raises ValueError where the file holds something else."""
    seed = folder_secret("", settings.SECRETS / "logbook.key", lambda: b64encode(secrets.token_bytes(32)).decode())
    return Ed25519PrivateKey.from_private_bytes(b64decode(seed))


def public_key() -> bytes:
    return signing_key().public_key().public_bytes_raw()


def own_verifier_key(origin: str) -> str:
    """The line to hand to inspectors and partners at the first visit."""
    return verifier_key(origin, public_key())
