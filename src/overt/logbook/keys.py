"""The logbook's own signing key: made at first use, kept beside the other secrets, never in the database.

When it is changed (see change_key.py) the old one lies aside until the change is committed, and is then destroyed.
"""

from __future__ import annotations

import os
import secrets
import time
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from overt.logbook.models import KeySuccession
from overt.logbook.notes import verifier_key
from overt.logbook.succession import KnownKey, follow_back, is_named_last
from overt.shared.secrets import folder_secret

#: A change of key takes a moment; what is older was cut off.
CUT_OFF_AFTER = 60.0


def signing_key() -> Ed25519PrivateKey:
    """The key of SECRETS/logbook.key: 32 bytes in base64. Raises ValueError where the file holds something else."""
    _settle()
    seed = folder_secret("", _file(), lambda: b64encode(secrets.token_bytes(32)).decode())
    return Ed25519PrivateKey.from_private_bytes(b64decode(seed))


def public_key() -> bytes:
    return signing_key().public_key().public_bytes_raw()


def own_verifier_key(origin: str) -> str:
    """The line to hand to inspectors and partners at the first visit."""
    return verifier_key(origin, public_key())


def known_keys(origin: str) -> list[KnownKey]:
    """The present key and those before it, newest first, as far back as each names the one before."""
    return follow_back(origin, public_key(), KeySuccession.objects.order_by("-size").values_list("note", flat=True))


def put_in_place(new: Ed25519PrivateKey) -> None:
    """Make this the key; the old one lies aside, for `take_back` or `let_go`."""
    os.replace(_file(), _aside())
    os.utime(_aside())
    folder_secret("", _file(), lambda: b64encode(new.private_bytes_raw()).decode())


def take_back() -> None:
    """The change did not come to be: the old key is the key again."""
    os.replace(_aside(), _file())


def let_go() -> None:
    """The change is committed: nobody signs with the old key any more."""
    _aside().unlink(missing_ok=True)


def _settle() -> None:
    """Finish, or take back, a change of key that was cut off: the database says which it was."""
    try:
        if time.time() - _aside().stat().st_mtime < CUT_OFF_AFTER:
            return
    except FileNotFoundError:
        return
    new = Ed25519PrivateKey.from_private_bytes(b64decode(_file().read_text(encoding="ascii")))
    if is_named_last(new.public_key().public_bytes_raw()):
        let_go()
    else:
        take_back()


def _file() -> Path:
    return Path(settings.SECRETS) / "logbook.key"


def _aside() -> Path:
    return Path(settings.SECRETS) / "logbook.key.old"
