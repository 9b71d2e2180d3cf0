"""Writes a virtual file out: once with every byte hashed and checked, once by the kernel alone.

One pass reads each source segment whole: its SHA-256 is held against the journal while the wanted fragments go out.
Memory is four blocks of 4 MiB, whatever the length.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from footage.contract import DamagedFootage, DiskFull, Progress, SegmentClosed
from footage.playback.archive import OTHER_HASH, damaged
from footage.playback.hashing import Digests, Lane, Views, each
from footage.playback.virtual import Part, VirtualFile, head_of

_BLOCK = 4 << 20
_BLOCKS = 4
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Written:
    size_bytes: int
    sha256: str
    sha512: str
    chunk_sha256: tuple[str, ...]


class Ring:
    """A few blocks used in turn; one is filled again only when everyone is done with it."""

    def __init__(self) -> None:
        self._blocks = [bytearray(_BLOCK) for _ in range(_BLOCKS)]
        self._users: list[list[Future[None]]] = [[] for _ in range(_BLOCKS)]
        self._at = 0

    def next(self) -> memoryview:
        self._at = (self._at + 1) % _BLOCKS
        settle(self._users[self._at])
        return memoryview(self._blocks[self._at])

    def used_by(self, users: Sequence[Future[None]]) -> None:
        """Whoever reads the block last handed out."""
        self._users[self._at].extend(users)

    def finish(self) -> None:
        for users in self._users:
            settle(users)


def settle(users: list[Future[None]]) -> None:
    wait(users)
    for user in users:
        user.result()
    users.clear()


def write_hashed(
    virtual: VirtualFile, target: Path, sources: Sequence[SegmentClosed], store: Path, progress: Progress | None = None
) -> Written:
    """The virtual file at `target`, flushed to the disk, with its hashes; each source is read once, whole.

    Raises DamagedFootage naming the segment that is not what the journal says, DiskFull, or OSError; the target is
    then removed.
    """
    by_path = {store / source.path: source for source in sources}
    with Digests() as digests, _target(target) as out:
        copy = _Copy(out, digests, progress, virtual.size_bytes)
        for path, group in groupby(virtual.parts, key=lambda part: part.path):
            if path is None:
                copy.write([part.data for part in group if part.data is not None])
            else:
                copy.segment(path, by_path[path], list(group))
        copy.ring.finish()
        out.flush_to_disk()
        return Written(virtual.size_bytes, digests.sha256(), digests.sha512(), digests.chunks())


class _Copy:
    def __init__(self, out: _Out, digests: Digests, progress: Progress | None, total: int) -> None:
        self._out, self._digests, self._progress, self._total = out, digests, progress, total
        self._done = 0
        self.ring = Ring()

    def write(self, views: Views) -> None:
        """Views of the ring's present block, or bytes of their own."""
        if views:
            users = self._digests.feed(views)
            self.ring.used_by(users)
            self._out.write(views)
            self._done += sum(map(len, views))
            if self._progress is not None:
                self._progress(self._done, self._total)

    def segment(self, path: Path, source: SegmentClosed, parts: Sequence[Part]) -> None:
        """Read a whole segment, write the wanted parts of it, and hold its hash against the journal."""
        digest = hashlib.sha256()
        lane = Lane(each(digest))
        try:
            with _Source(path, source) as file:
                heads = {part.offset: file.head(part) for part in parts if part.sequence is not None}
                self._stream(file, parts, heads, lane)
            self.ring.finish()
        finally:
            lane.close()
        if digest.hexdigest() != source.sha256:
            raise damaged(source, OTHER_HASH)

    def _stream(self, file: _Source, parts: Sequence[Part], heads: dict[int, bytes], lane: Lane) -> None:
        at, todo = 0, list(parts)
        while size := file.fill(block := self.ring.next()):
            self.ring.used_by([lane.feed([block[:size]])])
            self.write(list(_wanted(block[:size], at, todo, heads)))
            at += size


class _Source:
    """A segment being read. That it cannot be is damage, and never looks like trouble with the copy."""

    def __init__(self, path: Path, source: SegmentClosed) -> None:
        self._source = source
        with self._reading():
            self._file = path.open("rb", buffering=0)

    def __enter__(self) -> _Source:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def fill(self, block: memoryview) -> int:
        with self._reading():
            return self._file.readinto(block) or 0

    def head(self, part: Part) -> bytes:
        with self._reading():
            return _head(self._file.fileno(), part)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise damaged(self._source, f"it cannot be read ({error.strerror})") from error


def _wanted(block: memoryview, at: int, todo: list[Part], heads: dict[int, bytes]) -> Iterator[bytes | memoryview]:
    """What of this block goes out; parts that are done with leave `todo`."""
    end = at + len(block)
    while todo and todo[0].offset < end:
        part = todo[0]
        part_end = part.offset + part.source_bytes
        if part.sequence is None:
            yield block[max(part.offset - at, 0) : part_end - at]
        elif part.offset >= at:
            yield heads[part.offset]  # whole, with its times rewritten
        if part_end > end:
            return
        todo.pop(0)


def _head(descriptor: int, part: Part) -> bytes:
    data = os.pread(descriptor, part.head_bytes, part.offset)
    if len(data) != part.head_bytes:
        raise DamagedFootage("A segment is shorter than it was.")
    return head_of(part, data)


class _Out:
    """A file being written. Out of room is one error, wherever it comes from."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)

    def write(self, views: Views) -> None:
        left = [memoryview(view) for view in views]
        while left:
            written = os.writev(self._descriptor, left[:256])
            while left and written >= len(left[0]):
                written -= len(left.pop(0))
            if written:
                left[0] = left[0][written:]

    def copy(self, source: int, offset: int, size: int) -> None:
        """By the kernel, and shared with the source where the file system can."""
        while size:
            try:
                done = os.copy_file_range(source, self._descriptor, size, offset)
            except OSError as error:
                if error.errno not in (errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP):
                    raise
                done = os.sendfile(self._descriptor, source, offset, size)
            if not done:
                raise DamagedFootage("A segment is shorter than it was.")
            offset, size = offset + done, size - done

    def flush_to_disk(self) -> None:
        os.fsync(self._descriptor)

    def close(self) -> None:
        os.close(self._descriptor)


class _target:
    """The output file; removed, and DiskFull raised for lack of room, where writing it fails."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> _Out:
        self._out = _Out(self._path)
        return self._out

    def __exit__(self, kind: object, error: BaseException | None, tb: object) -> None:
        self._out.close()
        if error is None:
            return
        self._path.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise DiskFull(f"There is no room left for the clip in {self._path.parent}.") from error


def write_plain(virtual: VirtualFile, target: Path) -> None:
    """The virtual file at `target`, its pictures copied by the kernel: nothing is hashed or checked.

    Raises DamagedFootage where a segment is shorter than it was, DiskFull, or OSError; the target is then removed.
    """
    with _target(target) as out:
        for path, group in groupby(virtual.parts, key=lambda part: part.path):
            if path is None:
                out.write([part.data for part in group if part.data is not None])
                continue
            with path.open("rb", buffering=0) as file:
                for part in group:
                    if part.sequence is not None:
                        out.write([_head(file.fileno(), part)])
                    else:
                        out.copy(file.fileno(), part.offset, part.size)
        out.flush_to_disk()
