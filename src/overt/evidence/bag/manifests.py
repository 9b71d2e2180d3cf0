"""BagIt's manifests (RFC 8493, 2.1.3 and 2.2.1) and the list of 4 MiB chunks."""

from __future__ import annotations

from collections.abc import Mapping

from overt.evidence.bag.digests import Digests
from overt.evidence.bag.layout import CHUNK


def manifest(digests: Mapping[str, Digests], algorithm: str) -> bytes:
    """`<hash>  <name>` a line, in order of name; `algorithm` is sha512 or sha256."""
    lines = (f"{getattr(found, algorithm)}  {_escaped(name)}\n" for name, found in sorted(digests.items()))
    return "".join(lines).encode()


def chunk_list(digests: Mapping[str, Digests]) -> bytes:
    """`<sha256> <offset> <length> <name>` a line: places damage, and lets a browser check a file piece by piece."""
    lines = ["# SHA-256 of each 4 MiB: hash, first byte, number of bytes, file\n"]
    for name, found in sorted(digests.items()):
        for number, digest in enumerate(found.chunks):
            length = min(CHUNK, found.size_bytes - number * CHUNK)
            lines.append(f"{digest} {number * CHUNK} {length} {name}\n")
    return "".join(lines).encode()


def _escaped(name: str) -> str:
    return name.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
