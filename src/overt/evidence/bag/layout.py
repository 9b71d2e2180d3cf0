"""Where everything lies in a bag, by name. verify.py and VERIFY.html say the same names for themselves."""

from __future__ import annotations

import os
from pathlib import Path

FORMAT = "overt-exhibit/1"
CHUNK = 4 * 1024 * 1024

MASTER, WORKING, STILLS = "data/master", "data/working", "data/stills"
README = "data/README.html"
EXHIBIT, EVENTS, CHUNKS, PROOFS = (
    "metadata/exhibit.json",
    "metadata/events.jsonl",
    "metadata/chunks.sha256",
    "metadata/proofs",
)
MANIFEST_512, MANIFEST_256 = "manifest-sha512.txt", "manifest-sha256.txt"
TAGS_512, TAGS_256 = "tagmanifest-sha512.txt", "tagmanifest-sha256.txt"
ED25519_KEY, P256_KEY = "signatures/ed25519.pem", "signatures/p256.pem"
ED25519_SIGNATURE, P256_SIGNATURE = f"signatures/{TAGS_512}.ed25519", f"signatures/{TAGS_512}.p256"
TIME_STAMP, TIME_STAMP_CHAIN = f"signatures/{TAGS_512}.tsr", "signatures/tsa-chain.pem"
SIGNATURE_SUMS = "signatures/sha512sums.txt"


def write(bag: Path, name: str, data: bytes) -> None:
    """Write one file of the bag and flush it to the disk."""
    path = bag / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def flush_folders(bag: Path) -> None:
    """Flush every folder's list of names, so that a power cut cannot lose a file that was written."""
    for folder, _, _ in os.walk(bag):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
