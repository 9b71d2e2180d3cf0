"""Signed notes and checkpoints as C2SP writes them (signed-note, tlog-checkpoint, tlog-proof). Pure text and keys."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
DASH = "\u2014"
PROOF = "c2sp.org/tlog-proof@v1"
#: A checkpoint of ours is some 200 bytes; room for sixteen witnesses and no more.
LONGEST = 32_768
NUMBER = r"0|[1-9][0-9]{0,18}"


class BadNote(ValueError):
    """The text is no signed note, no checkpoint, or not signed by the key asked for; the text says which."""


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a checkpoint states: a log, how many entries it has, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @property
    def short(self) -> str:
        """SIZE:HASH, as it stands on a printed sheet and is given to a check."""
        return f"{self.size}:{b64encode(self.root).decode()}"


def key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """`name+id+key`: the line by which others know a key."""
    return f"{name}+{key_id(name, public).hex()}+{b64encode(ED25519 + public).decode()}"


def read_verifier_key(line: str) -> tuple[str, bytes]:
    """Name and 32-byte public key of such a line. Raises BadNote."""
    name, _, rest = line.strip().partition("+")
    number, _, encoded = rest.partition("+")
    public = _decoded(encoded)
    if len(public) != 33 or public[:1] != ED25519 or key_id(name, public[1:]).hex() != number:
        raise BadNote("this is no Ed25519 verifier key: expected NAME+ID+KEY")
    return name, public[1:]


def sign(text: str, name: str, private: Ed25519PrivateKey) -> str:
    """The note: the text (ending in a newline), an empty line, the signature line."""
    public = private.public_key().public_bytes_raw()
    signature = key_id(name, public) + private.sign(text.encode())
    return f"{text}\n{DASH} {name} {b64encode(signature).decode()}\n"


def signers(note: str) -> list[tuple[str, bytes]]:
    """Name and key id of each signature line, checked or not. Raises BadNote."""
    return [(name, signature[:4]) for name, signature in _signatures(_split(note)[1])]


def opened(note: str, name: str, public: bytes) -> str:
    """The note's text, once the key's signature is found good. Raises BadNote."""
    text, lines = _split(note)
    for found, signature in _signatures(lines):
        if found == name and signature[:4] == key_id(name, public):
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], text.encode())
            except InvalidSignature:
                raise BadNote(f"the signature of {name} does not fit the text") from None
            return text
    raise BadNote(f"it is not signed by {name} with the key {key_id(name, public).hex()}")


def tree_head(text: str) -> TreeHead:
    """What a checkpoint's text states; its signature is somebody else's to check. Raises BadNote."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not re.fullmatch(NUMBER, lines[1]):
        raise BadNote("this is no checkpoint: expected a name, a size and a root, each on its line")
    root = _decoded(lines[2])
    if len(root) != 32:
        raise BadNote("this is no checkpoint: the root is not 32 bytes of base64")
    return TreeHead(lines[0], int(lines[1]), root)


def head_of(text: str, origin: str) -> TreeHead:
    """The head that SIZE:HASH names, its hash in base64 or hexadecimal: known by who holds it. Raises BadNote."""
    size, _, root = "".join(text.split()).partition(":")
    if not re.fullmatch(NUMBER, size, re.ASCII):
        raise BadNote("this is no head: expected SIZE:HASH")
    data = bytes.fromhex(root) if re.fullmatch(r"[0-9a-fA-F]{64}", root) else _decoded(root)
    if len(data) != 32:
        raise BadNote("this is no head: its hash is not 32 bytes, in base64 or hexadecimal")
    return TreeHead(origin, int(size), data)


def unchecked_tree_head(note: str) -> TreeHead:
    """What a note says, whoever signed it: to tell which log and size it speaks of. Raises BadNote."""
    return tree_head(_split(note)[0])


def proof_text(index: int, path: Sequence[bytes], checkpoint: str, extra: bytes = b"") -> str:
    """An inclusion proof in the form of C2SP tlog-proof; `extra` is the entry itself, where it may be shown."""
    lines = [PROOF]
    if extra:
        lines.append(f"extra {b64encode(extra).decode()}")
    lines += [f"index {index}", *(b64encode(part).decode() for part in path), "", checkpoint]
    return "\n".join(lines)


def _split(note: str) -> tuple[str, list[str]]:
    if len(note) > LONGEST:
        raise BadNote("this is longer than any checkpoint")
    if re.search(r"[\x00-\x09\x0b-\x1f]", note):
        raise BadNote("this is no signed note: it holds control characters")
    text, blank, rest = note.rpartition("\n\n")
    if not blank or not rest.endswith("\n"):
        raise BadNote("this is no signed note: expected text, an empty line and signatures")
    return text + "\n", rest[:-1].split("\n")


def _signatures(lines: list[str]) -> list[tuple[str, bytes]]:
    found = []
    for line in lines:
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != DASH or not parts[1]:
            raise BadNote("this is no signed note: a signature line is '— name base64'")
        found.append((parts[1], _decoded(parts[2])))
    return found


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote("a part of it is no base64") from None
