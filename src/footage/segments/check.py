"""What stands behind each fragment of a segment, so that bytes that were never written are told from those that were.

Eight bytes of the SHA-256 of the whole file up to there, in a box that players pass over: it costs next to nothing,
for the file is hashed as it grows, and a fragment of another file, or one behind a lost one, does not fit either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Protocol

from footage.segments.boxes import DamagedSegment, box

#: The type of the top-level `uuid` box that follows a fragment.
CHECK_TYPE = b"overt-fragment-1"
DIGEST_BYTES = 8
CHECK_BOX_BYTES = 8 + len(CHECK_TYPE) + DIGEST_BYTES


class Digest(Protocol):
    """A hash that grows, as hashlib has them."""

    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


def new_digest() -> hashlib._Hash:
    """The hash that a segment's checks are taken from, before its first byte."""
    return hashlib.sha256()


def with_checks(fragments: Sequence[bytes], digest: Digest) -> Iterator[bytes]:
    """The fragments, each with its check behind it. `digest` is that of all before, and grows with them."""
    for fragment in fragments:
        digest.update(fragment)
        yield fragment
        check = box(b"uuid", CHECK_TYPE, check_of(digest))
        digest.update(check)
        yield check


def check_of(digest: Digest) -> bytes:
    """What the check says behind a file's bytes up to here."""
    return digest.digest()[:DIGEST_BYTES]


def read_check(data: bytes) -> bytes:
    """What the box at the beginning of some bytes says. Raises DamagedSegment where no whole check is there."""
    head = box(b"uuid", CHECK_TYPE, bytes(DIGEST_BYTES))[:-DIGEST_BYTES]
    if len(data) < CHECK_BOX_BYTES or not data.startswith(head):
        raise DamagedSegment("a fragment without its check")
    return data[len(head) : CHECK_BOX_BYTES]
