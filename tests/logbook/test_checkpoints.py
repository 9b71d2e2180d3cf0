"""Checkpoints and proofs: what is signed, when, and that it can be checked by somebody else."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from overt.logbook import merkle, notes
from overt.logbook.append import bytes_of
from overt.logbook.checkpoints import consistency_proof, head, inclusion_proof, read_checkpoint
from overt.logbook.errors import BadCheckpoint, BadSize
from overt.logbook.keys import own_verifier_key, public_key
from overt.logbook.models import Checkpoint, Entry
from overt.logbook.services import checkpoint_if_due, make_checkpoint
from overt.logbook.since import since

Write = Callable[..., list[Entry]]


def test_a_checkpoint_is_a_signed_note_of_the_tree(write: Write) -> None:
    made = write(300)
    note = make_checkpoint().note
    origin, size, root, empty, line, end = note.split("\n")
    frontier: list[bytes] = []
    for index, entry in enumerate(made):
        frontier, _ = merkle.grow(frontier, index, merkle.leaf_hash(bytes_of(entry)))
    assert (origin, size, b64decode(root), empty, end) == (head().origin, "300", merkle.fold(frontier), "", "")
    dash, name, signature = line.split(" ")
    assert (dash, name) == ("\u2014", origin)
    key_id = sha256(origin.encode() + b"\n\x01" + public_key()).digest()[:4]
    assert b64decode(signature)[:4] == key_id
    assert notes.opened(note, *notes.read_verifier_key(own_verifier_key(origin))) == f"{origin}\n{size}\n{root}\n"


def test_a_published_note_of_the_format_opens_with_its_key() -> None:
    # The example of Go's golang.org/x/mod/sumdb/note documentation.
    key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    note = (
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert notes.opened(note, *notes.read_verifier_key(key)).startswith("If you think")
    with pytest.raises(notes.BadNote, match="does not fit"):
        notes.opened(note.replace("answer", "solution"), *notes.read_verifier_key(key))


def test_the_same_logbook_gives_the_same_checkpoint(write: Write) -> None:
    write(3)
    first = make_checkpoint()
    assert make_checkpoint() == first
    write(1)
    assert make_checkpoint().size == 4
    assert Checkpoint.objects.count() == 2


def test_an_hour_passes_between_the_worker_s_checkpoints_and_only_news_is_signed(write: Write) -> None:
    now = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
    write(2)
    first = checkpoint_if_due(now)
    assert first is not None
    assert first.size == 2
    write(1)
    assert checkpoint_if_due(now + timedelta(minutes=59)) is None
    second = checkpoint_if_due(now + timedelta(minutes=60))
    assert second is not None
    assert second.size == 3
    assert checkpoint_if_due(now + timedelta(hours=9)) is None


@pytest.mark.django_db(transaction=True)
def test_what_might_yet_be_taken_back_is_not_signed() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        make_checkpoint()
    assert not Checkpoint.objects.exists()


def parsed(proof: str) -> tuple[bytes, int, list[bytes], str]:
    lines = proof.split("\n")
    blank = lines.index("")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    extra, index = lines[1].removeprefix("extra "), int(lines[2].removeprefix("index "))
    return b64decode(extra), index, [b64decode(line) for line in lines[3:blank]], "\n".join(lines[blank + 1 :])


def test_entries_on_either_side_of_a_tile_s_edge_are_proven_against_a_checkpoint(write: Write) -> None:
    write(600)
    for number in (1, 2, 255, 256, 257, 512, 513, 600):
        entry = Entry.objects.get(number=number)
        data, index, path, checkpoint = parsed(inclusion_proof(number, entry=bytes_of(entry)))
        stated = read_checkpoint(checkpoint)
        assert (data, index, stated.size) == (bytes_of(entry), number - 1, 600)
        assert merkle.is_included(merkle.leaf_hash(data), index, 600, path, stated.root)
        assert not merkle.is_included(merkle.leaf_hash(data + b" "), index, 600, path, stated.root)


@pytest.mark.parametrize("number", [0, -1, 4])
def test_an_entry_that_is_not_there_has_no_proof(write: Write, number: int) -> None:
    write(3)
    with pytest.raises(BadSize):
        inclusion_proof(number)


def test_a_logbook_that_grew_is_consistent_with_every_checkpoint_it_gave(write: Write) -> None:
    kept = []
    for count in (1, 254, 1, 1, 300):
        write(count)
        kept.append(make_checkpoint())
    new = kept[-1]
    for old in kept:
        path = consistency_proof(old.size, new.size)
        assert merkle.is_consistent(old.size, new.size, bytes.fromhex(old.root), bytes.fromhex(new.root), path)
    with pytest.raises(BadSize):
        consistency_proof(new.size, new.size + 1)


def test_a_visit_later_nothing_is_gone_and_the_new_is_listed(write: Write) -> None:
    write(5)
    kept = make_checkpoint().note
    write(3)
    found = since(kept)
    assert found.report.sound
    assert [entry.number for entry in found.new_entries()] == [6, 7, 8]
    assert merkle.is_consistent(5, 8, found.kept.root, found.report.root, found.path)


def test_a_kept_checkpoint_tells_of_a_removal_that_everything_else_was_bent_to(
    write: Write, intruder: Callable[..., None]
) -> None:
    write(8)
    kept = make_checkpoint().note
    leaves = list(Entry.objects.filter(number__lte=6).values_list("leaf_hash", flat=True))
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier, _ = merkle.grow(frontier, size, bytes.fromhex(leaf))
    intruder("DELETE FROM logbook_checkpoint")
    intruder("DELETE FROM logbook_personal WHERE entry_id > 6")
    intruder("DELETE FROM logbook_entry WHERE number > 6")
    intruder("UPDATE logbook_head SET size = 6, frontier = %s", "".join(part.hex() for part in frontier))
    assert [finding.code for finding in since(kept).report.findings] == ["kept-beyond"]
    write(4)
    assert [finding.code for finding in since(kept).report.findings] == ["kept-contradicted"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda note: "",
        lambda note: "no note at all",
        lambda note: note.replace("\n5\n", "\n4\n"),
        lambda note: note[:-4] + "AAA\n",
        lambda note: note.replace("overt.logbook/", "overt.logbook/x"),
        lambda note: note.rsplit("\n\n", 1)[0] + "\n\n",
        lambda note: note + "\x07",
        lambda note: "x" * 40_000 + note,
    ],
)
def test_what_is_no_checkpoint_of_ours_is_refused(write: Write, spoil: Callable[[str], str]) -> None:
    write(5)
    note = make_checkpoint().note
    assert read_checkpoint(note).size == 5
    with pytest.raises(BadCheckpoint):
        read_checkpoint(spoil(note))


def test_a_checkpoint_signed_with_another_key_is_refused(write: Write) -> None:
    write(5)
    text = notes.tree_head(notes.opened(make_checkpoint().note, head().origin, public_key())).text
    with pytest.raises(BadCheckpoint, match="not signed by"):
        read_checkpoint(notes.sign(text, head().origin, Ed25519PrivateKey.generate()))
