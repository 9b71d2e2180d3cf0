#!/usr/bin/env python3
"""Checks an export of an Overt logbook on your own computer: Python 3.9 or later, no network, none of our software.

    python3 inspect_offline.py EXPORT [--key LINE] [--since CHECKPOINT]
    python3 inspect_offline.py --proof FILE.tlog-proof --key LINE [--changes KEYS.JSONL]

EXPORT       the folder that `overt logbook export` wrote
--key        the logbook's key, as it was given to you at your first visit (a line NAME+ID+KEY, or a file holding it);
             without it the key inside the export is used, which proves nothing about who made the export
--since      a checkpoint you kept from an earlier visit: proves that nothing it covered was changed or removed
--proof      one entry's inclusion proof
--changes    the changes of the logbook's key since you were given yours (an export holds them)

Says what is proven, what is not, and which entry is wrong. Exit code 0 when everything fits, 1 when something does
not, 2 when a file cannot be used.

How it is made: each line of entries.jsonl is an entry's canonical JSON (keys sorted, no spaces, UTF-8). The SHA-256
of a zero byte and that line is a leaf of a Merkle tree (RFC 6962); the root of the tree is in the checkpoint, which
is signed with Ed25519 (RFC 8032) as a C2SP signed note. Names and reasons are not in the entry but committed to:
SHA-256 of a random salt and the value's JSON. Erasing one takes away salt and value; the entry stays as it was.
The export's lines.jsonl puts each entry in words, to read it by; it is proven by nothing, and not looked at here.
A correction is an entry of its own that names the one it corrects. A change of the logbook's key is a note that the
old key and the new both signed: it leads from the key you were given to the present one, and back.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FIELDS = ["action", "at", "camera", "commitments", "facts", "number", "subject"]


class Unusable(Exception):
    """A file is not what it should be; the text says which."""


# ---- Ed25519 (RFC 8032, section 5.1): verification only, points in extended coordinates

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]
ZERO: Point = (0, 1, 1, 0)


def add(left: Point, right: Point) -> Point:
    a = (left[1] - left[0]) * (right[1] - right[0]) % P
    b = (left[1] + left[0]) * (right[1] + right[0]) % P
    c = 2 * left[3] * right[3] * D % P
    d = 2 * left[2] * right[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor: int, point: Point) -> Point:
    result = ZERO
    while factor:
        if factor & 1:
            result = add(result, point)
        point, factor = add(point, point), factor >> 1
    return result


def same(left: Point, right: Point) -> bool:
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 == (left[1] * right[2] - right[1] * left[2]) % P


def point_of(data: bytes) -> Point | None:
    """The point that 32 bytes encode, or None where they encode none."""
    y = int.from_bytes(data, "little")
    odd, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    if x & 1 != odd:
        x = P - x
    return x, y, 1, x * y % P


_BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
assert _BASE is not None  # a constant of the curve
BASE: Point = _BASE


def signature_fits(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature is this key's over this message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, start = point_of(public), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or start is None or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    k = int.from_bytes(digest, "little") % ORDER
    return same(times(s, BASE), add(start, times(k, key)))


# ---- signed notes, checkpoints and proofs (C2SP)


def decode(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Unusable(f"{what}: no base64") from None


def read_key(line: str) -> tuple[str, bytes, bytes]:
    """Name, key id and public key of a line NAME+ID+KEY."""
    name, _, rest = line.strip().partition("+")
    number, _, encoded = rest.partition("+")
    data = decode(encoded, "the key")
    expected = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    if len(data) != 33 or data[0] != 1 or expected.hex() != number:
        raise Unusable("the key is no line NAME+ID+KEY of an Ed25519 key")
    return name, expected, data[1:]


def open_checkpoint(note: str, key: tuple[str, bytes, bytes], what: str) -> tuple[int, bytes]:
    """Size and root of a checkpoint whose signature fits the key. Raises Unusable."""
    name, number, public = key
    text, blank, rest = note.rpartition("\n\n")
    lines = text.split("\n")
    if not blank or len(lines) < 3 or not lines[1].isdigit():
        raise Unusable(f"{what} is no checkpoint")
    for line in rest.splitlines():
        parts = line.split(" ")
        if len(parts) == 3 and parts[0] == "\u2014" and parts[1] == name:
            signature = decode(parts[2], what)
            if signature[:4] == number and signature_fits(public, f"{text}\n".encode(), signature[4:]):
                if lines[0] != name:
                    raise Unusable(f"{what} is of another log, {lines[0]}")
                return int(lines[1]), decode(lines[2], what)
    raise Unusable(f"{what} is not signed with the key {number.hex()} of {name}")


# ---- changes of the logbook's key: each signed by the old key and by the new

Key = tuple[str, bytes, bytes]
Times = tuple[Key, int, int]  # a key, the size after which it signed, and up to which


def signed_by(note: str, key: Key) -> bool:
    name, number, public = key
    text, _, rest = note.rpartition("\n\n")
    for line in rest.splitlines():
        parts = line.split(" ")
        if len(parts) == 3 and parts[0] == "\u2014" and parts[1] == name:
            signature = decode(parts[2], "a change of key")
            if signature[:4] == number and signature_fits(public, f"{text}\n".encode(), signature[4:]):
                return True
    return False


def read_change(note: str) -> tuple[int, Key, Key]:
    """Size, old and new key of a change that both signed. Raises Unusable."""
    lines = note.split("\n")
    if len(lines) < 6 or lines[1] != "key succession" or not lines[2].isdigit():
        raise Unusable("keys.jsonl: this is no change of key")
    old, new = read_key(lines[4]), read_key(lines[5])
    if not lines[0] == old[0] == new[0] or not (signed_by(note, old) and signed_by(note, new)):
        raise Unusable(f"keys.jsonl: the change of key at {lines[2]} entries is not signed by both keys")
    return int(lines[2]), old, new


def follow(key: Key, changes: list[tuple[int, Key, Key]]) -> list[Times]:
    """The keys that yours leads to, each with the sizes it signed: forwards by what it vouches for, and backwards."""
    last = 1 << 62
    found: list[Times] = [(key, -1, last)]
    for size, old, new in changes:
        if old == found[-1][0]:
            found[-1] = (old, found[-1][1], size)
            found.append((new, size, last))
    for size, old, new in reversed(changes):
        if new == found[0][0]:
            found[0] = (new, size, found[0][2])
            found.insert(0, (old, -1, size))
    return found


def open_by_any(note: str, keys: list[Times], what: str) -> tuple[int, bytes]:
    """Size and root of a checkpoint that one of the keys signed in its time. Raises Unusable."""
    wrong = None
    for key, after, to in keys:
        try:
            size, root = open_checkpoint(note, key, what)
        except Unusable as error:
            wrong = error
            continue
        if not after < size <= to:
            raise Unusable(f"{what} is signed by a key that did not sign at {size} entries")
        return size, root
    raise wrong or Unusable(f"{what}: no key")


# ---- the Merkle tree (RFC 6962)


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


class Tree:
    """Grows leaf by leaf; knows its root at every size on the way."""

    def __init__(self) -> None:
        self.size = 0
        self.parts: list[bytes] = []

    def add(self, data: bytes) -> None:
        current, at = leaf(data), self.size
        while at & 1:
            current, at = node(self.parts.pop(), current), at >> 1
        self.parts.append(current)
        self.size += 1

    def root(self) -> bytes:
        if not self.parts:
            return hashlib.sha256(b"").digest()
        root = self.parts[-1]
        for part in reversed(self.parts[:-1]):
            root = node(part, root)
        return root


def root_from_path(data: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that a leaf and its inclusion path lead to (RFC 9162, 2.1.3.2), or None for a path of another tree."""
    at, last, current = index, size - 1, leaf(data)
    if not 0 <= at <= last:
        return None
    for sibling in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            current = node(sibling, current)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            current = node(current, sibling)
        at, last = at >> 1, last >> 1
    return current if last == 0 else None


# ---- what an export holds


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def lines_of(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            for line in file:
                yield line.rstrip(b"\n")
    except OSError as error:
        raise Unusable(f"{path.name}: {error.strerror}") from None


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Unusable(f"{path.name}: cannot be read") from None


def changes_of(path: Path) -> list[tuple[int, Key, Key]]:
    return [read_change(json.loads(line)["note"]) for line in lines_of(path)] if path.exists() else []


class Inspection:
    """One check of one export."""

    def __init__(self, folder: Path, key: Key) -> None:
        self.folder = folder
        self.keys = follow(key, changes_of(folder / "keys.jsonl"))
        self.wrong: list[str] = []
        self.commitments: dict[tuple[int, str], str] = {}
        self.erasures: dict[int, Any] = {}
        self.corrections: list[tuple[int, int]] = []  # entry and the later entry that corrects it
        self.tree = Tree()

    def run(self, since: str | None) -> None:
        signed = self.signed_heads(since)
        self.entries({size for size, _, _ in signed}, signed)
        self.personal()

    def signed_heads(self, since: str | None) -> list[tuple[int, bytes, str]]:
        """Every checkpoint at hand as (size, root, what it is): the export's newest, the older ones, and yours."""
        notes = [(text_of(self.folder / "checkpoint.txt"), "the export's checkpoint")]
        older = self.folder / "checkpoints.jsonl"
        if older.exists():
            notes += [(json.loads(line)["note"], "an older checkpoint of the export") for line in lines_of(older)]
        heads = []
        for note, what in notes:
            try:
                heads.append((*open_by_any(note, self.keys, what), what))
            except Unusable as error:
                self.wrong.append(f"{error}.")
        if since is not None:
            heads.append((*open_by_any(since, self.keys, "your checkpoint"), "your checkpoint"))
        return heads

    def entries(self, sizes: set[int], signed: list[tuple[int, bytes, str]]) -> None:
        """Grow the tree from the entries' lines and hold it against every signed head."""
        roots = {0: self.tree.root()}
        for data in lines_of(self.folder / "entries.jsonl"):
            number = self.tree.size + 1
            self.entry(number, data)
            self.tree.add(data)
            if number in sizes:
                roots[number] = self.tree.root()
        fits_to = 0
        for size, root, what in sorted(signed):
            if size > self.tree.size:
                self.wrong.append(
                    f"{what} covers {size} entries; the export has {self.tree.size}:"
                    f" entries {self.tree.size + 1} to {size} are missing."
                )
            elif roots[size] == root:
                fits_to = size
            else:
                self.wrong.append(
                    f"{what} at {size} entries does not fit: between entry {fits_to + 1} and entry {size}"
                    " something was changed, added or removed after it was signed."
                )

    def entry(self, number: int, data: bytes) -> None:
        try:
            found = json.loads(data)
        except ValueError:
            self.wrong.append(f"entry {number}: its line is no JSON.")
            return
        if not isinstance(found, dict) or sorted(found) != FIELDS or canonical(found) != data:
            self.wrong.append(f"entry {number}: its line is not in canonical form.")
        elif found["number"] != number:
            self.wrong.append(f"entry {number} is missing or moved: its place holds number {found['number']}.")
        else:
            for field, commitment in found["commitments"].items():
                self.commitments[number, field] = commitment
            if found["action"] == "logbook.personal.erased":
                self.erasures[number] = found["facts"].get("erased", {})
            if found["action"] == "logbook.entry.corrected":
                self.correction(number, found["facts"].get("corrects"))

    def correction(self, number: int, corrects: Any) -> None:
        """A correction is a later entry; the one it names stays as it was."""
        if not isinstance(corrects, int) or not 1 <= corrects < number:
            self.wrong.append(f"entry {number}: it corrects {corrects!r}, and there is no such entry before it.")
        else:
            self.corrections.append((corrects, number))

    def personal(self) -> None:
        """Open the commitments, where the export holds what opens them."""
        path = self.folder / "personal.jsonl"
        if not path.exists():
            return
        for line in lines_of(path):
            row = json.loads(line)
            number, field = row["entry"], row["field"]
            expected = self.commitments.pop((number, field), None)
            if expected is None:
                self.wrong.append(f"entry {number}: it never had personal content {field!r}.")
            elif "erased_by" in row:
                if field not in self.erasures.get(row["erased_by"], {}).get(str(number), []):
                    self.wrong.append(f"entry {number}: its {field} is gone and no entry tells of it.")
            elif hashlib.sha256(bytes.fromhex(row["salt"]) + canonical(row["value"])).hexdigest() != expected:
                self.wrong.append(f"entry {number}: its {field} was changed.")
        for number, field in sorted(self.commitments):
            self.wrong.append(f"entry {number}: its {field} is not in the export.")


def inspect_export(folder: Path, key_line: str | None, since: str | None) -> int:
    key = read_key(key_line or text_of(folder / "key.txt"))
    inspection = Inspection(folder, key)
    inspection.run(since)
    print(f"{inspection.tree.size} entries, key {key[1].hex()} of {key[0]}")
    print(f"root {base64.b64encode(inspection.tree.root()).decode()}")
    for found, after, _ in inspection.keys[1:]:
        print(f"The key was changed at {after} entries, to {found[1].hex()}; the one before vouches for it.")
    for number, by in inspection.corrections:
        print(f"Entry {number} is corrected by entry {by}.")
    for wrong in inspection.wrong:
        print(f"WRONG: {wrong[0].upper()}{wrong[1:]}")
    if inspection.wrong:
        return 1
    print("Every entry is as it was written and signed; none is missing.")
    if since is not None:
        print("Nothing that your checkpoint covers was changed or removed.")
    if key_line is None:
        print("NOT PROVEN: whose key this is. Compare it with the one you were given, or say --key.")
    return 0


def inspect_proof(path: Path, key_line: str | None, changes: Path | None) -> int:
    """Check one entry's inclusion proof and show the entry."""
    if key_line is None:
        raise Unusable("--proof needs --key: a proof holds no key")
    lines = text_of(path).split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or len(lines) < 7 or not lines[1].startswith("extra "):
        raise Unusable("this is no inclusion proof with its entry")
    data = decode(lines[1][6:], "the entry")
    blank = lines.index("")
    path_hashes = [decode(line, "the proof") for line in lines[3:blank]]
    index = int(lines[2].removeprefix("index "))
    keys = follow(read_key(key_line), changes_of(changes) if changes else [])
    size, root = open_by_any("\n".join(lines[blank + 1 :]), keys, "the proof's checkpoint")
    print(data.decode())
    if root_from_path(data, index, size, path_hashes) != root:
        print("WRONG: this entry is not in the logbook that the checkpoint signs.")
        return 1
    print(f"This is entry {index + 1} of the {size} that the checkpoint signs.")
    return 0


def line_or_file(given: str | None) -> str | None:
    if given is None or ("+" in given and not Path(given).exists()):
        return given
    return text_of(Path(given))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", nargs="?", type=Path)
    parser.add_argument("--key")
    parser.add_argument("--since", type=Path)
    parser.add_argument("--proof", type=Path)
    parser.add_argument("--changes", type=Path)
    options = parser.parse_args(arguments)
    if (options.export is None) == (options.proof is None):
        parser.error("give an export's folder, or --proof FILE")
    try:
        key = line_or_file(options.key)
        if options.proof is not None:
            return inspect_proof(options.proof, key, options.changes)
        return inspect_export(options.export, key, text_of(options.since) if options.since else None)
    except Unusable as error:
        print(f"cannot check: {error}", file=sys.stderr)
        return 2
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"cannot check: a file is not what an export holds ({error})", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
