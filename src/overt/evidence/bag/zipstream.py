"""A folder as a ZIP, made while it is sent: nothing is compressed, nothing is written to the disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

_PIECE = 1024 * 1024


class _Outlet:
    """The file that zipfile writes to; what was written is taken away at once. Not seekable, so nothing is patched."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._pieces.append(bytes(data))
        return len(self._pieces[-1])

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def taken(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def zip_pieces(folder: Path, root: str) -> Iterator[bytes]:
    """The ZIP of every file in a folder, each under `<root>/`; entries past 4 GiB are ZIP64."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            info = zipfile.ZipInfo.from_file(path, f"{root}/{path.relative_to(folder).as_posix()}")
            with archive.open(info, "w", force_zip64=info.file_size >= 2**31) as entry, path.open("rb") as source:
                while piece := source.read(_PIECE):
                    entry.write(piece)
                    yield outlet.taken()
    yield outlet.taken()
