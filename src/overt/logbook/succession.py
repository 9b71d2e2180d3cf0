"""Changing the logbook's key so that what the old one signed still holds, and nothing that it signs from now on does.

The old key names the new one and the size up to which it signed; the new key signs the same note. Whoever holds
either of the two can therefore follow the change, forwards or backwards, and refuses a key that is in no such note.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.utils import timezone

from overt.logbook import keys, notes
from overt.logbook.log_actions import KEY_CHANGED, KeyChanged
from overt.logbook.models import Checkpoint, KeySuccession
from overt.logbook.recording import log
from overt.shared.errors import BadInput

SUCCESSION = "key succession"


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key that signs, or signed, checkpoints of more than `after` entries and of at most `to` (None: no end yet)."""

    public: bytes
    after: int = -1
    to: int | None = None

    def covers(self, size: int) -> bool:
        return size > self.after and (self.to is None or size <= self.to)


def change_key(*, reason: str) -> KeySuccession:
    """Make a new key and let the old one vouch for it; the old one is destroyed. Raises BadInput, LogbookDamaged.

    Not inside a transaction: a last checkpoint is signed by the old key first, and a first one by the new.
    """
    from overt.logbook.checkpoints import head, make_checkpoint

    if not reason.strip():
        raise BadInput("Say why the key is changed.")
    last = make_checkpoint()
    origin, old, new = head().origin, keys.signing_key(), Ed25519PrivateKey.generate()
    made = KeySuccession(size=last.size, note=succession_note(origin, last, old, new), made_at=timezone.now())
    try:
        with transaction.atomic(durable=True):
            made.save(force_insert=True)
            lines = [notes.verifier_key(origin, key.public_key().public_bytes_raw()) for key in (old, new)]
            facts = KeyChanged(old=lines[0], new=lines[1], size=last.size)
            log(KEY_CHANGED, by=None, reason=reason.strip(), facts=facts)
            # Under the logbook's lock: no checkpoint can be signed between the last of the old key and this.
            keys.put_in_place(new)
    except BaseException:
        if keys.public_key() != old.public_key().public_bytes_raw():
            keys.take_back()
        raise
    keys.let_go()
    make_checkpoint()
    return made


def succession_note(origin: str, last: Checkpoint, old: Ed25519PrivateKey, new: Ed25519PrivateKey) -> str:
    """Log, `key succession`, size and root as the old key last signed them, both keys; signed by both."""
    root = b64encode(bytes.fromhex(last.root)).decode()
    lines = [notes.verifier_key(origin, key.public_key().public_bytes_raw()) for key in (old, new)]
    text = "\n".join([origin, SUCCESSION, str(last.size), root, *lines]) + "\n"
    signed = [notes.sign(text, origin, key) for key in (old, new)]
    return signed[0] + signed[1].removeprefix(text + "\n")


def read_succession(note: str, origin: str) -> tuple[int, bytes, bytes]:
    """Size, old key and new key of a note that both signed. Raises BadNote."""
    lines = note.split("\n")
    if len(lines) < 6 or lines[:2] != [origin, SUCCESSION] or not lines[2].isdecimal():
        raise notes.BadNote("this is no change of this logbook's key")
    named = [notes.read_verifier_key(line) for line in lines[4:6]]
    for name, public in named:
        if name != origin:
            raise notes.BadNote("it names a key of another log")
        notes.opened(note, origin, public)
    return int(lines[2]), named[0][1], named[1][1]


def known_keys(origin: str) -> list[KnownKey]:
    """The present key and those before it, newest first, as far back as each names the one before."""
    return follow_back(
        origin, keys.public_key(), KeySuccession.objects.order_by("-size").values_list("note", flat=True)
    )


def follow_back(origin: str, public: bytes, newest_first: Iterable[str]) -> list[KnownKey]:
    found = [KnownKey(public)]
    for note in newest_first:
        try:
            size, old, new = read_succession(note, origin)
        except notes.BadNote:
            break
        if new != found[-1].public:
            break
        found[-1] = KnownKey(new, size, found[-1].to)
        found.append(KnownKey(old, to=size))
    return found


def opened_by(note: str, origin: str, known: Iterable[KnownKey]) -> notes.TreeHead:
    """What a checkpoint states, by whichever key signed it in its time. Raises BadNote."""
    stated = notes.unchecked_tree_head(note)
    wrong: notes.BadNote | None = None
    for key in known:
        try:
            notes.opened(note, origin, key.public)
        except notes.BadNote as error:
            wrong = wrong or error
            continue
        if not key.covers(stated.size):
            raise notes.BadNote("it is signed by a key that did not sign at this size")
        return stated
    raise wrong or notes.BadNote("no key is known")


def changes_text() -> str:
    """The changes of the key as inspect_offline.py reads them: a line of JSON for each."""
    rows = KeySuccession.objects.order_by("size").values_list("note", flat=True)
    return "".join(json.dumps({"note": note}) + "\n" for note in rows)


def is_named_last(public: bytes) -> bool:
    """Whether the last change of key names this one as the new key."""
    last = KeySuccession.objects.order_by("-size").values_list("note", flat=True).first()
    if last is None:
        return False
    try:
        return read_succession(last, last.split("\n")[0])[2] == public
    except notes.BadNote:
        return False
