"""One segment being written: bytes, digest and size grow together, and only whole fragments count.

Runs in a disk thread. Does not write rows; see disk.py.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from footage.catalogue.segments import usual_path
from footage.catalogue.store import sync_folder
from footage.contract import SegmentClosed
from footage.segments.check import new_digest, with_checks
from footage.segments.header import SegmentHeader

_MOST_AT_ONCE = 256  # pieces that one call writes


def free_path(store: Path, header: SegmentHeader) -> str:
    """The usual name for the segment, or one beside it: nothing that is there is ever written over."""
    usual = PurePosixPath(usual_path(header.camera_id, header.start_90k))
    path, again = usual, 1
    while (store / path).exists():
        again += 1
        path = usual.with_name(f"{usual.stem}-{again}.mp4")
    return str(path)


class SegmentFile:
    """The file of one segment. Every method may raise OSError; what was whole before stays whole."""

    def __init__(self, store: Path, path: str, header: SegmentHeader) -> None:
        self._store, self._path, self.header = store, path, header
        full = store / path
        _make_folders(full.parent)
        self._descriptor = os.open(full, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
        self._digest = new_digest()
        self._size = 0
        self.frames = 0
        self.end_90k = header.start_90k

    def append(self, fragments: Sequence[bytes], frames: int, end_90k: int) -> None:
        """Write and flush whole fragments in one go, each with its check (the first with the file's beginning)."""
        digest = self._digest.copy()
        pieces = list(with_checks(fragments, digest))
        try:
            _write_all(self._descriptor, pieces)
            os.fdatasync(self._descriptor)
        except OSError:
            self._cut_back()
            raise
        if self._size == 0:
            sync_folder((self._store / self._path).parent)
        self._digest = digest
        self._size += sum(map(len, pieces))
        self.frames += frames
        self.end_90k = end_90k

    def close(self) -> SegmentClosed | None:
        """Flush file and folder, and say what was made; None, and no file, where nothing whole was written.

        Source: BASS-9.1.b (hashed when it is written).
        """
        full = self._store / self._path
        try:
            if self._size == 0:
                full.unlink(missing_ok=True)
                return None
            os.fsync(self._descriptor)
        finally:
            os.close(self._descriptor)
        sync_folder(full.parent)
        header = self.header
        return SegmentClosed(
            camera_id=header.camera_id,
            run=header.run,
            sequence=header.sequence,
            start_90k=header.start_90k,
            end_90k=self.end_90k,
            path=self._path,
            size_bytes=self._size,
            sha256=self._digest.hexdigest(),
            frames=self.frames,
            codec=header.codec,
            width=header.width,
            height=header.height,
        )

    def _cut_back(self) -> None:
        """Take a half-written fragment away again; if even that fails, the next start does it."""
        with contextlib.suppress(OSError):
            os.ftruncate(self._descriptor, self._size)
            os.lseek(self._descriptor, self._size, os.SEEK_SET)


def _write_all(descriptor: int, pieces: Sequence[bytes]) -> None:
    left = [memoryview(piece) for piece in pieces]
    while left:
        written = os.writev(descriptor, left[:_MOST_AT_ONCE])
        while left and written >= len(left[0]):
            written -= len(left.pop(0))
        if written:
            left[0] = left[0][written:]


def _make_folders(folder: Path) -> None:
    """Make the folder, and flush each parent that got a new name: a file in a lost folder is lost."""
    made = []
    at = folder
    while not at.exists():
        made.append(at)
        at = at.parent
    folder.mkdir(parents=True, exist_ok=True)
    for new in made:
        sync_folder(new.parent)
