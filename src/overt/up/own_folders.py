"""The installation's folders are their owner's alone: nobody else on the machine lists, reads or plants anything there.

New files are made so by the umask. What an older version or a copy from a backup left open is closed at the start, and
said; a folder that is somebody else's cannot be closed, and stops it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from overt.up.preflight import CannotStart

UMASK = 0o077
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_to_owner() -> None:
    """Whatever this process and its children make from here on is this user's alone."""
    os.umask(UMASK)


def close_folders(folders: Iterable[Path]) -> list[str]:
    """Make each folder 0700 and what lies right inside it closed to others; a sentence for each that was open.

    A folder that is not there is made. Raises CannotStart for one that belongs to somebody else or cannot be changed.
    """
    told = []
    for folder in dict.fromkeys(folders):
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        found = folder.stat()
        if found.st_uid != os.geteuid() and os.geteuid() != 0:
            raise CannotStart(
                f"{folder} belongs to another user of this machine, who could read and change what is kept there. "
                f"Give it to the user that runs Overt: chown -R {os.geteuid()} {folder}"
            )
        was = stat.S_IMODE(found.st_mode)
        if was & _OTHERS:
            _close(folder, was)
            told.append(f"{folder} was open to other users of this machine ({was:04o}); it is its owner's alone now.")
        for inside in folder.iterdir():
            _close_inside(inside)
    return told


def _close_inside(path: Path) -> None:
    mode = path.lstat().st_mode
    if not stat.S_ISLNK(mode) and stat.S_IMODE(mode) & _OTHERS:
        _close(path, stat.S_IMODE(mode))


def _close(path: Path, mode: int) -> None:
    try:
        path.chmod(mode & ~_OTHERS)
    except OSError as error:
        raise CannotStart(
            f"{path} is open to other users of this machine ({mode:04o}) and cannot be closed: {error.strerror}. "
            f"As its owner: chmod go-rwx {path}"
        ) from None
