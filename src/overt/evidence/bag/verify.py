#!/usr/bin/env python3
"""Checks a sealed exhibit with nothing but Python 3.8 or later: no package, no network, nothing of the scheme's.

    python3 verify.py [FOLDER] [--key FINGERPRINT]... [--trusted KEYFILE]... [--head SIZE:HASH]...
                      [--require-time-stamp] [--json]

FOLDER is the exhibit's folder (where this file lies, unless given). It reads every byte, and says what is proven, what
is not, and where something differs: the file, the bytes, the time in the recording. A head of the scheme's logbook that
you or somebody else holds is given with --head; the exhibit's entries stand under one, which is told to compare.
Names and texts of the folder are shown with everything escaped that does not print.

Exit codes
    0  nothing was altered; and where a key was named, the exhibit is signed by it
    1  something was altered, is missing, or was added
    2  this cannot be checked: no such folder, no exhibit in it, a file that cannot be read
    3  nothing was altered since it was signed, but the signing key is not among the trusted ones (--trusted)
    4  nothing was altered since it was signed, but another key than the one named (--key) signed it
    5  nothing was altered, but there is no time stamp that is good although one was asked for (--require-time-stamp)

Whoever alters an exhibit can also alter the copy of this program that lies in it. Use one from the scheme, or from
another exhibit, when that matters; and compare the key's fingerprint with the one the scheme publishes.

How it is built: HASHES and FILES, then SIGNATURES (RFC 8032 and FIPS 186-5, in whole numbers), LOGBOOK (RFC 6962),
TIME STAMP (RFC 3161), and at the end the REPORT.
"""

# It runs on Python 3.8, so it does without what came later (and the linter that asks for it).
# ruff: noqa: B905, UP017
# mypy: ignore-errors

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import stat
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

FORMAT = "overt-verification/1"
CHUNK = 4 * 1024 * 1024
SMALL = 8 * 1024  # up to this size a single flipped bit is found by trying each

GOOD, ALTERED, UNUSABLE, KEY_UNKNOWN, KEY_WRONG, STAMP_MISSING = range(6)
ANSWERS = ("good", "altered", "unusable", "key-unknown", "key-wrong", "time-stamp-missing")

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
TAG512, TAG256 = "tagmanifest-sha512.txt", "tagmanifest-sha256.txt"
MAN512, MAN256 = "manifest-sha512.txt", "manifest-sha256.txt"
SIGNED = "signatures/" + TAG512
ED_SIG, EC_SIG, STAMP = SIGNED + ".ed25519", SIGNED + ".p256", SIGNED + ".tsr"
ED_KEY, EC_KEY, STAMP_CHAIN = "signatures/ed25519.pem", "signatures/p256.pem", "signatures/tsa-chain.pem"
SIGNATURE_SUMS = "signatures/sha512sums.txt"
#: Files that are made after the tag manifest and so cannot stand in it. Nothing else may be unlisted.
UNLISTED = {TAG512, TAG256, ED_SIG, EC_SIG, STAMP, STAMP_CHAIN, SIGNATURE_SUMS}
NEEDED = {TAG512, TAG256, ED_SIG, EC_SIG, SIGNATURE_SUMS}
#: What desktops leave in every folder that they show, by its name in lower case: views, previews, search indexes.
LEFT_FILES = {".ds_store", ".directory", "desktop.ini", "ehthumbs.db", "thumbs.db"}
LEFT_FOLDERS = {".fseventsd", ".spotlight-v100", ".trashes", "system volume information"}
APPLE_DOUBLE = b"\x00\x05\x16\x07"  # how a ._ file begins, in which a Mac keeps what other disks cannot


class Unusable(Exception):
    """The folder cannot be checked at all."""


class Finding(dict):
    """One thing that is wrong: `code`, `path`, `says`; where known `byte_start`, `byte_end`, `bit`, `from`, `to`."""

    def __init__(self, code, path, says, **where):
        super().__init__(code=code, path=path, says=says, **where)


# ---- HASHES ---------------------------------------------------------------------------------------------------------


class Digests:
    """What one reading of a file gave."""

    def __init__(self, size, sha512, sha256, chunks):
        self.size, self.sha512, self.sha256, self.chunks = size, sha512, sha256, chunks


def digest_file(path, tell=None, pool=None):
    """Reads a file once: its size, SHA-512, SHA-256 and the SHA-256 of each 4 MiB."""
    whole512, whole256, chunks, size = hashlib.sha512(), hashlib.sha256(), [], 0
    with open(path, "rb") as file:
        while block := file.read(CHUNK):
            other = pool.submit(whole256.update, block) if pool else whole256.update(block)
            whole512.update(block)
            chunks.append(hashlib.sha256(block).hexdigest())
            if other is not None:
                other.result()
            size += len(block)
            if tell:
                tell(len(block))
    return Digests(size, whole512.hexdigest(), whole256.hexdigest(), chunks)


def nearly(one, other):
    """Whether two hashes differ in so few bits that one is a damaged copy of the other, not the hash of other bytes."""
    try:
        return len(one) == len(other) and bin(int(one, 16) ^ int(other, 16)).count("1") <= 8
    except ValueError:
        return sum(a != b for a, b in zip(one, other)) <= 2


def flipped_bit(data, wanted512):
    """(byte, bit) whose flipping gives the wanted SHA-512, or None; for small files only."""
    if len(data) > SMALL:
        return None
    for at in range(len(data)):
        head, tail = hashlib.sha512(data[:at]), data[at + 1 :]
        for bit in range(8):
            tried = head.copy()
            tried.update(bytes([data[at] ^ 1 << bit]) + tail)
            if tried.hexdigest() == wanted512:
                return at, bit
    return None


# ---- FILES ----------------------------------------------------------------------------------------------------------


def list_files(bag):
    """Every file in the folder by its name with slashes; links and devices are told apart as (name, why)."""
    found, odd = {}, []
    for folder, folders, names in os.walk(bag, followlinks=False):
        for name in sorted(folders) + sorted(names):
            path = Path(folder) / name
            relative = path.relative_to(bag).as_posix()
            mode = path.lstat().st_mode
            if stat.S_ISREG(mode):
                found[relative] = path
            elif not stat.S_ISDIR(mode):
                odd.append((relative, "a link" if stat.S_ISLNK(mode) else "no plain file"))
    return found, odd


def listed(name, lists):
    """Whether a name stands in one of the lists of digests; it may be one that is no text."""
    return ("  " + name).encode("utf-8", "surrogateescape") in lists


def left_by_desktop(name, path):
    """Whether a file is one that a desktop leaves by itself, by its name and, of a ._ file, how it begins."""
    *folders, last = name.lower().split("/")
    if last in LEFT_FILES or LEFT_FOLDERS & set(folders):
        return True
    try:
        with open(path, "rb") as file:
            return last.startswith("._") and file.read(4) == APPLE_DOUBLE
    except OSError:
        return False


def read_manifest(path, name, width, findings):
    """{file name: hash} of a BagIt manifest, line by line. Only the exact form that sealing writes is accepted."""
    entries = {}
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        findings.append(
            Finding(
                "manifest-line",
                name,
                f"{name} is not text at byte {error.start}.",
                byte_start=error.start,
                byte_end=error.start + 1,
            )
        )
        text = path.read_bytes().decode("utf-8", "replace")
    if not text.endswith("\n"):
        findings.append(Finding("manifest-line", name, f"The last line of {name} is cut short."))
    for number, line in enumerate(text.split("\n")[:-1] if text.endswith("\n") else text.split("\n"), 1):
        digest, gap, file = line[:width], line[width : width + 2], line[width + 2 :]
        file = file.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
        if gap != "  " or len(digest) != width or set(digest) - set("0123456789abcdef") or not inside(file):
            findings.append(Finding("manifest-line", name, f"Line {number} of {name} is no line of a manifest."))
        elif file in entries:
            findings.append(Finding("manifest-line", name, f"Line {number} of {name} names {file} a second time."))
        else:
            entries[file] = digest
    return entries


def inside(name):
    """Whether a name stays inside the folder."""
    return bool(name) and not name.startswith("/") and "\\" not in name and ".." not in name.split("/")


class Bag:
    """A folder being checked: its files, what was read of them, what is wrong."""

    def __init__(self, folder, tell=None, known=None):
        self.folder, self.findings = Path(folder), []
        if not self.folder.is_dir():
            if self.folder.is_file():
                raise Unusable(f"{folder} is a file. A sealed exhibit is a folder: unpack it first, then check that.")
            raise Unusable(f"There is no folder {folder}.")
        self.files, self.odd = list_files(self.folder)
        if "bagit.txt" not in self.files and MAN512 not in self.files and TAG512 not in self.files:
            raise Unusable(f"{folder} holds no sealed exhibit: it has neither bagit.txt nor a manifest.")
        self.besides = self._set_aside()
        self.size = sum(path.stat().st_size for path in self.files.values())
        self.digests = self._read(tell, known or {})
        self.exhibit, self.chunks = {}, {}

    def _set_aside(self):
        """Take out what a desktop left and no list names: it is no part of the exhibit, and nothing vouches for it."""
        lists = b"".join(self.bytes_of(name) for name in (MAN512, MAN256, TAG512, TAG256))
        left = [n for n, path in self.files.items() if not listed(n, lists) and left_by_desktop(n, path)]
        for name in left:
            del self.files[name]
        return sorted(left)

    def _read(self, tell, known):
        with ThreadPoolExecutor(1) as pool:
            try:
                return {
                    name: known[name] if name in known else digest_file(path, tell, pool)
                    for name, path in self.files.items()
                }
            except OSError as error:
                raise Unusable(f"{error.filename} cannot be read: {error.strerror}.") from None

    def bytes_of(self, name):
        return self.files[name].read_bytes() if name in self.files else b""

    def add(self, code, path, says, **where):
        self.findings.append(Finding(code, path, says, **where))

    def wrong(self, name):
        """Whether something is wrong with this file."""
        return any(finding["path"] == name for finding in self.findings)


def check_files(bag, signed):
    """Every file against the manifests; `signed` says whether either signature is good for the tag manifest."""
    for name, why in bag.odd:
        bag.add("added", name, f"{name} is {why}; an exhibit holds plain files only.")
    for name in sorted(NEEDED - bag.files.keys()):
        bag.add("missing", name, f"{name} is missing.")
    tags, tags256 = _manifest(bag, TAG512, 128), _manifest(bag, TAG256, 64)
    if not signed and TAG512 in bag.files and _fits(bag, tags256):
        # The unsigned second list agrees with every file and the signed one is not as it was signed: it is the culprit.
        if not bag.wrong(TAG512):
            _place_list(bag, tags, tags256)
        tags = tags256
    else:
        _compare(bag, tags, TAG512)
        _check_second(bag, tags, tags256)
    payload, payload256 = _manifest(bag, MAN512, 128), _manifest(bag, MAN256, 64)
    bag.chunks = _read_chunks(bag)
    bag.exhibit = _read_exhibit(bag)
    listed = _check_payload(bag, payload, payload256)
    for name in sorted(bag.files.keys() - listed - tags.keys() - UNLISTED):
        bag.add("added", name, f"{name} was added: no manifest lists it.")
    for name in sorted(name for name in payload if not name.startswith("data/")):
        bag.add("altered", MAN512, f"{MAN512} lists {name}, which does not lie under data/.")
    if "bagit.txt" in bag.files and bag.bytes_of("bagit.txt") != BAGIT and not bag.wrong("bagit.txt"):
        bag.add("altered", "bagit.txt", "bagit.txt does not say BagIt 1.0 in UTF-8.")


def _fits(bag, tags256):
    """Whether the second tag manifest agrees with every tag file on the disk."""
    present = {name for name in bag.files if not name.startswith("data/")} - UNLISTED
    return (
        not bag.wrong(TAG256)
        and present == set(tags256)
        and all(bag.digests[name].sha256 == digest for name, digest in tags256.items())
    )


def _place_list(bag, tags, tags256):
    """Name the line of the signed list that the files do not bear out."""
    wrong = [name for name in tags256 if tags.get(name) != bag.digests[name].sha512]
    line = f" It is wrong about {wrong[0]}." if wrong else ""
    bag.add("altered", TAG512, f"{TAG512}, the list that is signed, was altered.{line}")


def _manifest(bag, name, width):
    return read_manifest(bag.files[name], name, width, bag.findings) if name in bag.files else {}


def _compare(bag, entries, manifest):
    for name, wanted in entries.items():
        if name not in bag.files:
            bag.add("missing", name, f"{name} is missing; {manifest} lists it.")
        elif (digests := bag.digests[name]).sha512 != wanted:
            if nearly(digests.sha512, wanted):
                bag.add("altered", manifest, f"The line for {name} in {manifest} was altered; the file itself was not.")
            else:
                _place_small(bag, name, wanted)


def _place_small(bag, name, wanted):
    data = bag.bytes_of(name)
    spot = flipped_bit(data, wanted)
    if spot:
        at, bit = spot
        bag.add(
            "altered",
            name,
            f"{name} was altered: bit {bit} of byte {at:,} is flipped.",
            byte_start=at,
            byte_end=at + 1,
            bit=bit,
        )
    else:
        bag.add(
            "altered",
            name,
            f"{name} was altered, somewhere in its {len(data):,} bytes.",
            byte_start=0,
            byte_end=len(data),
        )


def _check_payload(bag, payload, payload256):
    """A file under data/ is altered when no manifest that is itself intact vouches for it. Returns the listed names."""
    lists = {MAN512: payload, MAN256: payload256}
    intact = [name for name in lists if name in bag.files and not bag.wrong(name)] or list(lists)
    listed = set().union(*(lists[name] for name in intact))
    for name in sorted(listed):
        if name not in bag.files:
            bag.add("missing", name, f"{name} is missing; the manifest lists it.")
            continue
        digests = bag.digests[name]
        actual = {MAN512: digests.sha512, MAN256: digests.sha256}
        same = [manifest for manifest in intact if lists[manifest].get(name) == actual[manifest]]
        if not same:
            _place_large(bag, name)
        for manifest in intact if same else ():
            if manifest not in same and not bag.wrong(manifest):
                bag.add("altered", manifest, f"{manifest} gives another hash for {name} than its bytes have.")
    return listed


def _place_large(bag, name):
    """Find where a file under data/ differs: by its twin to the byte, else by chunks, else by trying (small ones)."""
    twin = _twin(bag, name)
    spot = _first_difference(bag.files[name], twin) if twin else None
    if spot:
        _place_by_twin(bag, name, *spot)
    elif bag.chunks.get(name) and not bag.wrong("metadata/chunks.sha256"):
        _place_by_chunks(bag, name, bag.chunks[name])
    else:
        _place_small(bag, name, _listed(bag, name))


def _place_by_twin(bag, name, at, bits):
    """`bits` are those that differ in the only byte that does; 0 where more than one byte does."""
    single = bits and not bits & (bits - 1)
    where = {"byte_start": at, "byte_end": at + 1, **_when(bag, name, at, at + 1)}
    if single:
        where["bit"] = bits.bit_length() - 1
    what = f"bit {where['bit']} of byte {at:,} is flipped" if single else f"it differs from byte {at:,} on"
    bag.add("altered", name, f"{name} was altered: {what}{_when_words(bag, name, at, at + 1)}.", **where)


def _place_by_chunks(bag, name, wanted):
    digests = bag.digests[name]
    size = sum(length for _, length, _ in wanted)
    if size != digests.size:
        bag.add("altered", name, f"{name} has {digests.size:,} bytes; {size:,} were sealed.")
    for first, last in _runs(n for n, (_, _, digest) in enumerate(wanted) if digests.chunks[n : n + 1] != [digest]):
        start, end = wanted[first][0], wanted[last][0] + wanted[last][1]
        says = f"{name} was altered between byte {start:,} and byte {end:,}{_when_words(bag, name, start, end)}."
        bag.add("altered", name, says, byte_start=start, byte_end=end, **_when(bag, name, start, end))
    if not bag.wrong(name):
        bag.add("altered", name, f"{name} was altered.", byte_start=0, byte_end=digests.size)


def _listed(bag, name):
    for line in bag.bytes_of(MAN512).decode("utf-8", "replace").splitlines():
        if line[130:] == name:
            return line[:128]
    return ""


def _twin(bag, name):
    """The bit-for-bit duplicate of a master (or the master of a working copy), where that one is whole."""
    for one, other in (("data/master/", "data/working/"), ("data/working/", "data/master/")):
        if name.startswith(one):
            twin = other + name[len(one) :]
            if twin in bag.files and bag.digests[twin].sha512 == _listed(bag, name):
                return bag.files[twin]
    return None


def _first_difference(one, other):
    if one.stat().st_size != other.stat().st_size:
        return None
    with open(one, "rb") as left, open(other, "rb") as right:
        offset, spots = 0, []
        while (a := left.read(CHUNK)) and (b := right.read(CHUNK)):
            if a != b:
                spots += [(offset + n, x ^ y) for n, (x, y) in enumerate(zip(a, b)) if x != y][:2]
            offset += len(a)
    if not spots:
        return None
    return (spots[0][0], spots[0][1]) if len(spots) == 1 else (spots[0][0], 0)


def _runs(numbers):
    """Adjacent numbers as (first, last)."""
    runs = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _read_chunks(bag):
    """{file: [(offset, length, sha256)]} of metadata/chunks.sha256; empty where the file cannot be read."""
    chunks = {}
    for line in bag.bytes_of("metadata/chunks.sha256").decode("utf-8", "replace").splitlines():
        if line.startswith("#"):
            continue
        try:
            digest, offset, length, name = line.split(" ", 3)
            chunks.setdefault(name, []).append((int(offset), int(length), digest))
        except ValueError:
            return {}
    return chunks


def _read_exhibit(bag):
    try:
        exhibit = json.loads(bag.bytes_of("metadata/exhibit.json").decode("utf-8"))
        return exhibit if isinstance(exhibit, dict) else {}
    except (ValueError, RecursionError):
        return {}


def _when(bag, name, start, end):
    """The time in the recording to which bytes belong, from the index in exhibit.json (if that is whole)."""
    if bag.wrong("metadata/exhibit.json"):
        return {}
    try:
        for clip in bag.exhibit.get("clips", []):
            for file in clip["files"]:
                if name in (file["path"], file["working"]):
                    times = [
                        (w, d)
                        for offset, size, w, _, d, _ in file["fragments"]
                        if offset < end and start < offset + size
                    ]
                    if times:
                        return {"from": utc_text(times[0][0]), "to": utc_text(times[-1][0] + times[-1][1])}
                    return {"from": file["start"], "to": file["end"]}
    except (KeyError, TypeError, ValueError, AttributeError):
        pass
    return {}


def _when_words(bag, name, start, end):
    when = _when(bag, name, start, end)
    return f", which is {when['from']} to {when['to']} in the recording" if when else ""


def utc_text(count):
    """RFC 3339 of a count of 1/90000 s."""
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=(count + 45) // 90)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _check_second(bag, tags, tags256):
    """tagmanifest-sha256.txt must say of the same files what their bytes have; it is not signed, it is recomputed."""
    if TAG256 not in bag.files or bag.wrong(TAG256):
        return
    for name, digest in tags256.items():
        if name in bag.files and bag.digests[name].sha256 != digest and not bag.wrong(name) and not bag.wrong(TAG256):
            bag.add("altered", TAG256, f"{TAG256} gives another hash for {name} than its bytes have.")
    if set(tags256) != set(tags) and not bag.wrong(TAG512) and not bag.wrong(TAG256):
        bag.add("altered", TAG256, f"{TAG256} does not list the same files as {TAG512}.")


def check_signature_sums(bag):
    """The files of signatures/ against their plain checksums: finds damage (not forgery) in what cannot be signed."""
    if SIGNATURE_SUMS not in bag.files:
        return
    sums = read_manifest(bag.files[SIGNATURE_SUMS], SIGNATURE_SUMS, 128, bag.findings)
    if bag.wrong(SIGNATURE_SUMS):
        return
    known = {ED_SIG, EC_SIG, ED_KEY, EC_KEY, STAMP, STAMP_CHAIN}
    present = known & bag.files.keys()
    if sums.keys() - known:
        name = min(sums.keys() - known)
        bag.add("altered", SIGNATURE_SUMS, f"{SIGNATURE_SUMS} names {name}, which no exhibit has: it was altered.")
        return
    for name in sorted(sums.keys() - present):
        if not bag.wrong(name):
            bag.add("missing", name, f"{name} is missing; {SIGNATURE_SUMS} lists it.")
    for name in sorted(present - sums.keys()):
        bag.add("added", name, f"{name} was added: {SIGNATURE_SUMS} does not list it.")
    for name in sorted(sums.keys() & present):
        if (actual := bag.digests[name].sha512) != sums[name] and not bag.wrong(name):
            if nearly(actual, sums[name]):
                bag.add("altered", SIGNATURE_SUMS, f"The line for {name} in {SIGNATURE_SUMS} was altered.")
            else:
                _place_small(bag, name, sums[name])


# ---- SIGNATURES: Ed25519 (RFC 8032) and ECDSA P-256 (FIPS 186-5) ----------------------------------------------------

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_I = pow(2, (_P - 1) // 4, _P)


def _ed_x(y, sign):
    """The x of a point from its y and the sign bit, or None where there is none."""
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    if square == 0:
        return None if sign else 0
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _I % _P
    if (x * x - square) % _P:
        return None
    return _P - x if x & 1 != sign else x


def _ed_point(data):
    number = int.from_bytes(data, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    x = _ed_x(y, sign)
    return None if x is None else (x, y, 1, x * y % _P)


def _ed_add(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _ed_times(scalar, point):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _ed_add(total, point)
        point, scalar = _ed_add(point, point), scalar >> 1
    return total


_ED_Y = 4 * pow(5, -1, _P) % _P
_ED_BASE = (_ed_x(_ED_Y, 0), _ED_Y, 1, _ed_x(_ED_Y, 0) * _ED_Y % _P)


def ed25519_verifies(key, signature, message):
    """RFC 8032, 5.1.7: whether 64 bytes are this 32-byte key's signature of a message."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, r = _ed_point(key), _ed_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if public is None or r is None or s >= _L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % _L
    left, right = _ed_times(s, _ED_BASE), _ed_add(r, _ed_times(h, public))
    return (left[0] * right[2] - right[0] * left[2]) % _P == 0 and (left[1] * right[2] - right[1] * left[2]) % _P == 0


class Curve:
    """A short Weierstrass curve with a = -3, points in Jacobian coordinates; None is the point at infinity."""

    def __init__(self, p, b, x, y, n):
        self.p, self.b, self.base, self.n = p, b, (x, y, 1), n

    def has(self, x, y):
        return 0 <= x < self.p and 0 <= y < self.p and (y * y - x**3 + 3 * x - self.b) % self.p == 0

    def double(self, point):
        if point is None or point[1] == 0:
            return None
        x, y, z = point
        delta, gamma = z * z, y * y
        beta, alpha = x * gamma, 3 * (x - delta) * (x + delta)
        x3 = (alpha * alpha - 8 * beta) % self.p
        return x3, (alpha * (4 * beta - x3) - 8 * gamma * gamma) % self.p, 2 * y * z % self.p

    def add(self, one, other):
        if one is None or other is None:
            return other if one is None else one
        z1, z2 = one[2] * one[2], other[2] * other[2]
        u1, u2 = one[0] * z2 % self.p, other[0] * z1 % self.p
        s1, s2 = one[1] * other[2] * z2 % self.p, other[1] * one[2] * z1 % self.p
        if u1 == u2:
            return self.double(one) if s1 == s2 else None
        h, r = u2 - u1, s2 - s1
        h2 = h * h
        x3 = (r * r - h2 * h - 2 * u1 * h2) % self.p
        return x3, (r * (u1 * h2 - x3) - s1 * h2 * h) % self.p, h * one[2] * other[2] % self.p

    def times(self, scalar, point):
        total = None
        while scalar:
            if scalar & 1:
                total = self.add(total, point)
            point, scalar = self.double(point), scalar >> 1
        return total

    def verifies(self, x, y, r, s, digest):
        """FIPS 186-5, 6.4.2, over an already hashed message."""
        if not (0 < r < self.n and 0 < s < self.n and self.has(x, y)):
            return False
        bits = self.n.bit_length()
        e = int.from_bytes(digest, "big") >> max(0, len(digest) * 8 - bits)
        w = pow(s, -1, self.n)
        point = self.add(self.times(e * w % self.n, self.base), self.times(r * w % self.n, (x, y, 1)))
        return point is not None and point[0] * pow(point[2], -2, self.p) % self.p % self.n == r


P256 = Curve(
    2**256 - 2**224 + 2**192 + 2**96 - 1,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
)
P384 = Curve(
    2**384 - 2**128 - 2**96 + 2**32 - 1,
    0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
    0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
    0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
)

_ED_PREFIX = bytes.fromhex("302a300506032b6570032100")
_EC_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")


def pem_blocks(data, label):
    """The DER of each block of a kind in a PEM file; a block that cannot be read is left out."""
    blocks, begin, end = [], f"-----BEGIN {label}-----", f"-----END {label}-----"
    for part in data.decode("ascii", "replace").split(begin)[1:]:
        try:
            blocks.append(base64.b64decode("".join(part.split(end)[0].split()), validate=True))
        except (binascii.Error, ValueError):
            continue
    return blocks


def fingerprint(der):
    """SHA-256 of a public key in DER, in groups of four: what a person reads out and compares."""
    digest = hashlib.sha256(der).hexdigest()
    return " ".join(digest[n : n + 4] for n in range(0, 64, 4))


def bare(text):
    """A fingerprint as typed, without spaces, colons and capitals."""
    return "".join(text.lower().replace("sha256", "").split()).replace(":", "")


def p256_verifies(der, signature, message):
    """Whether a DER ECDSA signature with SHA-256 is this public key's (SubjectPublicKeyInfo) over a message."""
    if not der.startswith(_EC_PREFIX) or len(der) != len(_EC_PREFIX) + 65 or der[len(_EC_PREFIX)] != 4:
        return False
    try:
        r, s = ecdsa_numbers(signature)
    except DerError:
        return False
    x, y = int.from_bytes(der[-64:-32], "big"), int.from_bytes(der[-32:], "big")
    return P256.verifies(x, y, r, s, hashlib.sha256(message).digest())


def check_signatures(bag):
    """Both signatures over the tag manifest: the keys' fingerprints and, by kind, whether its signature is good."""
    message = bag.bytes_of(TAG512)
    signed = {"ed25519": None, "p256": None, "good": {}, "spki": []}
    for kind, (sig_file, key_file) in _SIGNATURE_FILES.items():
        blocks = pem_blocks(bag.bytes_of(key_file), "PUBLIC KEY")
        if len(blocks) != 1:
            continue
        signed[kind] = fingerprint(blocks[0])
        signed["spki"].append(blocks[0])
        signature = bag.bytes_of(sig_file)
        if kind == "ed25519":
            key = blocks[0][12:] if blocks[0].startswith(_ED_PREFIX) else b""
            signed["good"][kind] = ed25519_verifies(key, signature, message)
        else:
            signed["good"][kind] = p256_verifies(blocks[0], signature, message)
    return signed


_SIGNATURE_FILES = {"ed25519": (ED_SIG, ED_KEY), "p256": (EC_SIG, EC_KEY)}


def blame_signatures(bag, signed):
    """Name what is wrong: one bad signature is that file's fault, two are the signed file's."""
    for kind, (_, key_file) in _SIGNATURE_FILES.items():
        if kind not in signed["good"] and not bag.wrong(key_file):
            code, says = (
                ("key-unreadable", "holds no public key") if key_file in bag.files else ("missing", "is missing")
            )
            bag.add(code, key_file, f"{key_file} {says}.")
    if len(signed["good"]) == 2 and not any(signed["good"].values()):
        if not bag.wrong(TAG512):
            bag.add(
                "signature-bad",
                TAG512,
                f"Neither signature is good for {TAG512}: that list was altered, or another key signed it.",
            )
        return
    for kind, good in signed["good"].items():
        sig_file, key_file = _SIGNATURE_FILES[kind]
        if not good and not any(bag.wrong(name) for name in (sig_file, key_file, TAG512)):
            bag.add("signature-bad", sig_file, f"{sig_file} is not a signature of {TAG512} by the key in {key_file}.")


def fully_signed(signed):
    return len(signed["good"]) == 2 and all(signed["good"].values())


# ---- LOGBOOK: inclusion of each event (RFC 6962, C2SP tlog-proof) ---------------------------------------------------

_EVENTS, _EXHIBIT, _SEALED = "metadata/events.jsonl", "metadata/exhibit.json", "evidence.exhibit.sealed"


def check_events(bag, heads=()):
    """Each event against its proof and the one signed checkpoint. Returns what was proven, in numbers.

    `heads` are (size, root) that somebody else holds. Proofs of single entries cannot show that a head of another size
    belongs to the same logbook; one of the same size must be the same.
    """
    told = {"events": 0, "proven": 0, "log_key": None, "origin": None, "head": None, "held": None, "of_sealing": 0}
    name = _EVENTS
    log = bag.exhibit.get("logbook") if isinstance(bag.exhibit.get("logbook"), dict) else {}
    blocks = pem_blocks(str(log.get("public_key", "")).encode(), "PUBLIC KEY")
    key = blocks[0][12:] if blocks and blocks[0].startswith(_ED_PREFIX) else None
    told["log_key"] = fingerprint(blocks[0]) if blocks else None
    _check_log_head(bag, log, key, told, heads)
    wrong = {finding["path"] for finding in bag.findings}  # already named: what rests on those is no finding of its own
    for number, line in enumerate(bag.bytes_of(name).decode("utf-8", "replace").rstrip("\n").split("\n"), 1):
        told["events"] += 1
        proof = ""
        try:
            event = json.loads(line)
            proof = str(event["proof"])
            trouble = _event_trouble(bag, event, key, told, log.get("checkpoint"))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError):
            trouble = "cannot be read"
        if not trouble:
            told["proven"] += 1
        elif not wrong & {name, proof, _EXHIBIT}:
            bag.add("event-bad", name, f"Line {number} of {name} {trouble}.")
    if not told["of_sealing"] and not wrong & {name, _EXHIBIT, MAN512, TAG512} and not bag.wrong(name):
        bag.add("event-bad", name, f"No entry in {name} is of the sealing of what lies in this folder.")
    if told["held"] == "differs":
        size = told["head"].partition(":")[0]
        says = f"{_EXHIBIT} states another head of the logbook at {size} entries than the one you hold."
        bag.add("head-disagrees", _EXHIBIT, says)
    return told


def _check_log_head(bag, log, key, told, heads):
    """The head that exhibit.json states: signed by the key it names, and the same as somebody else's of that size."""
    if bag.wrong(_EXHIBIT):
        return
    try:
        origin, size, root, text, signatures = read_checkpoint(str(log.get("checkpoint")))
        good = key is not None and any(_signs(key, origin, text, line) for line in signatures)
    except (ValueError, IndexError):
        good = False
    if not good:
        says = f"{_EXHIBIT} has no head of the logbook that is signed with the logbook's key."
        bag.add("event-bad", _EXHIBIT, says)
        return
    told["head"] = f"{size}:{base64.b64encode(root).decode()}"
    same = [other for other in heads if other[0] == size]
    if any(other[1] != root for other in same):
        told["held"] = "differs"
    else:
        told["held"] = "same" if same else "other-size" if heads else None


def _event_trouble(bag, event, key, told, head):
    canonical = event["canonical"]
    entry = json.loads(canonical)
    if event["number"] != entry["number"]:
        return "is numbered otherwise than the entry in it"
    for field, opened in event["opened"].items():
        value = json.dumps(opened["value"], ensure_ascii=False)
        if hashlib.sha256(bytes.fromhex(opened["salt"]) + value.encode()).hexdigest() != entry["commitments"][field]:
            return f"shows a {field} that the logbook did not commit to"
    if event["proof"] not in bag.files:
        return f"names a proof that is not there: {event['proof']}"
    index, path, checkpoint = read_proof(bag.bytes_of(event["proof"]).decode())
    if index != entry["number"] - 1:
        return "has the proof of another entry"
    origin, size, root, text, signatures = read_checkpoint(checkpoint)
    leaf = hashlib.sha256(b"\x00" + canonical.encode()).digest()
    if inclusion_root(leaf, index, size, path) != root:
        return f"is not proven by {event['proof']}: the entry or the proof was altered"
    if key is None or not any(_signs(key, origin, text, line) for line in signatures):
        return f"has a proof whose checkpoint is not signed by the logbook's key ({event['proof']})"
    if checkpoint != head:
        return f"is proven under another head of the logbook than the one in {_EXHIBIT} ({event['proof']})"
    told["origin"] = origin
    content = bag.digests.get(MAN512)
    if content and entry["action"] == _SEALED and entry["facts"].get("manifest_sha512") == content.sha512:
        told["of_sealing"] += 1
    return ""


def _signs(key, origin, text, line):
    name, _, blob = line[2:].rpartition(" ")
    raw = base64.b64decode(blob, validate=True)
    expected = hashlib.sha256(name.encode() + b"\n\x01" + key).digest()[:4]
    return (
        line.startswith("\u2014 ") and name == origin and raw[:4] == expected and ed25519_verifies(key, raw[4:], text)
    )


def read_proof(text):
    """(index, path, checkpoint) of a C2SP tlog-proof."""
    head, _, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1":
        raise ValueError("no tlog-proof")
    if lines[1].startswith("extra "):
        del lines[1]
    if not lines[1].startswith("index "):
        raise ValueError("no index")
    return int(lines[1][6:]), [base64.b64decode(line, validate=True) for line in lines[2:]], checkpoint


def read_checkpoint(note):
    """(origin, size, root, signed text, signature lines) of a C2SP tlog-checkpoint."""
    body, _, signatures = note.rpartition("\n\n")
    origin, size, root = body.split("\n")[:3]
    return origin, int(size), base64.b64decode(root, validate=True), (body + "\n").encode(), signatures.splitlines()


def inclusion_root(leaf, index, size, path):
    """The root that a leaf and its path lead to (RFC 9162, 2.1.3.2), or None where the path has the wrong length."""
    if not 0 <= index < size:
        return None
    node, last = index, size - 1
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            leaf = hashlib.sha256(b"\x01" + sibling + leaf).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            leaf = hashlib.sha256(b"\x01" + leaf + sibling).digest()
        node, last = node >> 1, last >> 1
    return leaf if last == 0 else None


# ---- TIME STAMP: RFC 3161, and as much of CMS and X.509 as it needs -------------------------------------------------


class DerError(Exception):
    """Bytes that are not the DER they should be."""


class Der:
    """One DER element: its tag, its body, and its own bytes with the head."""

    def __init__(self, data, at=0):
        try:
            self.tag, length, body = data[at], data[at + 1], at + 2
            if length & 0x80:
                count = length & 0x7F
                if not 0 < count < 5:
                    raise DerError("length")
                length = int.from_bytes(data[body : body + count], "big")
                body += count
        except IndexError:
            raise DerError("cut short") from None
        self.end = body + length
        if self.end > len(data):
            raise DerError("cut short")
        self.body, self.raw = data[body : self.end], data[at : self.end]

    def children(self):
        found, at = [], 0
        while at < len(self.body):
            found.append(Der(self.body, at))
            at = found[-1].end
        return found

    def number(self):
        return int.from_bytes(self.body, "big", signed=True)


def ecdsa_numbers(signature):
    """(r, s) of a DER signature."""
    outer = Der(signature)
    parts = outer.children()
    if outer.tag != 0x30 or outer.end != len(signature) or [p.tag for p in parts] != [2, 2]:
        raise DerError("no signature")
    return parts[0].number(), parts[1].number()


_HASHES = {
    "608648016503040201": hashlib.sha256,
    "608648016503040202": hashlib.sha384,
    "608648016503040203": hashlib.sha512,
}
_SIGNATURE_HASH = {  # signature algorithm -> its hash, where the algorithm names one
    "2a864886f70d01010b": hashlib.sha256,
    "2a864886f70d01010c": hashlib.sha384,
    "2a864886f70d01010d": hashlib.sha512,
    "2a8648ce3d040302": hashlib.sha256,
    "2a8648ce3d040303": hashlib.sha384,
    "2a8648ce3d040304": hashlib.sha512,
}
_RSA, _EC = "2a864886f70d010101", "2a8648ce3d0201"
_CURVES = {"2a8648ce3d030107": P256, "2b81040022": P384}
_SIGNED_DATA, _TST = "2a864886f70d010702", "2a864886f70d0109100104"
_CONTENT_TYPE, _DIGEST = "2a864886f70d010903", "2a864886f70d010904"  # signed attributes
_SIGNING_CERTIFICATE, _SIGNING_CERTIFICATE_2 = "2a864886f70d010910020c", "2a864886f70d010910022f"
_BASIC, _KEY_USAGE, _EKU = "551d13", "551d0f", "551d25"  # extensions of a certificate
_ANY_PURPOSE, _FOR_STAMPS = "551d2500", "2b06010505070308"
#: Critical extensions that are looked at here, or that change nothing for a time stamp: names of subject and issuer,
#: identifiers of keys, policies (none is asked for). Any other that is critical must be refused (RFC 5280, 4.2).
_KNOWN_EXTENSIONS = {_BASIC, _KEY_USAGE, _EKU, "551d0e", "551d23", "551d11", "551d12", "551d20"}
_LONGEST_CHAIN = 8


class ChainError(Exception):
    """A certificate, or the chain above it, is not what RFC 3161 and RFC 5280 ask; the text says what."""


class Certificate:
    """What checking a chain needs of an X.509 certificate."""

    def __init__(self, der):
        self.der = der
        tbs, algorithm, signature = Der(der).children()
        fields = tbs.children()
        fields = fields[1:] if fields[0].tag == 0xA0 else fields
        self.serial, self.issuer, self.subject = fields[0].number(), fields[2].raw, fields[4].raw
        self.from_, self.until = (_moment(part) for part in fields[3].children())
        self.key, self.tbs, self.signature = fields[5], tbs.raw, signature.body[1:]
        self.algorithm = algorithm.children()[0].body.hex()
        self.same_algorithm = fields[1].raw == algorithm.raw
        self.name = name_text(self.subject)
        self.extensions = self._extensions(fields[6:])

    def _extensions(self, rest):
        """{extension: (critical, value)}. Raises ChainError for one that stands twice."""
        found = {}
        for part in next((e.children()[0].children() for e in rest if e.tag == 0xA3), ()):
            oid, *flags, value = part.children()
            if oid.body.hex() in found:
                raise ChainError(f"the certificate of {self.name} has an extension twice")
            found[oid.body.hex()] = (bool(flags) and flags[0].body != b"\0", value.body)
        return found

    def usage(self, *bits):
        """Whether the key may be used for one of these; a certificate without the extension does not limit it."""
        if _KEY_USAGE not in self.extensions:
            return True
        body = Der(self.extensions[_KEY_USAGE][1]).body[1:]
        return any(bit // 8 < len(body) and body[bit // 8] & 0x80 >> bit % 8 for bit in bits)

    def purposes(self):
        """The purposes of the extended key usage as hexadecimal, None where the extension is not there."""
        if _EKU not in self.extensions:
            return None
        return [part.body.hex() for part in Der(self.extensions[_EKU][1]).children()]

    def authority(self):
        """(whether it is a CA's, the longest path below it or None)."""
        parts = Der(self.extensions[_BASIC][1]).children() if _BASIC in self.extensions else []
        is_ca = bool(parts) and parts[0].tag == 1 and parts[0].body != b"\0"
        return is_ca, parts[1].number() if is_ca and len(parts) > 1 else None

    def signed_itself(self):
        """Whether this is a root: its own key signed it."""
        return self.issuer == self.subject and bool(self.verifies(self.signature, self.tbs, self.algorithm))

    def check(self, moment):
        """What every certificate of a chain is held to. Raises ChainError."""
        if not self.from_ <= moment <= self.until:
            raise ChainError(f"a certificate of the authority was not valid then, that of {self.name}")
        if not self.same_algorithm:
            raise ChainError(f"the certificate of {self.name} names two signature algorithms")
        strange = [oid for oid, (critical, _) in self.extensions.items() if critical and oid not in _KNOWN_EXTENSIONS]
        if strange:
            raise ChainError(f"the certificate of {self.name} has a critical extension that this program does not know")

    def check_stamping(self, moment):
        """RFC 3161, 2.3: a key for time stamps and for nothing else, marked critical. Raises ChainError."""
        self.check(moment)
        if self.purposes() != [_FOR_STAMPS]:
            raise ChainError(f"the certificate of {self.name} is not for time stamps and for nothing else")
        if not self.extensions[_EKU][0]:
            raise ChainError(f"the certificate of {self.name} does not mark as critical that it is for time stamps")
        if not self.usage(0, 1):
            raise ChainError(f"the key of {self.name} is not for signatures")

    def check_issuing(self, moment, below):
        """RFC 5280, 6.1.4: a CA's certificate with `below` others between it and the last. Raises ChainError."""
        self.check(moment)
        is_ca, longest = self.authority()
        if not is_ca:
            raise ChainError(f"{self.name} signed a certificate and is no certificate authority")
        if not self.usage(5):
            raise ChainError(f"the key of {self.name} is not for signing certificates")
        if longest is not None and below > longest:
            raise ChainError(f"the chain below {self.name} is longer than its certificate allows")
        purposes = self.purposes()
        if purposes is not None and not {_FOR_STAMPS, _ANY_PURPOSE} & set(purposes):
            raise ChainError(f"the certificate authority {self.name} is not for time stamps")

    def verifies(self, signature, message, algorithm, digest_name=None):
        """Whether this certificate's key made a signature; None where the algorithm is not one that we know."""
        head, bits = self.key.children()
        kind = head.children()
        make = _SIGNATURE_HASH.get(algorithm) or _HASHES.get(digest_name or "")
        if make is None:
            return None
        if kind[0].body.hex() == _RSA and algorithm != "2a864886f70d01010a":
            n, e = (part.number() for part in Der(bits.body[1:]).children())
            return rsa_verifies(n, e, signature, make, message)
        if kind[0].body.hex() == _EC and kind[1].body.hex() in _CURVES:
            curve = _CURVES[kind[1].body.hex()]
            point, width = bits.body[1:], (curve.p.bit_length() + 7) // 8
            x, y = int.from_bytes(point[1 : 1 + width], "big"), int.from_bytes(point[1 + width :], "big")
            return curve.verifies(x, y, *ecdsa_numbers(signature), make(message).digest())
        return None


def rsa_verifies(n, e, signature, make, message):
    """RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.2)."""
    names = {
        hashlib.sha256: "608648016503040201",
        hashlib.sha384: "608648016503040202",
        hashlib.sha512: "608648016503040203",
    }
    digest, width = make(message).digest(), (n.bit_length() + 7) // 8
    oid = bytes.fromhex(names[make])
    info = b"\x30" + bytes([len(oid) + 4]) + b"\x06" + bytes([len(oid)]) + oid + b"\x05\x00"
    info = b"\x30" + bytes([len(info) + 2 + len(digest)]) + info + b"\x04" + bytes([len(digest)]) + digest
    wanted = b"\x00\x01" + b"\xff" * (width - len(info) - 3) + b"\x00" + info
    return len(signature) == width and pow(int.from_bytes(signature, "big"), e, n).to_bytes(width, "big") == wanted


def _moment(element):
    text = element.body.decode("ascii").rstrip("Z").split(".")[0]
    if element.tag == 0x17:  # UTCTime: two digits of the year
        text = ("19" if int(text[:2]) >= 50 else "20") + text
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc)


def check_time_stamp(bag):
    """Who says since when the seal exists: `answer` is missing, good, bad or unchecked; `promised` as the bag says."""
    promised = bag.exhibit.get("time_stamped") is True
    if STAMP not in bag.files:
        if promised and not bag.wrong(STAMP):
            bag.add("missing", STAMP, f"{STAMP} is missing: metadata/exhibit.json says that the seal was time-stamped.")
        return {"answer": "missing", "time": None, "promised": promised}
    told = judge_stamp(bag.bytes_of(STAMP), bag.bytes_of(TAG512), pem_blocks(bag.bytes_of(STAMP_CHAIN), "CERTIFICATE"))
    if told["answer"] == "bad" and not any(bag.wrong(name) for name in (TAG512, STAMP, STAMP_CHAIN)):
        bag.add("time-stamp-bad", STAMP, f"The time stamp is not good: {told['why']}.")
    return {**told, "promised": promised}


def judge_stamp(answer, message, chain=()):
    """What an authority's answer (RFC 3161) proves of a message: `answer` is good, bad or unchecked, with `why`.

    `chain` are certificates in DER that may stand between the authority and its root, beside those in the answer.
    Held to RFC 3161 (what is stamped, one signature, its attributes, a key for time stamps alone) and to RFC 5280
    (validity at the stamp's time, names and signatures up to a root, who may sign certificates, path lengths,
    critical extensions). Whether to trust the root is the reader's to say, and no list of revoked ones is asked.
    """
    told = {"answer": "bad", "time": None}
    try:
        proven = _stamp(answer, message, chain, told)
        return {**told, "answer": "good", **proven}
    except ChainError as error:
        return {**told, "why": str(error)}
    except UnknownMethod as error:
        return {**told, "answer": "unchecked", "why": str(error)}
    except (DerError, ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return {**told, "why": "it cannot be read"}


class UnknownMethod(Exception):
    """A signature by a method that this program does not know."""


def _need(condition, why):
    if not condition:
        raise ChainError(why)


def _stamp(answer, message, chain, told):
    response = Der(answer).children()
    _need(response[0].children()[0].number() in (0, 1), "the authority refused it")
    kind, wrapped = response[1].children()
    _need(kind.body.hex() == _SIGNED_DATA, "it is no signed message")
    signed = wrapped.children()[0].children()
    content = signed[2].children()
    _need(content[0].body.hex() == _TST, "it is no time stamp")
    info = content[1].children()[0].body
    fields = Der(info).children()
    _need(fields[0].number() == 1, "it is of another version than 1")
    told["time"] = utc_seconds(fields[4])
    extensions = [part for field in fields[5:] if field.tag == 0xA1 for part in field.children()]
    _need(
        not any(part.children()[1].tag == 1 and part.children()[1].body != b"\0" for part in extensions),
        "it has a critical extension that this program does not know",
    )
    imprint = fields[2].children()
    make = _HASHES.get(imprint[0].children()[0].body.hex())
    _need(
        make is not None and make(message).digest() == imprint[1].body,
        f"it was made for other bytes than those of {TAG512}",
    )
    own = [part for element in signed[3:] if element.tag == 0xA0 for part in element.children()]
    certificates = [Certificate(part.raw) for part in own if part.tag == 0x30] + [Certificate(der) for der in chain]
    signers = signed[-1].children()
    _need(len(signers) == 1, "it is signed by more than one")
    mine = _signer(signers[0].children(), info, certificates)
    moment = datetime.strptime(told["time"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    mine.check_stamping(moment)
    root = mine if mine.signed_itself() else _chain(mine, certificates, moment)
    return {"authority": mine.name, "root": fingerprint(root.der) if root else None}


def _signer(signer, info, certificates):
    """The certificate of whoever signed, once the signature and what it covers are found good. Raises ChainError."""
    issuer, serial = (part for part in signer[1].children()) if signer[1].tag == 0x30 else (None, None)
    mine = [c for c in certificates if issuer and c.issuer == issuer.raw and c.serial == serial.number()]
    attributes = next((part for part in signer if part.tag == 0xA0), None)
    _need(mine and attributes is not None, "the authority's certificate is not with it")
    digest = signer[2].children()[0].body.hex()
    after = signer[signer.index(attributes) + 1 :]
    algorithm, signature = after[0].children()[0].body.hex(), after[1].body
    parts = [part.children() for part in attributes.children()]
    stated = {oid.body.hex(): values.children() for oid, values in parts}
    _need(len(stated) == len(parts), "a signed attribute stands twice")
    _need([value.body.hex() for value in stated.get(_CONTENT_TYPE, ())] == [_TST], "it is signed as something else")
    _need(
        digest in _HASHES and [value.body for value in stated.get(_DIGEST, ())] == [_HASHES[digest](info).digest()],
        "what is signed is not what is stated",
    )
    _need(_names(stated, mine[0]), "it does not say by which certificate it is signed")
    good = mine[0].verifies(signature, b"\x31" + attributes.raw[1:], algorithm, digest)
    if good is None:
        raise UnknownMethod("signed by a method that this program does not know")
    _need(good, "the authority's signature is wrong")
    return mine[0]


def _names(stated, certificate):
    """RFC 3161, 2.4.2 and RFC 5816: the signed attributes hold the hash of the certificate that signed."""
    if _SIGNING_CERTIFICATE_2 in stated:
        first = stated[_SIGNING_CERTIFICATE_2][0].children()[0].children()[0].children()
        make = _HASHES.get(first[0].children()[0].body.hex()) if first[0].tag == 0x30 else hashlib.sha256
        hashed = first[1] if first[0].tag == 0x30 else first[0]
        return make is not None and hashed.body == make(certificate.der).digest()
    if _SIGNING_CERTIFICATE in stated:
        first = stated[_SIGNING_CERTIFICATE][0].children()[0].children()[0].children()
        return first[0].body == hashlib.sha1(certificate.der).digest()  # noqa: S324  # which RFC 3161 itself asks for
    return False


def _chain(certificate, certificates, moment, below=0, seen=()):
    """The root (one that signed itself) above a certificate, or None where nothing above is at hand.

    Every way up is tried, for an authority may be certified twice. Raises ChainError where each breaks a rule.
    """
    _need(len(seen) < _LONGEST_CHAIN, "the chain of certificates is too long")
    trouble = None
    for above in certificates:
        if above.subject != certificate.issuer or above.der in seen:
            continue
        trouble = trouble or ChainError(f"no certificate of that name signed that of {certificate.name}")
        good = above.verifies(certificate.signature, certificate.tbs, certificate.algorithm)
        if good is None:
            raise UnknownMethod(
                f"the certificate of {certificate.name} is signed by a method this program does not know"
            )
        if not good:
            continue
        try:
            above.check_issuing(moment, below)
            if above.signed_itself():
                return above
            # One that a CA made for itself, to change its key, does not count (RFC 5280, 6.1.4).
            further = below + (above.issuer != above.subject)
            return _chain(above, certificates, moment, further, (*seen, certificate.der))
        except ChainError as error:
            trouble = error
    if trouble is not None:
        raise trouble
    _need(not seen or not any(c.subject == certificate.issuer for c in certificates), "its certificates go in a circle")
    return None


def utc_seconds(element):
    return _moment(element).strftime("%Y-%m-%dT%H:%M:%SZ")


def name_text(raw):
    """The common name (else the last part) of an X.501 name."""
    parts = [attribute.children() for group in Der(raw).children() for attribute in group.children()]
    named = [v for k, v in parts if k.body.hex() == "550403"] or [parts[-1][1]] if parts else []
    return named[0].body.decode("utf-8", "replace") if named else ""


# ---- REPORT ---------------------------------------------------------------------------------------------------------


def verify_bag(folder, keys=(), trusted=(), require_time_stamp=False, tell=None, known=None, heads=()):
    """Check a bag and return the report as a dict: `answer`, `exit`, `proven`, `not_proven`, `findings`, and more.

    `keys` are fingerprints that must have signed it, `trusted` public keys in DER; `tell(bytes)` is called as it reads.
    `known` gives Digests of files that the caller itself has just read and that are not read again; `heads` are (size,
    root) of the logbook that somebody else holds.
    Raises Unusable where there is nothing to check.
    """
    bag = Bag(folder, tell, known)
    signed = check_signatures(bag)
    check_files(bag, any(signed["good"].values()))
    check_signature_sums(bag)
    blame_signatures(bag, signed)
    stamp = check_time_stamp(bag)
    events = check_events(bag, heads)
    key = _key_answer(signed, keys, trusted)
    code = _exit_code(bag, signed, key, stamp, require_time_stamp)
    return {
        "format": FORMAT,
        "folder": str(folder),
        "reference": str(bag.exhibit.get("reference", bag.folder.resolve().name)),
        "answer": ANSWERS[code],
        "exit": code,
        "findings": bag.findings,
        "signed": fully_signed(signed),
        "files": len(bag.files),
        "besides": bag.besides,
        "bytes": bag.size,
        "key": {"answer": key, "ed25519": signed["ed25519"], "p256": signed["p256"]},
        "time_stamp": stamp,
        "logbook": events,
        "proven": _proven(bag, signed, key, stamp, events, code),
        "not_proven": _not_proven(key, stamp, events, code),
    }


def _key_answer(signed, keys, trusted):
    """not-compared, trusted, unknown (not in the trusted list) or wrong (not the key that was named)."""
    prints = {bare(signed[kind]) for kind in ("ed25519", "p256") if signed[kind]}
    wanted = {bare(key) for key in keys}
    if wanted:
        return "trusted" if wanted & prints else "wrong"
    if trusted:
        return "trusted" if set(trusted) & set(signed["spki"]) else "unknown"
    return "not-compared"


def _exit_code(bag, signed, key, stamp, require_time_stamp):
    if bag.findings or not fully_signed(signed):
        return ALTERED
    if key in ("wrong", "unknown"):
        return KEY_WRONG if key == "wrong" else KEY_UNKNOWN
    return STAMP_MISSING if require_time_stamp and stamp["answer"] != "good" else GOOD


def _proven(bag, signed, key, stamp, events, code):
    told = []
    if code != ALTERED:
        added = "none was added" if not bag.besides else "none was added but what a desktop left"
        told.append(f"All {len(bag.files)} files are there, {added}, and every one of {bag.size:,} bytes is as sealed.")
    if fully_signed(signed):
        told.append("The list of files and hashes carries two good signatures (Ed25519 and ECDSA P-256).")
    if key == "trusted" and fully_signed(signed):
        told.append("They were made with the key you named or trust.")
    if stamp["answer"] == "good":
        told.append(f"The seal existed at {stamp['time']}: time-stamped by {stamp['authority'] or 'an authority'}.")
    if events["events"] and events["proven"] == events["events"]:
        told.append(
            f"{events['events']} entries about it stand in the scheme's logbook, under its signed head"
            f" ({events['origin']})."
        )
        if events["held"] == "same":
            told.append("That head is the one that you hold.")
    return told


def _not_proven(key, stamp, events, code):
    told = []
    if key == "not-compared":
        told.append(
            "Who signed: compare the key's fingerprint with the one the scheme publishes (or give it with --key)."
        )
    if key == "unknown":
        told.append("Who signed: the key is not among those you trust.")
    if key == "wrong":
        told.append("Who signed: it is not the key you named.")
    if stamp["answer"] == "missing":
        told.append(
            "Since when: there is no time stamp of an independent authority; the time is the scheme's own word."
        )
    elif stamp["answer"] == "unchecked":
        told.append(f"Since when: {stamp['why']}; check it with openssl (HOW-TO-VERIFY.txt).")
    elif stamp["answer"] == "good":
        root = stamp.get("root")
        told.append(
            f"Whether to trust the time-stamping authority: its root is {root}."
            if root
            else "Whether to trust the time-stamping authority: its root certificate is not in the exhibit."
        )
    if events["log_key"]:
        told.append(f"That the logbook's key {events['log_key']} is the scheme's: compare it as well.")
    if events["events"]:
        told.append("That these are all the entries about it: what is left out of a folder leaves no trace in it.")
    if events["held"] == "other-size":
        told.append(
            f"That the logbook is the one whose head you hold: yours is of another size than {events['head']}. Ask the"
            " scheme, or the logbook's page for inspectors, for its head at this size."
        )
    elif events["head"] and not events["held"]:
        told.append(
            "That the scheme showed everybody the same logbook: compare its head with one that somebody else holds, or"
            f" give that with --head. It is {events['head']}."
        )
    told.append(
        "What the pictures show, and that camera and clock were right: no signature can prove that. The measured"
        " clock offset and every gap are in metadata/exhibit.json."
    )
    return told


HEADLINES = {
    GOOD: "Nothing was altered.",
    ALTERED: "THIS IS NOT AS IT WAS SEALED.",
    KEY_UNKNOWN: "Nothing was altered since it was signed, but the key that signed it is not one you trust.",
    KEY_WRONG: "Nothing was altered since it was signed, but ANOTHER KEY than the one you named signed it.",
    STAMP_MISSING: "Nothing was altered, but there is no time stamp.",
}


GOOD_WITH_MORE = "Nothing was altered. It is whole, with files in its folder that are not part of it."

REST_GOOD = "What is not named here is as it was sealed: the signed list vouches for it."
REST_UNKNOWN = "The list that was signed is not whole, so the scheme's signature vouches for nothing in this folder."


#: Printable by the tables of Unicode, and yet nothing is seen: joiners, fillers, variation selectors, an empty Braille.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def _shows(letter):
    return letter.isprintable() and not _UNSEEN.match(letter)


def plain(text):
    r"""One line as it may be shown: what does not print, or turns the direction, is escaped, and \ is doubled."""
    return "".join(letter if _shows(letter) and letter != "\\" else _escaped(letter) for letter in text)


def _escaped(letter):
    if letter == "\\":
        return "\\\\"
    number = ord(letter)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65536 else f"\\U{number:08x}"


def plain_json(text):
    """JSON as it may be shown: the same value, with what does not print escaped as JSON escapes it."""
    return "".join(letter if _shows(letter) or letter == "\n" else json.dumps(letter)[1:-1] for letter in text)


def words(report):
    """The report as plain text."""
    whole = report["exit"] == GOOD and report["besides"]
    lines = [f"Exhibit {report['reference']}: {GOOD_WITH_MORE if whole else HEADLINES[report['exit']]}", ""]
    for finding in report["findings"]:
        lines.append(f"  ! {finding['says']}")
    if report["exit"] == ALTERED:
        lines += ["", "  " + (REST_GOOD if report["signed"] else REST_UNKNOWN)]
    if report["besides"]:
        lines += ["Not part of it, left by a computer on which it was opened, and signed by nobody"]
        lines += [f"  - {name}" for name in report["besides"]]
    for title, key in (("Proven", "proven"), ("Not proven", "not_proven")):
        if report[key]:
            lines += ["", title, *(f"  - {line}" for line in report[key])]
    lines += [
        "",
        "Signed by",
        f"  Ed25519  {report['key']['ed25519'] or '(no key)'}",
        f"  P-256    {report['key']['p256'] or '(no key)'}",
    ]
    # Nothing that the folder holds can begin a line, or change how one looks.
    return "\n".join(plain(line) for line in lines).replace("\n\n\n", "\n\n")


def read_heads(given):
    """[(size, root)] of SIZE:HASH, the hash in base64 or hexadecimal, or of a file with such lines. Raises Unusable."""
    lines = [given]
    if os.path.isfile(given):
        try:
            lines = [line for line in Path(given).read_text(encoding="utf-8").splitlines() if line.strip()]
        except (OSError, UnicodeDecodeError):
            raise Unusable(f"{given} cannot be read.") from None
    heads = []
    for line in lines:
        size, _, root = "".join(line.split()).partition(":")
        hexadecimal = re.fullmatch("[0-9a-fA-F]{64}", root)
        if not re.fullmatch("0|[1-9][0-9]{0,18}", size) or not (
            hexadecimal or re.fullmatch("[A-Za-z0-9+/]{43}=", root)
        ):
            raise Unusable(
                f"{line.strip()} is no head of a logbook: give SIZE:HASH, the hash in base64 or hexadecimal."
            )
        heads.append((int(size), bytes.fromhex(root) if hexadecimal else base64.b64decode(root)))
    return heads


def read_trusted(path):
    """The public keys in a PEM file. Raises Unusable where there is none."""
    try:
        blocks = pem_blocks(Path(path).read_bytes(), "PUBLIC KEY")
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}.") from None
    if not blocks:
        raise Unusable(f"{path} holds no public key in PEM.")
    return blocks


class Meter:
    """Tells on the terminal how far the reading is and how long it will take."""

    def __init__(self, folder):
        files, _ = list_files(Path(folder)) if Path(folder).is_dir() else ({}, [])
        self.total = sum(path.stat().st_size for path in files.values())
        self.done, self.start, self.told = 0, time.monotonic(), 0.0

    def __call__(self, count):
        self.done += count
        now = time.monotonic()
        if now - self.told > 0.2 and self.total > CHUNK:
            self.told, rate = now, self.done / max(now - self.start, 0.001)
            left = (self.total - self.done) / rate
            print(f"\r  {100 * self.done // self.total:3d} %  {left:4.0f} s left ", end="", file=sys.stderr, flush=True)

    def close(self):
        if self.told:
            print("\r" + " " * 24 + "\r", end="", file=sys.stderr, flush=True)


def add_arguments(parser, default=None):
    """The options of this program, for whoever wants to offer them under another name."""
    parser.add_argument("folder", nargs="?" if default else None, default=default, help="the exhibit's folder")
    parser.add_argument(
        "--key", action="append", default=[], metavar="FINGERPRINT", help="the key that must have signed"
    )
    parser.add_argument(
        "--trusted", action="append", default=[], metavar="KEYFILE", help="public keys that you trust (PEM)"
    )
    parser.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="SIZE:HASH",
        help="a head of the scheme's logbook that somebody else holds, as it is printed, or a file with it",
    )
    parser.add_argument("--require-time-stamp", action="store_true", help="a missing time stamp is exit code 5")
    parser.add_argument("--json", action="store_true", help="the whole report as JSON")


def run(options):
    """Check, print, and return the exit code."""
    meter = Meter(options.folder) if sys.stderr.isatty() else None
    try:
        for key in options.key:
            if len(bare(key)) != 64 or set(bare(key)) - set("0123456789abcdef"):
                raise Unusable(f"{key} is no fingerprint: give the 64 hexadecimal digits (spaces and colons may stay).")
        trusted = [der for path in options.trusted for der in read_trusted(path)]
        heads = [head for given in options.head for head in read_heads(given)]
        report = verify_bag(options.folder, options.key, trusted, options.require_time_stamp, meter, heads=heads)
    except (Unusable, OSError) as error:
        report = {
            "format": FORMAT,
            "folder": str(options.folder),
            "answer": ANSWERS[UNUSABLE],
            "exit": UNUSABLE,
            "says": str(error),
            "findings": [],
        }
    if meter:
        meter.close()
    unusable = report["exit"] == UNUSABLE
    if options.json:
        text = plain_json(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        text = plain(report["says"]) if unusable else words(report)
    stream = sys.stderr if unusable and not options.json else sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")  # no name is one that a terminal cannot show
    print(text, file=stream)
    return report["exit"]


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="verify.py",
        description="Checks a sealed exhibit.",
        epilog="Exit codes: 0 good, 1 altered, 2 cannot be checked, 3 unknown key, 4 wrong key, 5 no time stamp.",
    )
    add_arguments(parser, default=str(Path(__file__).resolve().parent))
    return run(parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
