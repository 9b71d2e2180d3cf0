"""A bag whose logbook can be forged: everything around it is listed and signed anew, so that only the log can tell."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from evidence.making import ORIGIN
from logbook.forgeries import Forgery
from overt.evidence.bag import build, layout, verify
from overt.evidence.bag.keys import SigningKeys
from overt.evidence.bag.pretty import pretty
from overt.logbook import merkle, notes
from overt.shared.canonical import canonical

SALT = b"\x07" * 16
HOLD, SEALED, HANDED = 2, 3, 5  # the entries that are about the exhibit
#: The logbook's key, and one that is not.
KEY, STRANGER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))


@dataclass
class Shown:
    """One line of events.jsonl: the entry and who did it, as the bag shows them."""

    entry: dict[str, Any]
    name: str = "Asha Patel"
    proof: tuple[bytes, ...] | None = None  # leaves of the tree its proof is of; the log's unless given
    note: str | None = None  # the checkpoint in its proof; the log's unless given


@dataclass
class Log:
    """A logbook of five entries, and what a bag shows of it."""

    manifest: str
    leaves: list[bytes] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    signer: Ed25519PrivateKey | None = KEY
    stated: str | None = None  # the checkpoint in exhibit.json, where it is another than in the proofs

    def __post_init__(self) -> None:
        actions = {HOLD: "evidence.hold.placed", SEALED: "evidence.exhibit.sealed", HANDED: "evidence.copy.handed_over"}
        for number in range(1, 6):
            action = actions.get(number, "watch.live.opened")
            one = Shown(self.entry(number, action, {"manifest_sha512": self.manifest} if number == SEALED else {}))
            self.leaves.append(canonical(one.entry))
            if number in actions:
                self.shown.append(one)

    def entry(self, number: int, action: str, facts: dict[str, Any], name: str = "Asha Patel") -> dict[str, Any]:
        commitment = sha256(SALT + canonical(name)).hexdigest()
        return {"action": action, "commitments": {"actor_name": commitment}, "facts": facts, "number": number}

    def note(self, leaves: list[bytes], signer: Ed25519PrivateKey | None) -> str:
        text = notes.TreeHead(ORIGIN, len(leaves), root(leaves)).text
        return notes.sign(text, ORIGIN, signer) if signer else f"{text}\n\u2014 nobody AAAA\n"

    @property
    def head(self) -> str:
        return f"{len(self.leaves)}:{b64encode(root(self.leaves)).decode()}"

    def put(self, folder: Path, keys: SigningKeys) -> None:
        """Write it into a bag and seal that anew."""
        for old in (folder / layout.PROOFS).iterdir():
            old.unlink()
        own, lines = self.note(self.leaves, self.signer), []
        for one in self.shown:
            leaves, number = list(one.proof or self.leaves), int(one.entry["number"])
            name = f"{layout.PROOFS}/{number:09d}.tlog-proof"
            path = merkle.inclusion_path(min(number, len(leaves)) - 1, len(leaves), subtree_of(leaves))
            layout.write(folder, name, notes.proof_text(number - 1, path, one.note or own).encode())
            opened: Any = {"actor_name": {"salt": SALT.hex(), "value": one.name}}
            text = canonical(one.entry).decode()
            line: Any = {"number": number, "canonical": text, "opened": opened, "proof": name}
            lines.append(pretty(line, lines=False))
        layout.write(folder, layout.EVENTS, b"".join(lines))
        told = json.loads((folder / layout.EXHIBIT).read_text())
        public = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        told["logbook"] = {"origin": ORIGIN, "public_key": public, "checkpoint": self.stated or own}
        layout.write(folder, layout.EXHIBIT, pretty(told))
        reseal(folder, keys)


def reseal(folder: Path, keys: SigningKeys) -> None:
    """What whoever has the exhibit's keys can do: list everything as it now is, and sign the list."""
    for name in verify.UNLISTED:
        (folder / name).unlink(missing_ok=True)
    build._sign(folder, build._write_tag_manifests(folder), keys, None)


def log_of(folder: Path) -> Log:
    return Log(sha512((folder / layout.MANIFEST_512).read_bytes()).hexdigest())


def root(leaves: list[bytes]) -> bytes:
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier, _ = merkle.grow(frontier, size, merkle.leaf_hash(leaf))
    return merkle.fold(frontier)


def subtree_of(leaves: list[bytes]) -> merkle.Subtree:
    return lambda level, index: root(leaves[index << level : (index + 1) << level])


# ---- the forgeries


def written_anew(log: Log) -> None:
    for one in log.shown:
        number = one.entry["number"]
        if number == HOLD:
            one.entry["facts"]["until"] = one.entry["facts"].get("until", 0) + 1
        sign(log, one)


def cut_and_signed(log: Log) -> None:
    log.leaves = log.leaves[:-1]
    log.shown = [one for one in log.shown if one.entry["number"] <= len(log.leaves)]
    for one in log.shown:
        sign(log, one)


def sign(log: Log, one: Shown) -> None:
    """Put an entry into the tree as it is shown, and the tree under the logbook's own key."""
    number = one.entry["number"]
    one.entry = log.entry(number, one.entry["action"], one.entry["facts"], one.name)
    log.leaves[number - 1 : number] = [canonical(one.entry)]
    one.proof = one.note = None
    log.signer, log.stated = KEY, None


def unsigned_end(log: Log) -> None:
    number = len(log.leaves) + 1
    added = log.entry(number, "evidence.copy.destroyed", {})
    leaves = (*log.leaves, canonical(added))
    log.shown.append(Shown(added, proof=leaves, note=log.note(list(leaves), None)))


def older_head(log: Log) -> None:
    """One entry is proven under a genuine head, and not under the one that the exhibit states."""
    log.shown[0].proof = tuple(log.leaves[:SEALED])
    log.shown[0].note = log.note(log.leaves[:SEALED], KEY)


def change(log: Log, at: int) -> None:
    log.shown[at].entry["facts"] = {**log.shown[at].entry["facts"], "changed": True}


def taken_out(log: Log) -> None:
    """The first of them is not shown, and the others are numbered as if it had never been."""
    log.shown = log.shown[1:]
    for one in log.shown:
        one.entry["number"] -= 1


def end_left_out(log: Log) -> None:
    log.shown = [one for one in log.shown if one.entry["action"] == "evidence.hold.placed"]


def other_key(log: Log) -> None:
    log.signer = STRANGER


def no_signature(log: Log) -> None:
    log.signer = None


def name_changed(log: Log) -> None:
    log.shown[0].name = "Bryn Howell"


FORGE: dict[Forgery, Callable[[Log], None]] = {
    Forgery.WRITTEN_ANEW: written_anew,
    Forgery.CUT_AND_SIGNED: cut_and_signed,
    Forgery.UNSIGNED_END: unsigned_end,
    Forgery.OLDER_HEAD: older_head,
    Forgery.LATE_CHANGED: lambda log: change(log, -1),
    Forgery.EARLY_CHANGED: lambda log: change(log, 0),
    Forgery.TAKEN_OUT: taken_out,
    Forgery.END_LEFT_OUT: end_left_out,
    Forgery.OTHER_KEY: other_key,
    Forgery.NO_SIGNATURE: no_signature,
    Forgery.NAME_CHANGED: name_changed,
}


def forged(log: Log, done: tuple[Forgery, ...]) -> Log:
    """A copy of the log after these forgeries."""
    made = deepcopy_of(log)
    for one in done:
        FORGE[one](made)
    return made


def deepcopy_of(log: Log) -> Log:
    made = Log(log.manifest)
    made.leaves, made.shown = list(log.leaves), deepcopy(log.shown)
    return made
