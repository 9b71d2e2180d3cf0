"""Secrets of one installation, made at first use in a folder only its owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from overt.settings.env import env_secret


def folder_secret(name: str, path: Path) -> str:
    """The secret from the environment, else from its file, else a new one written there (mode 0600)."""
    given = env_secret(name)
    if given:
        return given
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of this start was first
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
