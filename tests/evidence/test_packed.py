"""A download opens everywhere: in readers that look at the list at its end, and in those that go from its beginning."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from struct import unpack_from

import pytest

from evidence.making import make_bag, names
from overt.evidence.bag import zipstream
from overt.evidence.bag.zipstream import Altered, zip_pieces

#: Java's own reader from the first byte on: it refuses a stored member whose size stands behind it.
_JAVA = """import java.io.*; import java.util.zip.*;
class Strict { public static void main(String[] a) throws Exception {
  ZipInputStream in = new ZipInputStream(new FileInputStream(a[0]));
  int members = 0; byte[] block = new byte[65536];
  for (ZipEntry one; (one = in.getNextEntry()) != null; members++) while (in.read(block) >= 0) {}
  System.out.println(members);
} }
"""


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bag") / "JD-7"
    make_bag(folder)
    (folder / "data/stills").mkdir()
    (folder / "data/stills/empty é.jpg").write_bytes(b"")
    return folder


def read_strictly(data: bytes) -> dict[str, bytes]:
    """The members from the first byte on, each held to its own header, and the list at the end held to all."""
    at, found, heads = 0, {}, []
    while data[at : at + 4] == b"PK\x03\x04":
        version, flags, method, _, _, crc, packed, size, name_bytes, extra_bytes = unpack_from("<5H3L2H", data, at + 4)
        name = data[at + 30 : at + 30 + name_bytes]
        extra, start = data[at + 30 + name_bytes :][:extra_bytes], at + 30 + name_bytes + extra_bytes
        if size == packed == 0xFFFFFFFF:
            assert extra[:4] == b"\x01\x00\x10\x00"
            size, packed = unpack_from("<QQ", extra, 4)
        assert (flags & ~0x800, method, size) == (0, 0, packed), "sizes stand before what they are of"
        assert version in (20, 45)
        content = data[start : start + size]
        assert zlib.crc32(content) == crc
        heads.append((at, crc, size, name))
        found[name.decode("utf-8" if flags else "ascii")] = content
        at = start + size
    for offset, crc, size, name in heads:
        assert data[at : at + 4] == b"PK\x01\x02"
        told, told_packed, told_size, length, extra_bytes = unpack_from("<3L2H", data, at + 16)
        wide = list(_wide(data[at + 46 + length :][:extra_bytes]))
        sizes = [wide.pop(0) if one == 0xFFFFFFFF else one for one in (told_size, told_packed)]
        (place,) = unpack_from("<L", data, at + 42)
        place = wide.pop(0) if place == 0xFFFFFFFF else place
        assert (told, sizes, place, wide) == (crc, [size, size], offset, [])
        assert data[at + 46 : at + 46 + length] == name
        at += 46 + length + extra_bytes
    assert data[at : at + 4] in (b"PK\x05\x06", b"PK\x06\x06")
    return found


def _wide(extra: bytes) -> Iterator[int]:
    if extra:
        assert unpack_from("<HH", extra) == (1, len(extra) - 4)
        yield from unpack_from(f"<{(len(extra) - 4) // 8}Q", extra, 4)


def check(data: bytes, folder: Path) -> None:
    wanted = {f"JD-7/{name}": (folder / name).read_bytes() for name in names(folder)}
    assert read_strictly(data) == wanted
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == wanted


def test_every_reader_finds_every_file(bag: Path) -> None:
    check(b"".join(zip_pieces(bag, "JD-7")), bag)


@pytest.mark.parametrize("limit", [100, 2_000])
def test_so_it_does_past_four_gibibytes(bag: Path, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    """The field's largest value is drawn down, so that each kind of ZIP64 record is written for a small folder."""
    monkeypatch.setattr(zipstream, "_U32", limit)
    monkeypatch.setattr(zipstream, "pack", _with_limit(limit))
    check(b"".join(zip_pieces(bag, "JD-7")), bag)


def _with_limit(limit: int):
    """`pack`, which writes the drawn-down value as readers know it."""
    real = zipstream.pack

    def packed(layout: str, *values: object) -> bytes:
        heads = layout.startswith("<4s") and values[0] != b"PK\x06\x06"
        kinds = "".join(c * int(n or 1) for n, c in re.findall(r"(\d*)([HLQ])", layout[3:]))
        if not heads:
            return real(layout, *values)
        wide = [
            0xFFFFFFFF if kind == "L" and one == limit else one for kind, one in zip(kinds, values[1:], strict=True)
        ]
        return real(layout, values[0], *wide)

    return packed


@pytest.mark.parametrize(
    "command", [["unzip", "-tq"], ["bsdtar", "-tf"], ["7z", "t"], ["java", "Strict.java"]], ids=lambda one: one[0]
)
def test_the_tools_that_people_have_open_it(bag: Path, tmp_path: Path, command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not here")
    (tmp_path / "JD-7.zip").write_bytes(b"".join(zip_pieces(bag, "JD-7")))
    (tmp_path / "Strict.java").write_text(_JAVA)
    done = subprocess.run([*command, "JD-7.zip"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    if command[0] == "java":
        assert int(done.stdout) == len(names(bag))


def test_a_file_that_changes_while_it_is_sent_ends_the_download(bag: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(bag, tmp_path / "JD-7"))
    pieces, target = zip_pieces(folder, "JD-7"), folder / "bag-info.txt"
    next(piece for piece in pieces if b"bag-info.txt" in piece)  # its check sum was promised
    target.write_bytes(b"X" + target.read_bytes()[1:])
    with pytest.raises(Altered, match="bag-info"):
        list(pieces)
