"""Keys of this installation, made at first use in its secrets folder (mode 0600)."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet
from django.conf import settings

from overt.shared.secrets import folder_secret


def ticket_key() -> bytes:
    """The key that signs addresses of video bytes; shared by the pages and the gateway of one web process."""
    return sha256(folder_secret("OVERT_TICKET_KEY", Path(settings.SECRETS) / "ticket.key").encode()).digest()


def fernet_key(name: str) -> bytes:
    """A Fernet key kept in `<secrets>/<name>`; raises OSError when it can be neither read nor made."""
    path = Path(settings.SECRETS) / name
    return folder_secret("", path, make=lambda: Fernet.generate_key().decode()).encode()


def node_key() -> bytes:
    """The key that seals camera credentials in the node's journal."""
    return fernet_key("node.key")


def camera_key() -> bytes:
    """The key that seals camera credentials in the scheme's records."""
    return fernet_key("camera.key")
