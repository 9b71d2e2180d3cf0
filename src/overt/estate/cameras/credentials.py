"""Camera credentials at rest: encrypted with a key of this installation, opened only on their way to the recorder."""

from __future__ import annotations

import json

from cryptography.fernet import Fernet, InvalidToken

from overt.shared.errors import OvertError
from overt.shared.keys import camera_key


class CredentialsUnreadable(OvertError):
    """The stored credentials were encrypted with another key, or changed."""

    code = "credentials-unreadable"
    status = 500


def encrypt(username: str, password: str) -> bytes | None:
    """Encrypted bytes for the row; None where there is nothing to keep."""
    if not username and not password:
        return None
    return Fernet(camera_key()).encrypt(json.dumps([username, password]).encode())


def decrypt(stored: bytes | memoryview | None) -> tuple[str, str]:
    """User name and password; two empty ones for None. Raises CredentialsUnreadable."""
    if stored is None:
        return "", ""
    try:
        username, password = json.loads(Fernet(camera_key()).decrypt(bytes(stored)))
    except InvalidToken:
        raise CredentialsUnreadable(
            "The camera's stored user name and password cannot be read. Give them again."
        ) from None
    return str(username), str(password)
