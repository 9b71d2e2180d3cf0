"""What a bag states of each file: its size and hashes."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256, sha512

from overt.evidence.bag.layout import CHUNK


@dataclass(frozen=True, slots=True)
class Digests:
    """Hashes in lower-case hexadecimal; `chunks` has one SHA-256 for each 4 MiB, the last one shorter."""

    size_bytes: int
    sha256: str
    sha512: str
    chunks: tuple[str, ...]


def digests_of(data: bytes) -> Digests:
    """The digests of bytes in memory, for the small files of a bag; recordings come with theirs from the recorder."""
    chunks = tuple(sha256(data[n : n + CHUNK]).hexdigest() for n in range(0, len(data), CHUNK))
    return Digests(len(data), sha256(data).hexdigest(), sha512(data).hexdigest(), chunks)
