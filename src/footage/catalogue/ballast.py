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


def throw_out(store: Path) -> None:
    """Let the ballast go where the disk is full. Never fails."""
    with contextlib.suppress(OSError):
        if shutil.disk_usage(store).free < _NONE_LEFT:
            (store / BALLAST_FILE).unlink(missing_ok=True)


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
