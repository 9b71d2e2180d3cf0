"""Reads a segment to its end and says how far its bytes are those that were written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from footage.segments.check import CHECK_BOX_BYTES, Digest, check_of, new_digest
from footage.segments.reader import Scan

_CHUNK = 1 << 20


def proven(path: Path, found: Scan) -> tuple[Scan, str]:
    """The scan as far as the bytes are those that were written, and the SHA-256 of that much, in hex.

    After a power cut a file may be as long as it was and hold zeros, or what lay on the disk before. A file without
    checks (of an earlier release) is taken as it was scanned. Raises OSError.
    """
    start = found.fragments[0].offset if found.fragments else found.good_bytes
    with path.open("rb") as file:
        digest = new_digest()
        _feed(file, digest, start)
        at = start
        for number, fragment in enumerate(found.fragments):
            before = digest.copy()
            _feed(file, digest, fragment.size)
            if fragment.check and check_of(digest) != fragment.check:
                trouble = f"the fragment at byte {fragment.offset} is not what was written"
                whole = replace(found, fragments=found.fragments[:number], good_bytes=at, trouble=trouble)
                return whole, before.hexdigest()
            _feed(file, digest, CHECK_BOX_BYTES if fragment.check else 0)
            at = fragment.whole_end
        return found, digest.hexdigest()


def _feed(file: BinaryIO, digest: Digest, size: int) -> None:
    while size:
        chunk = file.read(min(size, _CHUNK))
        if not chunk:
            raise OSError(f"{file.name} is shorter than it was")
        digest.update(chunk)
        size -= len(chunk)
