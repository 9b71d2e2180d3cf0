"""The disk under a store, watched as a thing: whether what is at its path now is still what was opened there.

A disk may be unmounted, replaced, moved, deleted or made read-only at any moment. Then nothing may be written to what
lies under its name, and nothing may be believed gone because it is not there.
"""

from __future__ import annotations

import os
from pathlib import Path

from footage.catalogue.store import IDENTITY_FILE, StoreMissing, read_identity
from footage.contract import FootageError


class StoreLost(FootageError):
    """The store that was opened is not at its path any more, or cannot be written."""

    code = "store-lost"


class Volume:
    """A store that was opened: its place (device and folder) and its name."""

    def __init__(self, store: Path, store_uuid: str) -> None:
        self._store, self._uuid = store, store_uuid
        self._place = self._now()

    def check_place(self) -> None:
        """Cheap enough for every file. Raises StoreLost where another folder, or none, is at the path."""
        if self._now() != self._place:
            raise StoreLost(f"{self._store} is not the disk that was opened there: it was unmounted, moved or replaced")

    def check(self) -> None:
        """Place, name and whether it can be written. Raises StoreLost with what was found."""
        self.check_place()
        self.check_name()

    def check_name(self) -> None:
        """Whether the store at the path, wherever it is mounted from, is this one. Raises StoreLost."""
        try:
            found = read_identity(self._store).store_uuid
        except StoreMissing:
            raise StoreLost(f"{self._store} has no {IDENTITY_FILE} any more: it was deleted or unmounted") from None
        except (FootageError, OSError) as error:
            raise StoreLost(f"{self._store} cannot be read: {error}") from None
        if found != self._uuid:
            raise StoreLost(f"another store ({found}) is at {self._store} now; {self._uuid} was recorded into")
        if os.statvfs(self._store).f_flag & os.ST_RDONLY:
            raise StoreLost(f"{self._store} was made read-only")

    @property
    def elsewhere(self) -> bool:
        """Whether the path leads to another folder than when it was opened."""
        try:
            return self._now() != self._place
        except StoreLost:
            return True

    def _now(self) -> tuple[int, int]:
        try:
            status = os.stat(self._store)
        except OSError as error:
            raise StoreLost(f"{self._store} is gone: {error.strerror}") from None
        return status.st_dev, status.st_ino
