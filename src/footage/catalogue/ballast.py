"""A file that weighs something, so that a disk which is full to the last byte can still be put in order.

Deleting footage needs a little room itself: the journal notes why before a file goes. Thrown overboard when there is
none, taken aboard again when there is plenty.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

BALLAST_FILE = "ballast"
BALLAST_BYTES = 16 << 20
_NONE_LEFT = 8 << 20
_PLENTY = 20 * BALLAST_BYTES


def throw_out(store: Path) -> bool:
    """Let the ballast go where the disk is full; whether it went. Never fails."""
    with contextlib.suppress(OSError):
        if shutil.disk_usage(store).free < _NONE_LEFT:
            (store / BALLAST_FILE).unlink()
            return True
    return False


def untouched_bytes(total_bytes: int) -> int:
    """What cameras leave free of a disk, whatever else is full: room for the journal to say what goes, and to let go.

    Without it a disk full of held footage could never be put in order. At most the ballast, of a small disk a 32nd.
    """
    return min(BALLAST_BYTES, total_bytes // 32)


def trim(store: Path) -> None:
    """Let the ballast go where the disk is full; take it aboard where there is plenty of room. Never fails."""
    throw_out(store)
    with contextlib.suppress(OSError):
        ballast = store / BALLAST_FILE
        if shutil.disk_usage(store).free > _PLENTY and not ballast.exists():
            _take_aboard(ballast)


def _take_aboard(ballast: Path) -> None:
    descriptor = os.open(ballast, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
    try:
        os.posix_fallocate(descriptor, 0, BALLAST_BYTES)
    finally:
        os.close(descriptor)
