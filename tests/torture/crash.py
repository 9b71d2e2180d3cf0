"""A disk that loses power: from the calls that a program made, the folders that a start may find at any moment.

What was flushed is there. Of the rest anything may be: a write whole, in part (by sectors) or not at all, before or
without one that was made earlier; a file as long as it was to be, and zeros in it; a name made, taken away or moved, or
not, in the order of its folder. A flush of a file says nothing of its name; that of its folder does.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from torture.meddling import Call

SECTOR = 512
#: What is never on a disk by being written: SQLite's index of its log is made anew by whoever opens it.
_IN_MEMORY = "-shm"


@dataclass
class _File:
    """A file's flushed bytes, and what was done to it since: (offset, data), or (size, None) for a cut."""

    flushed: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, bytes | None]] = field(default_factory=list)

    def flush(self) -> None:
        for change in self.since:
            _apply(self.flushed, *change)
        self.since.clear()

    def now(self) -> bytearray:
        """As the program sees it."""
        data = bytearray(self.flushed)
        for change in self.since:
            _apply(data, *change)
        return data

    def after_power_cut(self, chance: random.Random) -> bytearray:
        data, longest = bytearray(self.flushed), len(self.now())
        for offset, change in self.since:
            if (kind := chance.choice(("whole", "torn", "lost"))) == "lost":
                continue
            if kind == "torn" and change is not None:
                change = change[: chance.randrange(len(change) // SECTOR + 1) * SECTOR]
            _apply(data, offset, change)
        if len(data) < longest and chance.random() < 0.5:
            data.extend(bytes(longest - len(data)))  # its length was written before its bytes
        return data


def _apply(data: bytearray, offset: int, change: bytes | None) -> None:
    if change is None:
        del data[offset:]
        data.extend(bytes(offset - len(data)))
    elif change:
        data.extend(bytes(max(0, offset - len(data))))
        data[offset : offset + len(change)] = change


class Disk:
    """The calls taken in one after the other; at any moment, what may be left of them."""

    def __init__(self) -> None:
        self._names: dict[str, _File | None] = {"": None}  # as the program sees them; None is a folder
        self._flushed: dict[str, _File | None] = {"": None}
        self._since: dict[str, list[tuple[str, _File | None, bool]]] = {}  # by folder: (path, what, made or gone)

    def take(self, call: Call) -> None:
        """One more call."""
        if call.error or call.op in ("open", "mark") or call.path.endswith(_IN_MEMORY):
            return
        if not call.path and call.op != "flush":
            return  # the folder itself
        getattr(self, f"_{call.op}")(call)

    def flushed_bytes(self, path: str) -> bytes | None:
        """What of a file is sure to be there, with its name; None where its name is not."""
        file = self._flushed.get(path)
        return bytes(file.flushed) if file is not None and self._folder_is_sure(path) else None

    def unlinked(self, path: str) -> bool:
        return path not in self._names

    def after_power_cut(self, chance: random.Random, into: Path) -> None:
        """Make the folders and files as a start may find them."""
        names = dict(self._flushed)
        for folder, changes in self._since.items():
            if folder in names or folder == "":
                for path, what, made in changes[: chance.choice((0, len(changes), chance.randint(0, len(changes))))]:
                    if made:
                        names[path] = what
                    else:
                        names.pop(path, None)
        into.mkdir(parents=True)
        for path in sorted(names):
            if path and not _reachable(path, names):
                continue
            if (file := names[path]) is None:
                (into / path).mkdir(exist_ok=True)
            else:
                (into / path).write_bytes(file.after_power_cut(chance))

    def _create(self, call: Call) -> None:
        self._add(call.path, _File())

    def _mkdir(self, call: Call) -> None:
        self._add(call.path, None)

    def _write(self, call: Call) -> None:
        self._file(call.path).since.append((call.offset, call.data))

    def _truncate(self, call: Call) -> None:
        self._file(call.path).since.append((call.offset, None))

    def _empty(self, call: Call) -> None:
        self._file(call.path).since.append((0, None))

    def _flush(self, call: Call) -> None:
        file = self._names.get(call.path)
        if file is not None:
            file.flush()
            return
        for path, what, made in self._since.pop(call.path, []):
            if made:
                self._flushed[path] = what
            else:
                self._flushed.pop(path, None)

    def _rename(self, call: Call) -> None:
        file = self._names.pop(call.path, None)
        self._names[call.to] = file
        same = _folder(call.path) == _folder(call.to)
        # Within one folder a rename is one step: the new name is there before the old one is gone.
        self._pending(call.to).append((call.to, file, True))
        self._pending(call.path if not same else call.to).append((call.path, None, False))

    def _unlink(self, call: Call) -> None:
        self._names.pop(call.path, None)
        self._pending(call.path).append((call.path, None, False))

    _rmdir = _unlink

    def _add(self, path: str, what: _File | None) -> None:
        self._names[path] = what
        self._pending(path).append((path, what, True))

    def _pending(self, path: str) -> list[tuple[str, _File | None, bool]]:
        return self._since.setdefault(_folder(path), [])

    def _file(self, path: str) -> _File:
        file = self._names.get(path)
        if file is None:
            file = _File()
            self._add(path, file)
        return file

    def _folder_is_sure(self, path: str) -> bool:
        return _reachable(path, self._flushed)


def _folder(path: str) -> str:
    parent = str(PurePosixPath(path).parent)
    return "" if parent == "." else parent


def _reachable(path: str, names: Mapping[str, object]) -> bool:
    """Whether every folder on the way is there."""
    return all(folder in names for folder in _above(path))


def _above(path: str) -> Iterable[str]:
    while path:
        path = _folder(path)
        yield path
