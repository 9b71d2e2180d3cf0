#!/usr/bin/env python3
"""Checks an export of an Overt logbook on your own computer: Python 3.8 or later, no network, none of our software.

    python3 inspect_offline.py EXPORT [--key LINE] [--head HEAD]... [--since CHECKPOINT]... [--partial]
    python3 inspect_offline.py --proof FILE.tlog-proof --key LINE [--changes KEYS.JSONL]

EXPORT       the folder that `overt logbook export` wrote
--key        the logbook's key, as it was given to you at your first visit (a line NAME+ID+KEY, or a file holding it);
             without it the key inside the export is used, which proves nothing about who made the export
--head       a head of the logbook that you hold from elsewhere: SIZE:HASH as it is printed (the hash in base64 or
             hexadecimal), or a file with such lines or with a checkpoint; may be given more than once
--since      a checkpoint you kept from an earlier visit; may be given more than once
--partial    be content where a signature covers the first entries and not the last ones; says up to which
--proof      one entry's inclusion proof
--changes    the changes of the logbook's key since you were given yours (an export holds them)

Says what is proven, up to which entry and of what age, what is not, and which entry is wrong. Exit code 0 when
everything fits and all of it is signed (or --partial was given), 1 when something does not, 2 when a file cannot be
used.

What only a head from outside shows: that the scheme itself, which holds the key, did not write its logbook anew or
leave out its end. Take the newest you can get: a checkpoint of your own, a partner's, a printed sheet's.

How it is made: each line of entries.jsonl is an entry's canonical JSON (keys sorted, no spaces, UTF-8). The SHA-256
of a zero byte and that line is a leaf of a Merkle tree (RFC 6962); the root of the tree is in the checkpoint, which
is signed with Ed25519 (RFC 8032) as a C2SP signed note. export.txt, signed with the same key, says at how many entries
the export was made, when, and the SHA-256 of the files beside. Names and reasons are not in the entry but committed to:
SHA-256 of a random salt and the value's JSON. Erasing one takes away salt and value; the entry stays as it was.
The export's lines.jsonl puts each entry in words, to read it by: the scheme's words of that day, not the entry.
A correction is an entry of its own that names the one it corrects. A change of the logbook's key is a note that the
old key and the new both signed: it leads from the key you were given to the present one, and back.
"""

# It runs on Python 3.8, so it does without what came later (and the linter that asks for it).
# ruff: noqa: UP006, UP017, UP035

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import re
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Iterator, Tuple

FIELDS = ["action", "at", "camera", "commitments", "facts", "number", "subject"]


class Unusable(Exception):
    """A file is not what it should be; the text says which."""


# ---- Ed25519 (RFC 8032, section 5.1): verification only, points in extended coordinates

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = Tuple[int, int, int, int]
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


# ---- showing what a file says


#: Printable by the tables of Unicode, and yet nothing is seen: joiners, fillers, variation selectors, an empty Braille.
UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def shows(letter: str) -> bool:
    return letter.isprintable() and not UNSEEN.match(letter)


def plain(text: str) -> str:
    r"""Text of a file as it may be shown: what does not print, or turns the direction, is escaped, and \ is doubled."""
    return "".join(letter if shows(letter) and letter != "\\" else escaped(letter) for letter in text)


def escaped(letter: str) -> str:
    number = ord(letter)
    if letter == "\\":
        return "\\\\"
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def plain_json(text: str) -> str:
    """JSON as it may be shown: the same value, with what does not print escaped as JSON escapes it."""
    return "".join(letter if shows(letter) else json.dumps(letter)[1:-1] for letter in text)


def say(text: str) -> None:
    """One line on the terminal; nothing that a file holds can begin another, or change how this one looks."""
    print(plain(text))


def when(moment: datetime, now: datetime) -> str:
    """2026-04-01 02:14:07 UTC, 3 hours ago by this computer's clock."""
    shown, seconds = f"{moment:%Y-%m-%d %H:%M:%S} UTC", int((now - moment).total_seconds())
    if seconds < -60:
        return f"{shown}, which by this computer's clock is still to come"
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            count = seconds // size
            return f"{shown}, {count} {unit}{'s' if count > 1 else ''} ago by this computer's clock"
    return f"{shown}, just now by this computer's clock"


def moment_of(text: str) -> datetime | None:
    """A moment as entries and export.txt write it, or None."""
    for form in ("%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=timezone.utc)
        except ValueError:
            continue
    return None


# ---- signed notes, checkpoints and proofs (C2SP)

Key = Tuple[str, bytes, bytes]
Times = Tuple[Key, int, int]  # a key, the size after which it signed, and up to which
NUMBER = re.compile("0|[1-9][0-9]{0,18}")


def decode(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Unusable(f"{what}: no base64") from None


def read_key(line: str) -> Key:
    """Name, key id and public key of a line NAME+ID+KEY."""
    name, _, rest = line.strip().partition("+")
    number, _, encoded = rest.partition("+")
    data = decode(encoded, "the key")
    expected = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    if len(data) != 33 or data[0] != 1 or expected.hex() != number:
        raise Unusable("the key is no line NAME+ID+KEY of an Ed25519 key")
    return name, expected, data[1:]


def signed_by(note: str, key: Key, what: str) -> bool:
    """Whether one of a note's signatures is this key's. Raises Unusable."""
    name, number, public = key
    text, _, rest = note.rpartition("\n\n")
    for line in rest.split("\n"):
        parts = line.split(" ")
        if len(parts) == 3 and parts[0] == "\u2014" and parts[1] == name:
            signature = decode(parts[2], what)
            if signature[:4] == number and signature_fits(public, f"{text}\n".encode(), signature[4:]):
                return True
    return False


def checkpoint_of(note: str, what: str) -> tuple[str, int, bytes]:
    """Log, size and root that a checkpoint states, whoever signed it. Raises Unusable."""
    text, blank, _ = note.rpartition("\n\n")
    lines = text.split("\n")
    if not blank or len(lines) < 3 or not NUMBER.fullmatch(lines[1]):
        raise Unusable(f"{what} is no checkpoint")
    root = decode(lines[2], what)
    if len(root) != 32:
        raise Unusable(f"{what} is no checkpoint: its root is no SHA-256")
    return lines[0], int(lines[1]), root


# ---- changes of the logbook's key: each signed by the old key and by the new


def read_change(note: str) -> tuple[int, Key, Key]:
    """Size, old and new key of a change that both signed. Raises Unusable."""
    lines, what = note.split("\n"), "a change of key"
    if len(lines) < 6 or lines[1] != "key succession" or not NUMBER.fullmatch(lines[2]):
        raise Unusable("keys.jsonl: this is no change of key")
    old, new = read_key(lines[4]), read_key(lines[5])
    if not lines[0] == old[0] == new[0] or not (signed_by(note, old, what) and signed_by(note, new, what)):
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


def check_signed(note: str, size: int, keys: list[Times], what: str) -> None:
    """That one of the keys signed this at that size, in its time. Raises Unusable."""
    for key, after, to in keys:
        if signed_by(note, key, what):
            if not after < size <= to:
                raise Unusable(f"{what} is signed by a key that did not sign at {size} entries")
            origin = note.split("\n")[0]
            if origin != key[0]:
                raise Unusable(f"{what} is of another log, {origin}")
            return
    newest = keys[-1][0]
    raise Unusable(f"{what} is not signed with the key {newest[1].hex()} of {newest[0]}")


def open_checkpoint(note: str, keys: list[Times], what: str) -> tuple[int, bytes]:
    """Size and root of a checkpoint that one of the keys signed in its time. Raises Unusable."""
    _, size, root = checkpoint_of(note, what)
    check_signed(note, size, keys, what)
    return size, root


# ---- heads that somebody else holds


class Head:
    """The logbook's size and root at one moment, and who says so; `held` where it came from outside the export."""

    def __init__(self, size: int, root: bytes, what: str, held: bool = False, signed: bool = True) -> None:
        self.size, self.root, self.what, self.held, self.signed = size, root, what, held, signed


def heads_of(given: str, keys: list[Times]) -> list[Head]:
    """The heads that `--head` gives: SIZE:HASH, or a file with such lines or with a checkpoint. Raises Unusable."""
    if re.fullmatch(r"\s*[0-9]+\s*:.*", given) and not Path(given).exists():
        return [head_of(given)]
    text = text_of(Path(given))
    if "\n\n" in text:
        return [kept_head(Path(given), keys)]
    found = [head_of(line) for line in text.splitlines() if line.strip()]
    if not found:
        raise Unusable(f"{given} holds no head")
    return found


def head_of(line: str) -> Head:
    """A head as it is printed, SIZE:HASH. Raises Unusable."""
    size, _, root = "".join(line.split()).partition(":")
    hexadecimal = re.fullmatch("[0-9a-fA-F]{64}", root)
    if not NUMBER.fullmatch(size) or not (hexadecimal or re.fullmatch("[A-Za-z0-9+/]{43}=", root)):
        raise Unusable(f"{line.strip()} is no head: give SIZE:HASH, the hash in base64 or hexadecimal")
    data = bytes.fromhex(root) if hexadecimal else decode(root, "the head")
    return Head(int(size), data, f"your head {size}:{root}", held=True, signed=False)


def kept_head(path: Path, keys: list[Times], alone: bool = False) -> Head:
    """The head of a checkpoint that was kept. Raises Unusable."""
    what = "your checkpoint" if alone else f"your checkpoint {path.name}"
    return Head(*open_checkpoint(text_of(path), keys, what), what, held=True)


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
                yield line[:-1] if line.endswith(b"\n") else line
    except OSError as error:
        raise Unusable(f"{path.name}: {error.strerror}") from None


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Unusable(f"{path.name}: cannot be read") from None


def digest_of(path: Path) -> str | None:
    """The SHA-256 of a file, None where it is missing."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                digest.update(block)
    except OSError:
        return None
    return digest.hexdigest()


def changes_of(path: Path) -> list[tuple[int, Key, Key]]:
    return [read_change(json.loads(line)["note"]) for line in lines_of(path)] if path.exists() else []


class Statement:
    """export.txt: at how many entries the export was made, which entry tells of it, when, and the files beside."""

    def __init__(self, note: str, keys: list[Times]) -> None:
        lines = note.rpartition("\n\n")[0].split("\n")
        if len(lines) < 5 or lines[1] != "logbook export" or not all(NUMBER.fullmatch(line) for line in lines[2:4]):
            raise Unusable("export.txt does not say of what it is")
        self.size, self.entry, self.at = int(lines[2]), int(lines[3]), moment_of(lines[4])
        self.digests: dict[str, str] = dict(line.rsplit(" ", 1) for line in lines[5:])
        check_signed(note, self.size, keys, "export.txt")


class Inspection:
    """One check of one export: what is wrong, what is signed, and what somebody outside holds."""

    def __init__(self, folder: Path, key: Key) -> None:
        self.folder = folder
        self.keys = follow(key, changes_of(folder / "keys.jsonl"))
        self.wrong: list[str] = []
        self.commitments: dict[tuple[int, str], str] = {}
        self.erasures: dict[int, Any] = {}
        self.corrections: list[tuple[int, int]] = []  # entry and the later entry that corrects it
        self.exported: list[int] = []  # entries that tell of an export
        self.written: dict[int, str] = {}  # when the entry at a head's size was written
        self.tree = Tree()
        self.statement: Statement | None = None
        self.fitting: list[Head] = []

    def run(self, held: list[Head]) -> None:
        heads = self.own_heads()
        self.statement = self.read_statement(heads)
        heads += held
        self.entries(heads)
        self.personal()
        self.check_statement()

    @property
    def proven_to(self) -> int:
        """Up to which entry a signature, or a head from outside, vouches for every one."""
        return max((head.size for head in self.fitting), default=0)

    @property
    def held_to(self) -> int:
        return max((head.size for head in self.fitting if head.held), default=0)

    def own_heads(self) -> list[Head]:
        """The signed heads in the export: its newest, and the older ones."""
        notes = [(text_of(self.folder / "checkpoint.txt"), "the export's checkpoint")]
        older = self.folder / "checkpoints.jsonl"
        if older.exists():
            notes += [(json.loads(line)["note"], "an older checkpoint of the export") for line in lines_of(older)]
        heads: list[Head] = []
        for note, what in notes:
            try:
                heads.append(Head(*open_checkpoint(note, self.keys, what), what))
            except Unusable as error:
                self.wrong.append(f"{error}.")
        return heads

    def read_statement(self, heads: list[Head]) -> Statement | None:
        """What the scheme signed of the export itself, held against the checkpoint that came with it."""
        path = self.folder / "export.txt"
        if not path.exists():
            return None
        try:
            found = Statement(text_of(path), self.keys)
        except (Unusable, ValueError) as error:
            self.wrong.append(f"{error}.")
            return None
        newest = max((head.size for head in heads), default=0)
        if newest != found.size:
            self.wrong.append(
                f"the export was made at {found.size} entries, and its newest checkpoint covers {newest}:"
                " another one was put in its place."
            )
        return found

    def entries(self, heads: list[Head]) -> None:
        """Grow the tree from the entries' lines and hold it against every head."""
        sizes, roots = {head.size for head in heads}, {0: self.tree.root()}
        for data in lines_of(self.folder / "entries.jsonl"):
            number = self.tree.size + 1
            at = self.entry(number, data)
            self.tree.add(data)
            if number in sizes:
                roots[number], self.written[number] = self.tree.root(), at
        for head in sorted(heads, key=lambda one: one.size):
            self.hold_against(head, roots)

    def hold_against(self, head: Head, roots: dict[int, bytes]) -> None:
        if head.size > self.tree.size:
            self.wrong.append(
                f"{head.what} covers {head.size} entries; the export has {self.tree.size}:"
                f" entries {self.tree.size + 1} to {head.size} are missing."
            )
        elif roots[head.size] == head.root:
            self.fitting.append(head)
        else:
            self.wrong.append(
                f"{head.what} at {head.size} entries does not fit: between entry {self.proven_to + 1} and entry"
                f" {head.size} something was changed, added or removed after it was signed."
            )

    def entry(self, number: int, data: bytes) -> str:
        """Look at one entry; returns when it was written, empty where it does not say."""
        try:
            found = json.loads(data)
        except (ValueError, RecursionError):
            self.wrong.append(f"entry {number}: its line is no JSON.")
            return ""
        if not isinstance(found, dict) or sorted(found) != FIELDS or canonical(found) != data:
            self.wrong.append(f"entry {number}: its line is not in canonical form.")
            return ""
        if found["number"] != number:
            self.wrong.append(f"entry {number} is missing or moved: its place holds number {found['number']}.")
            return ""
        for field, commitment in found["commitments"].items():
            self.commitments[number, field] = commitment
        if found["action"] == "logbook.personal.erased":
            self.erasures[number] = found["facts"].get("erased", {})
        if found["action"] == "logbook.entry.corrected":
            self.correction(number, found["facts"].get("corrects"))
        if found["action"] == "logbook.exported":
            self.exported.append(number)
        return str(found["at"])

    def correction(self, number: int, corrects: Any) -> None:
        """A correction is a later entry; the one it names stays as it was."""
        if not isinstance(corrects, int) or not 1 <= corrects < number:
            self.wrong.append(f"entry {number}: it corrects '{corrects}', and there is no such entry before it.")
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
                self.wrong.append(f"entry {number}: it never had personal content '{field}'.")
            elif "erased_by" in row:
                self.erased(number, field, row["erased_by"])
            elif hashlib.sha256(bytes.fromhex(row["salt"]) + canonical(row["value"])).hexdigest() != expected:
                self.wrong.append(f"entry {number}: its {field} was changed.")
        for number, field in sorted(self.commitments):
            self.wrong.append(f"entry {number}: its {field} is not in the export.")

    def erased(self, number: int, field: str, by: Any) -> None:
        """What is gone must be named by an entry, and one that is vouched for: anybody can write another."""
        if field not in self.erasures.get(by, {}).get(str(number), []):
            self.wrong.append(f"entry {number}: its {field} is gone and no entry tells of it.")
        elif by > self.proven_to:
            self.wrong.append(
                f"entry {number}: its {field} is gone and only entry {by} tells of it, which is not signed."
            )

    def check_statement(self) -> None:
        """Hold the export's own entry and the files beside against what was signed of them."""
        if self.statement is None:
            return
        if self.statement.entry not in self.exported:
            self.wrong.append(f"entry {self.statement.entry} does not tell of this export, as export.txt says.")
        for name, digest in self.statement.digests.items():
            if name != Path(name).name:
                self.wrong.append(f"export.txt names {name}, which is no file of an export.")
            elif (found := digest_of(self.folder / name)) != digest:
                was = "is missing" if found is None else "was changed"
                self.wrong.append(f"{name} {was} since the export was made.")


class Verdict:
    """What an inspection comes to, in lines; `good` where nothing is wrong and nothing is left open."""

    def __init__(self, found: Inspection, own_key: bool, partial: bool, now: datetime) -> None:
        self.found, self.own_key, self.now = found, own_key, now
        self.rest = found.tree.size - found.proven_to
        self.good = not found.wrong and (partial or not (self.rest or found.statement is None))

    def tell(self) -> None:
        found, first = self.found, self.found.keys[0][0]
        say(f"{found.tree.size} entries, key {first[1].hex()} of {first[0]}")
        say(f"root {base64.b64encode(found.tree.root()).decode()}")
        for key, after, _ in found.keys[1:]:
            say(f"The key was changed at {after} entries, to {key[1].hex()}; the one before vouches for it.")
        self.tell_age()
        for corrected, by in found.corrections:
            unsigned = "" if by <= found.proven_to else ", which is not signed"
            say(f"Entry {corrected} is corrected by entry {by}{unsigned}.")
        for wrong in found.wrong:
            say(f"WRONG: {wrong[0].upper()}{wrong[1:]}")
        self.tell_proven()
        if self.rest:
            begin, end = found.proven_to + 1, found.tree.size
            which = f"entry {end}" if begin == end else f"entries {begin} to {end}"
            say(f"NOT SIGNED: {which}. No signature and no head covers that; anybody can have written it.")
        self.tell_not_proven()

    def tell_age(self) -> None:
        found, to = self.found, self.found.proven_to
        moment = moment_of(found.written.get(to, ""))
        if moment is not None:
            say(f"Signed up to entry {to}, which was written {when(moment, self.now)}.")
        elif not to:
            say("Signed up to no entry at all.")
        if found.statement is not None and found.statement.at is not None:
            say(f"Exported {when(found.statement.at, self.now)}; what was written later is not in here.")

    def tell_proven(self) -> None:
        found, to = self.found, self.found.proven_to
        if not found.wrong and not self.rest and found.statement is not None:
            say("Every entry is as it was written and signed; none is missing.")
        elif to:
            say(f"Entries 1 to {to} are as they were written and signed; none of them is missing.")
        if not found.wrong:
            for head in found.fitting:
                if head.held:
                    say(f"Nothing that {head.what} covers was changed or removed.")
        if found.held_to and found.held_to < to:
            say(f"Entries {found.held_to + 1} to {to} are newer than what you hold: the scheme alone vouches for them.")

    def tell_not_proven(self) -> None:
        if not self.own_key:
            say("NOT PROVEN: whose key this is. Compare it with the one you were given, or say --key.")
        if self.found.statement is None:
            say(
                "NOT PROVEN: that the logbook ended here when it was exported, for export.txt, which says so, is not"
                " there or not good. Ask for the export anew, or say --partial."
            )
        if not self.found.held_to:
            say(
                "NOT PROVEN: that the scheme did not write its logbook anew, or leave out its end. A head that somebody"
                " else holds shows it: say --head."
            )


def inspect_export(folder: Path, key_line: str | None, held: Held, partial: bool) -> int:
    inspection = Inspection(folder, read_key(key_line or text_of(folder / "key.txt")))
    inspection.run(held.heads(inspection.keys))
    verdict = Verdict(inspection, key_line is not None, partial, datetime.now(timezone.utc))
    verdict.tell()
    return 0 if verdict.good else 1


def inspect_proof(path: Path, key_line: str | None, changes: Path | None, held: Held) -> int:
    """Check one entry's inclusion proof and show the entry."""
    if key_line is None:
        raise Unusable("--proof needs --key: a proof holds no key")
    lines = text_of(path).split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or len(lines) < 7 or not lines[1].startswith("extra "):
        raise Unusable("this is no inclusion proof with its entry")
    data = decode(lines[1][6:], "the entry")
    blank = lines.index("")
    if not lines[2].startswith("index ") or not NUMBER.fullmatch(lines[2][6:]):
        raise Unusable("this is no inclusion proof: it names no index")
    path_hashes = [decode(line, "the proof") for line in lines[3:blank]]
    index = int(lines[2][6:])
    keys = follow(read_key(key_line), changes_of(changes) if changes else [])
    size, root = open_checkpoint("\n".join(lines[blank + 1 :]), keys, "the proof's checkpoint")
    print(plain_json(data.decode()))
    if root_from_path(data, index, size, path_hashes) != root:
        say("WRONG: This entry is not in the logbook that the checkpoint signs.")
        return 1
    say(f"This is entry {index + 1} of the {size} that the checkpoint signs.")
    return hold_proof(held.heads(keys), size, root)


def hold_proof(heads: list[Head], size: int, root: bytes) -> int:
    """Hold the head of a proof against those from outside; one of another size cannot be compared by a proof alone."""
    for head in heads:
        if head.size != size:
            say(f"NOT PROVEN: that {head.what} is of the same logbook: it is of {head.size} entries, this of {size}.")
        elif head.root != root:
            say(f"WRONG: {head.what[0].upper()}{head.what[1:]} is not the one that this entry is proven against.")
            return 1
        else:
            say(f"It is the one of {head.what}.")
    return 0


# ---- the command


class Held:
    """What was given with --head and --since; read once the keys are known."""

    def __init__(self, heads: list[str], since: list[Path]) -> None:
        self.given, self.since = heads, since

    def heads(self, keys: list[Times]) -> list[Head]:
        """Raises Unusable for what is no head, or a checkpoint that none of the keys signed."""
        found = [kept_head(path, keys, alone=len(self.since) == 1) for path in self.since]
        return found + [head for given in self.given for head in heads_of(given, keys)]


def line_or_file(given: str | None) -> str | None:
    if given is None or ("+" in given and not Path(given).exists()):
        return given
    return text_of(Path(given))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", nargs="?", type=Path)
    parser.add_argument("--key")
    parser.add_argument("--head", action="append", default=[])
    parser.add_argument("--since", action="append", default=[], type=Path)
    parser.add_argument("--partial", action="store_true")
    parser.add_argument("--proof", type=Path)
    parser.add_argument("--changes", type=Path)
    options = parser.parse_args(arguments)
    if (options.export is None) == (options.proof is None):
        parser.error("give an export's folder, or --proof FILE")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # no name is one that a terminal cannot show
    held = Held(options.head, options.since)
    try:
        key = line_or_file(options.key)
        if options.proof is not None:
            return inspect_proof(options.proof, key, options.changes, held)
        return inspect_export(options.export, key, held, options.partial)
    except Unusable as error:
        print(f"cannot check: {plain(str(error))}", file=sys.stderr)
        return 2
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        print(f"cannot check: a file is not what an export holds ({plain(str(error))})", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
