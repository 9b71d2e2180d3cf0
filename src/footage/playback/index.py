"""Which fragments a segment has, read once and remembered: a file is walked again only when it has changed.

Bounded by the number of fragments remembered, not of files. Safe from several threads.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from footage.segments.reader import Fragment, scan

#: About 40 MB, and a whole day of one camera.
MOST_FRAGMENTS = 100_000


@dataclass(frozen=True, slots=True)
class FileIndex:
    """What is whole of one segment file. `trouble` says what is wrong after that; empty where nothing is."""

    path: Path
    camera_name: str
    run: int
    sequence: int
    codec: str
    width: int
    height: int
    init: bytes  # ftyp and moov, as recorded
    fragments: tuple[Fragment, ...]
    size_bytes: int
    trouble: str

    @property
    def frames(self) -> int:
        return sum(fragment.samples for fragment in self.fragments)


class IndexCache:
    """Indexes by path, the least lately used forgotten first."""

    def __init__(self, most_fragments: int = MOST_FRAGMENTS) -> None:
        self._most = most_fragments
        self._held: OrderedDict[Path, tuple[tuple[int, int, int], FileIndex]] = OrderedDict()
        self._fragments = 0
        self._lock = threading.Lock()

    def index(self, path: Path) -> FileIndex:
        """The file's index as the file is now. Raises DamagedFootage without a readable start, or OSError."""
        status = path.stat()
        version = (status.st_ino, status.st_size, status.st_mtime_ns)
        with self._lock:
            held = self._held.get(path)
            if held is not None and held[0] == version:
                self._held.move_to_end(path)
                return held[1]
        found = read_index(path)
        with self._lock:
            self._remember(path, version, found)
        return found

    @property
    def fragments_held(self) -> int:
        return self._fragments

    def _remember(self, path: Path, version: tuple[int, int, int], found: FileIndex) -> None:
        self._forget(path)
        self._held[path] = (version, found)
        self._fragments += len(found.fragments)
        while self._fragments > self._most and len(self._held) > 1:
            self._forget(next(iter(self._held)))

    def _forget(self, path: Path) -> None:
        held = self._held.pop(path, None)
        if held is not None:
            self._fragments -= len(held[1].fragments)


def read_index(path: Path) -> FileIndex:
    """Walk a segment's boxes. Raises DamagedFootage without a readable start, or OSError."""
    found = scan(path)
    with path.open("rb") as file:
        init = os.pread(file.fileno(), found.init_size, 0)
    head = found.header
    return FileIndex(
        path=path,
        camera_name=head.name,
        run=head.run,
        sequence=head.sequence,
        codec=head.codec,
        width=head.width,
        height=head.height,
        init=init,
        fragments=found.fragments,
        size_bytes=found.size_bytes,
        trouble=found.trouble,
    )
