"""This installation's exhibit keys, made at first use."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from overt.evidence.bag.keys import SigningKeys, load_keys, make_keys, private_pem
from overt.shared.secrets import folder_secret


def exhibit_keys() -> SigningKeys:
    """The keys of `<secrets>/exhibit-ed25519.pem` and `exhibit-p256.pem` (mode 0600). Raises WrongKey."""
    folder = Path(settings.SECRETS)
    ed25519 = folder_secret("", folder / "exhibit-ed25519.pem", lambda: private_pem(make_keys().ed25519))
    p256 = folder_secret("", folder / "exhibit-p256.pem", lambda: private_pem(make_keys().p256))
    return load_keys(ed25519, p256)
