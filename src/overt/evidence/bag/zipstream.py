"""A folder as a ZIP, made while it is sent: nothing is compressed, nothing is written to the disk.

Readers that go from the first byte to the last (Java's, some gateways and mail filters) refuse a stored member whose
size stands behind it. So each file is read twice: once for its check sum, which stands before it with its size, and
once to be sent.
"""

from __future__ import annotations

import os
import stat
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from struct import pack

_PIECE = 1024 * 1024
_U16, _U32 = 0xFFFF, 0xFFFFFFFF
_STORED, _UTF8 = 0, 0x800
_MADE_ON_UNIX = 3 << 8
#: The longest file that a FAT32 medium holds; what a ZIP takes beside its files: for each, and at its end.
MOST_BYTES = (1 << 32) - 1
_MEMBER_BYTES, _END_BYTES = 30 + 46 + 2 * 28, 22 + 56 + 20
#: Versions of the format that a reader needs (APPNOTE 4.4.3): plain folders, and sizes of 64 bits.
_PLAIN, _ZIP64 = 20, 45


class Altered(OSError):
    """A file was written to while it was sent: what was promised before it is no longer so."""


@dataclass(frozen=True, slots=True)
class _Member:
    name: bytes
    size: int
    crc: int
    when: tuple[int, int]  # DOS time and date, by the local clock
    mode: int
    offset: int

    @property
    def flags(self) -> int:
        return 0 if self.name.isascii() else _UTF8

    def local(self) -> bytes:
        """The header before the file (APPNOTE 4.3.7), with everything that is known of it."""
        large = self.size >= _U32
        extra = pack("<HHQQ", 1, 16, self.size, self.size) if large else b""
        shown = _U32 if large else self.size
        version = _ZIP64 if large else _PLAIN
        head = (version, self.flags, _STORED, *self.when, self.crc, shown, shown, len(self.name), len(extra))
        return pack("<4s5H3L2H", b"PK\x03\x04", *head) + self.name + extra

    def central(self) -> bytes:
        """The same in the list at the end (4.3.12). Only what does not fit its field stands in the extra field."""
        large, far = self.size >= _U32, self.offset >= _U32
        wide = pack("<QQ", self.size, self.size) if large else b""
        wide += pack("<Q", self.offset) if far else b""
        extra = pack("<HH", 1, len(wide)) + wide if wide else b""
        shown, version = _U32 if large else self.size, _ZIP64 if wide else _PLAIN
        head = (version | _MADE_ON_UNIX, version, self.flags, _STORED, *self.when, self.crc, shown, shown)
        more = (len(self.name), len(extra), 0, 0, 0, self.mode << 16, _U32 if far else self.offset)
        return pack("<4s6H3L5H2L", b"PK\x01\x02", *head, *more) + self.name + extra


def files_of(folder: Path) -> list[Path]:
    """Every file of a folder, in the order in which it is packed."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def parts_of(folder: Path, root: str) -> list[list[Path]]:
    """The files in as few parts as a FAT32 medium needs, each of whole files and less than 4 GiB packed.

    A file that is larger by itself is one part. Unpacked in one place the parts are the folder again.
    """
    parts: list[list[Path]] = [[]]
    left = MOST_BYTES - _END_BYTES
    for path in files_of(folder):
        name = f"{root}/{path.relative_to(folder).as_posix()}".encode()
        needs = path.stat().st_size + _MEMBER_BYTES + 2 * len(name)
        if needs > left and parts[-1]:
            parts.append([])
            left = MOST_BYTES - _END_BYTES
        parts[-1].append(path)
        left -= needs
    return parts


def part_name(reference: str, part: int, parts: int) -> str:
    """`JD-7-part-2-of-3.zip`"""
    return f"{reference}-part-{part}-of-{parts}.zip"


def zip_pieces(folder: Path, root: str, files: Sequence[Path] | None = None) -> Iterator[bytes]:
    """The ZIP of a folder's files (all, unless some are named), each under `<root>/`.

    ZIP64 where something is past 4 GiB or 65,535 files. Raises Altered, and ends short, where a file changes meanwhile.
    """
    offset, members = 0, []
    for path in files_of(folder) if files is None else files:
        with path.open("rb") as source:
            member = _member(source.fileno(), f"{root}/{path.relative_to(folder).as_posix()}", offset)
            members.append(member)
            yield member.local()
            yield from _content(source.fileno(), member)
        offset += len(member.local()) + member.size
    listed = b"".join(member.central() for member in members)
    yield listed + _end(len(members), len(listed), offset)


def _member(descriptor: int, name: str, offset: int) -> _Member:
    size, crc = 0, 0
    while piece := os.pread(descriptor, _PIECE, size):
        size, crc = size + len(piece), zlib.crc32(piece, crc)
    status = os.fstat(descriptor)
    at = time.localtime(max(status.st_mtime, 315_532_800 + 86_400))  # the format knows no time before 1980
    when = (at.tm_hour << 11 | at.tm_min << 5 | at.tm_sec // 2, at.tm_year - 1980 << 9 | at.tm_mon << 5 | at.tm_mday)
    return _Member(name.encode(), size, crc, when, stat.S_IFREG | stat.S_IMODE(status.st_mode), offset)


def _content(descriptor: int, member: _Member) -> Iterator[bytes]:
    at, crc = 0, 0
    while piece := os.pread(descriptor, min(_PIECE, member.size - at), at) if at < member.size else b"":
        at, crc = at + len(piece), zlib.crc32(piece, crc)
        yield piece
    if (at, crc) != (member.size, member.crc):
        raise Altered(f"{member.name.decode()} changed while it was sent.")


def _end(count: int, size: int, offset: int) -> bytes:
    """The end of the list (4.3.14 to 4.3.16)."""
    wide = b""
    if count >= _U16 or size >= _U32 or offset >= _U32:
        versions = (_ZIP64 | _MADE_ON_UNIX, _ZIP64)
        wide = pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, *versions, 0, 0, count, count, size, offset)
        wide += pack("<4sLQL", b"PK\x06\x07", 0, offset + size, 1)
    count, size, offset = min(count, _U16), min(size, _U32), min(offset, _U32)
    return wide + pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, size, offset, 0)
