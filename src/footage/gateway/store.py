"""The archive, opened when first asked for: the gateway may start before anything was ever recorded."""

from __future__ import annotations

import threading
from pathlib import Path

from footage.catalogue import Catalogue
from footage.playback.archive import Archive


class LazyArchive:
    """Reads only; it never makes a store. Safe from several threads."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._journal: Catalogue | None = None
        self._archive: Archive | None = None

    def get(self) -> Archive:
        """Raises StoreMissing until there is one, and StoreTooNew or StoreMismatch where it cannot be read."""
        with self._lock:
            if self._journal is not None and self._journal.volume.elsewhere:
                self._journal.close()  # the disk was mounted anew: what is open leads to where it was
                self._journal = self._archive = None
            if self._archive is None or self._journal is None:
                self._journal = Catalogue(self._store, readonly=True)
                self._archive = Archive(self._store, self._journal)
            return self._archive
