"""The logbook's key is changed: what the old key signed still holds, and a key that nobody vouched for does not."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from overt.logbook import keys, notes
from overt.logbook.append import bytes_of
from overt.logbook.change_key import change_key, succession_note
from overt.logbook.checkpoints import head, inclusion_proof, make_checkpoint, read_checkpoint
from overt.logbook.cli import add_arguments
from overt.logbook.errors import BadCheckpoint
from overt.logbook.export import export
from overt.logbook.models import Checkpoint, Entry, KeySuccession
from overt.logbook.succession import changes_text
from overt.logbook.verify import verify
from overt.shared.errors import BadInput

Write = Callable[..., list[Entry]]
Sql = Callable[..., None]


@pytest.fixture
def old_line(write: Write) -> str:
    """Five entries and a checkpoint by the first key, whose line an inspector wrote down."""
    write(5)
    make_checkpoint()
    return keys.own_verifier_key(head().origin)


def replace_key() -> Ed25519PrivateKey:
    """What an intruder does: another key in the file, vouched for by nobody."""
    other = Ed25519PrivateKey.generate()
    (Path(settings.SECRETS) / "logbook.key").write_text(b64encode(other.private_bytes_raw()).decode())
    return other


def codes() -> set[str]:
    return {finding.code for finding in verify().findings}


def test_checkpoints_of_every_earlier_key_still_hold(write: Write, old_line: str) -> None:
    kept = [make_checkpoint().note]
    for reason in ("Yearly", "The server was moved"):
        change_key(reason=reason)
        write(3)
        kept.append(make_checkpoint().note)
    assert verify().sound
    assert [read_checkpoint(note).size for note in kept] == [5, 9, 13]
    assert keys.own_verifier_key(head().origin) != old_line
    assert [entry.facts["size"] for entry in Entry.objects.filter(action="logbook.key.changed")] == [5, 9]


def test_a_key_that_nobody_vouched_for_makes_everything_before_it_a_forgery(write: Write, old_line: str) -> None:
    change_key(reason="Yearly")
    note = make_checkpoint().note
    replace_key()
    assert codes() == {"checkpoint-forged", "key-unknown"}
    with pytest.raises(BadCheckpoint):
        read_checkpoint(note)


def test_the_old_key_signs_nothing_more(write: Write, old_line: str) -> None:
    """Somebody kept a copy of it, and signs what the logbook is now."""
    old = keys.signing_key()
    change_key(reason="It may have been copied")
    write(2)
    last = make_checkpoint()
    forged = notes.sign(notes.TreeHead(head().origin, last.size, bytes.fromhex(last.root)).text, head().origin, old)
    with pytest.raises(BadCheckpoint, match="did not sign at this size"):
        read_checkpoint(forged)
    assert read_checkpoint(last.note).size == last.size


def test_a_change_that_the_old_key_did_not_sign_is_found(write: Write, old_line: str, intruder: Sql) -> None:
    thief, old = replace_key(), Ed25519PrivateKey.generate()
    last = Checkpoint.objects.get(size=5)
    note = succession_note(head().origin, last, old, thief)
    KeySuccession.objects.create(size=5, note=note, made_at=last.made_at)
    assert "checkpoint-forged" in codes()
    half = note.rsplit("\u2014", 2)[0] + "\u2014" + note.rsplit("\u2014", 1)[1]
    intruder_sets_note(half)
    assert {"key-unknown", "checkpoint-forged"} <= codes()


def test_a_change_that_the_new_key_did_not_sign_is_found(old_line: str) -> None:
    """Whoever has the old key alone names a key that is not his, and signs twice himself."""
    made = change_key(reason="Yearly")
    assert codes() == set()
    lines = made.note.split("\n")
    assert [line[:2] for line in lines[-3:-1]] == ["\u2014 ", "\u2014 "]
    for line in lines[-3:-1]:
        assert line in made.note
    intruder_sets_note(made.note.replace(lines[-2], lines[-3]))
    assert "key-unknown" in codes(), "the old key alone"
    intruder_sets_note(made.note.replace(lines[-3], lines[-2]))
    assert "key-unknown" in codes(), "the new key alone"
    intruder_sets_note(made.note)
    assert codes() == set()


def test_of_a_key_that_was_changed_nothing_is_left(old_line: str) -> None:
    old = keys.signing_key().private_bytes_raw()
    change_key(reason="It may have been copied")
    kept = [path.read_bytes() for path in Path(settings.SECRETS).iterdir() if path.is_file()]
    assert not any(b64encode(old) in data or old in data for data in kept)
    assert any(b64encode(keys.signing_key().private_bytes_raw()) in data for data in kept)


def intruder_sets_note(note: str) -> None:
    from overt.logbook import triggers

    connection.check_constraints()
    triggers.KEYS.remove(connection)
    KeySuccession.objects.update(note=note)
    triggers.KEYS.install(connection)


def test_a_change_is_written_once_and_for_all(old_line: str) -> None:
    made = change_key(reason="Yearly")
    for act in (lambda: KeySuccession.objects.update(note="x"), lambda: KeySuccession.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert KeySuccession.objects.get().note == made.note


def test_a_change_needs_a_reason(old_line: str) -> None:
    with pytest.raises(BadInput):
        change_key(reason=" ")
    assert keys.own_verifier_key(head().origin) == old_line
    assert not KeySuccession.objects.exists()


def test_a_change_that_was_cut_off_is_finished_or_taken_back(old_line: str) -> None:
    secrets = Path(settings.SECRETS)
    before = (secrets / "logbook.key").read_text()
    keys.put_in_place(Ed25519PrivateKey.generate())
    long_ago = time.time() - 600
    os.utime(secrets / "logbook.key.old", (long_ago, long_ago))
    assert keys.own_verifier_key(head().origin) == old_line, "no change was committed: the old key is back"
    assert not (secrets / "logbook.key.old").exists()

    change_key(reason="Yearly")
    new_line = keys.own_verifier_key(head().origin)
    (secrets / "logbook.key.old").write_text(before)
    os.utime(secrets / "logbook.key.old", (long_ago, long_ago))
    assert keys.own_verifier_key(head().origin) == new_line
    assert not (secrets / "logbook.key.old").exists()


def inspect(visit: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The copy that came with the export, with a Python that cannot see our packages."""
    script = visit / "export" / "inspect_offline.py"
    return subprocess.run(
        [sys.executable, "-I", "-S", script, *arguments],
        cwd=visit,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def visit(write: Write, old_line: str, tmp_path: Path) -> Path:
    """What an inspector kept from the first visit, and an export after two changes of key."""
    (tmp_path / "kept.txt").write_text(make_checkpoint().note)
    (tmp_path / "key.txt").write_text(old_line)
    for reason in ("Yearly", "Yearly again"):
        change_key(reason=reason)
        write(3)
        make_checkpoint()
    export(tmp_path / "export")
    return tmp_path


def test_an_inspector_with_the_first_key_proves_an_export_of_the_third(visit: Path) -> None:
    ran = inspect(visit, "export", "--key", "key.txt", "--since", "kept.txt")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.count("the one before vouches for it") == 2
    assert "Nothing that your checkpoint covers was changed or removed." in ran.stdout


def test_with_the_present_key_the_checkpoints_before_it_hold_too(visit: Path) -> None:
    (visit / "now.txt").write_text(keys.own_verifier_key(head().origin))
    ran = inspect(visit, "export", "--key", "now.txt", "--since", "kept.txt")
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("harm", ["gone", "one of two", "unrelated key"])
def test_without_the_whole_chain_the_export_is_not_proven(visit: Path, harm: str) -> None:
    changes = visit / "export" / "keys.jsonl"
    key = "key.txt"
    if harm == "gone":
        changes.unlink()
    elif harm == "one of two":
        changes.write_text(changes.read_text().splitlines(keepends=True)[1])
    else:
        other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        (visit / "other.txt").write_text(notes.verifier_key(head().origin, other))
        key = "other.txt"
    ran = inspect(visit, "export", "--key", key)
    assert ran.returncode == 1
    assert "is not signed with the key" in ran.stdout


def test_a_change_that_was_tampered_with_cannot_be_used(visit: Path) -> None:
    changes = visit / "export" / "keys.jsonl"
    changes.write_text(changes.read_text().replace("\\n5\\n", "\\n7\\n"))
    ran = inspect(visit, "export", "--key", "key.txt")
    assert ran.returncode == 2
    assert "is not signed by both keys" in ran.stderr


def test_a_proof_of_today_is_checked_with_the_key_of_the_first_visit(visit: Path) -> None:
    entry = Entry.objects.get(number=2)
    (visit / "entry.tlog-proof").write_text(inclusion_proof(2, entry=bytes_of(entry)))
    (visit / "keys.jsonl").write_text(changes_text())
    ran = inspect(visit, "--proof", "entry.tlog-proof", "--key", "key.txt", "--changes", "keys.jsonl")
    assert ran.returncode == 0, ran.stderr
    assert "This is entry 2" in ran.stdout
    assert inspect(visit, "--proof", "entry.tlog-proof", "--key", "key.txt").returncode == 2


def test_the_command_changes_the_key_and_says_the_new_one(old_line: str, capsys: pytest.CaptureFixture[str]) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    add_arguments(parser.add_subparsers())
    options = parser.parse_args(["logbook", "change-key", "--reason", "Yearly"])
    assert options.run(options) == 0
    assert keys.own_verifier_key(head().origin) in capsys.readouterr().out
    options = parser.parse_args(["logbook", "key", "--changes"])
    assert options.run(options) == 0
    assert capsys.readouterr().out == changes_text()
