"""Secrets of one installation, made at first use in a folder only its owner can read."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from overt.shared.env import env_secret


def _random_text() -> str:
    return secrets.token_urlsafe(48)


def folder_secret(name: str, path: Path, make: Callable[[], str] = _random_text) -> str:
    """The secret from the environment (when `name` is given), else from its file, else a new one kept there (0600)."""
    given = env_secret(name) if name else ""
    if given:
        return given
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written whole and then linked into place, so that no other process of this start can read half a secret.
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its secret counts
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
