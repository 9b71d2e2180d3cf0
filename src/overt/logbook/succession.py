"""Changes of the logbook's key, read: which key signed what, from the present one back to the first.

The old key names the new one and the size up to which it signed; the new key signs the same note (see
change_key.py). Whoever holds either of the two can therefore follow the change, forwards or backwards, and refuses a
key that is in no such note.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from overt.logbook import notes
from overt.logbook.models import KeySuccession

SUCCESSION = "key succession"


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key that signs, or signed, checkpoints of more than `after` entries and of at most `to` (None: no end yet)."""

    public: bytes
    after: int = -1
    to: int | None = None

    def covers(self, size: int) -> bool:
        return size > self.after and (self.to is None or size <= self.to)


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
