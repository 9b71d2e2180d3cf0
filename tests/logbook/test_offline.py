"""An inspector's own check of an export: another computer, no network, none of our packages."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from older_python import pythons
from overt.accounts.models import User
from overt.logbook import inspect_offline
from overt.logbook.append import bytes_of
from overt.logbook.checkpoints import head, inclusion_proof, make_checkpoint
from overt.logbook.export import export
from overt.logbook.keys import own_verifier_key
from overt.logbook.models import Entry
from overt.logbook.services import erase
from overt.shared.errors import BadInput

Write = Callable[..., list[Entry]]


@pytest.fixture
def visit(write: Write, hari: User, tmp_path: Path) -> Path:
    """An export of 271 entries with names, two checkpoints, and beside it what the inspector kept: note and key."""
    write(260)
    (tmp_path / "kept.txt").write_text(make_checkpoint().note)
    (tmp_path / "key.txt").write_text(own_verifier_key(head().origin))
    write(9)
    erase(5, by=hari, reason="asked")
    export(tmp_path / "export", with_personal=True)
    return tmp_path


def inspect(visit: Path, *arguments: str, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """Run the copy that came with the export, with a Python that cannot see our packages."""
    script = visit / "export" / "inspect_offline.py"
    return subprocess.run(
        [python, "-I", "-S", script, *arguments],
        cwd=visit,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )


def whole(visit: Path) -> subprocess.CompletedProcess[str]:
    return inspect(visit, "export", "--key", "key.txt", "--since", "kept.txt")


def test_an_export_has_each_entry_in_words_beside_it(visit: Path) -> None:
    lines = [json.loads(line) for line in (visit / "export" / "lines.jsonl").read_text().splitlines()]
    assert [line["entry"] for line in lines] == list(range(1, 272))
    assert lines[-2:] == [
        {"entry": 270, "words": "Personal content erased", "line": "of 1 entry"},
        {"entry": 271, "words": "Logbook exported", "line": "with names and reasons"},
    ]


def test_an_honest_export_is_proven(visit: Path) -> None:
    ran = whole(visit)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "271 entries" in ran.stdout
    assert "Nothing that your checkpoint covers was changed or removed." in ran.stdout
    assert "NOT PROVEN" not in ran.stdout


@pytest.mark.parametrize("at", [0, -1], ids=["oldest", "newest"])
def test_the_oldest_and_the_newest_python_say_the_same(visit: Path, at: int) -> None:
    version, python = pythons()[at]
    proof = visit / "entry-123.tlog-proof"
    proof.write_text(inclusion_proof(123, entry=bytes_of(Entry.objects.get(number=123))), encoding="utf-8")
    ways = (["export", "--key", "key.txt", "--since", "kept.txt"], ["--proof", proof.name, "--key", "key.txt"])
    for arguments in ways:
        ours, theirs = inspect(visit, *arguments), inspect(visit, *arguments, python=python)
        assert (theirs.returncode, theirs.stderr) == (0, ""), version
        assert without_age(theirs.stdout) == without_age(ours.stdout)
    (visit / "export" / "entries.jsonl").write_bytes(b"")
    assert inspect(visit, *ways[0], python=python).returncode == 1


def without_age(said: str) -> str:
    """How long ago something was differs by when one asks."""
    return re.sub(r"(just now|\d+ seconds? ago) by this computer's clock", "lately", said)


def test_without_the_inspector_s_own_key_it_says_what_is_not_proven(visit: Path) -> None:
    ran = inspect(visit, "export")
    assert ran.returncode == 0
    assert "NOT PROVEN: whose key this is" in ran.stdout


def replace_line(path: Path, number: int, change: Callable[[str], str]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[number - 1] = change(lines[number - 1])
    path.write_text("".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "line", "change", "said"),
    [
        ("entries.jsonl", 42, lambda text: text.replace('"place":41', '"place":40'), "between entry 1 and entry 260"),
        ("entries.jsonl", 42, lambda text: text.replace('"action"', ' "action"'), "entry 42: its line is not in canonical form"),
        ("entries.jsonl", 42, lambda text: "", "entry 42 is missing or moved: its place holds number 43"),
        ("entries.jsonl", 265, lambda text: text.replace('"place":4', '"place":5'), "between entry 261 and entry 271"),
        ("entries.jsonl", 271, lambda text: "", "entries 271 to 271 are missing"),
        ("personal.jsonl", 30, lambda text: text.replace("Asha", "Bryn").replace("reason", "Reason"), "entry"),
        ("personal.jsonl", 40, lambda text: "", "is not in the export"),
        ("checkpoint.txt", 2, lambda text: "270\n", "the export's checkpoint is not signed"),
    ],
)  # fmt: skip
def test_a_changed_export_is_found_out(
    visit: Path, file: str, line: int, change: Callable[[str], str], said: str
) -> None:
    assert whole(visit).returncode == 0
    replace_line(visit / "export" / file, line, change)
    ran = whole(visit)
    assert ran.returncode == 1
    assert said.lower() in ran.stdout.lower()


def test_an_export_made_anew_after_a_removal_contradicts_the_kept_checkpoint(visit: Path, intruder) -> None:  # type: ignore[no-untyped-def]
    """The scheme itself rewrote its logbook, with its own key: only what the inspector kept can tell."""
    lines = (visit / "export" / "entries.jsonl").read_bytes().splitlines()
    tree = inspect_offline.Tree()
    forged = [line.replace(b'"place":7', b'"place":8') for line in lines]
    for line in forged:
        tree.add(line)
    from overt.logbook.keys import signing_key
    from overt.logbook.notes import TreeHead, sign

    origin = head().origin
    note = sign(TreeHead(origin, len(forged), tree.root()).text, origin, signing_key())
    (visit / "export" / "entries.jsonl").write_bytes(b"\n".join(forged) + b"\n")
    (visit / "export" / "checkpoint.txt").write_text(note)
    (visit / "export" / "checkpoints.jsonl").write_text("")
    assert inspect(visit, "export", "--key", "key.txt").returncode == 0
    ran = whole(visit)
    assert ran.returncode == 1
    assert "your checkpoint at 260 entries does not fit" in ran.stdout.lower()


def test_content_removed_without_an_erasure_is_found(visit: Path) -> None:
    def pretend(text: str) -> str:
        row = json.loads(text)
        return json.dumps({"entry": row["entry"], "field": row["field"], "erased_by": 270}) + "\n"

    replace_line(visit / "export" / "personal.jsonl", 31, pretend)
    ran = whole(visit)
    assert ran.returncode == 1
    assert "is gone and no entry tells of it" in ran.stdout


def test_a_checkpoint_of_another_key_is_refused(visit: Path) -> None:
    other = Ed25519PrivateKey.generate()
    from overt.logbook.notes import verifier_key

    line = verifier_key(head().origin, other.public_key().public_bytes_raw())
    ran = inspect(visit, "export", "--key", line)
    assert ran.returncode == 1
    assert "is not signed with the key" in ran.stdout


def test_a_proof_of_one_entry_is_checked_alone(visit: Path) -> None:
    entry = Entry.objects.get(number=123)
    proof = visit / "entry-123.tlog-proof"
    proof.write_text(inclusion_proof(123, entry=bytes_of(entry)), encoding="utf-8")
    ran = inspect(visit, "--proof", proof.name, "--key", "key.txt")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "This is entry 123 of the 271" in ran.stdout
    proof.write_text(proof.read_text(encoding="utf-8").replace("index 122", "index 121"), encoding="utf-8")
    assert inspect(visit, "--proof", proof.name, "--key", "key.txt").returncode == 1


@pytest.mark.parametrize(
    "arguments", [["nowhere"], ["export", "--key", "nonsense"], ["export", "--since", "key.txt"], []]
)
def test_what_cannot_be_used_is_said(visit: Path, arguments: list[str]) -> None:
    ran = inspect(visit, *arguments)
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr


def test_without_names_no_name_leaves_the_house(write: Write, tmp_path: Path) -> None:
    write(3, reason="Mrs Jones was followed")
    export(tmp_path / "out")
    assert not (tmp_path / "out" / "personal.jsonl").exists()
    for file in (tmp_path / "out").iterdir():
        assert "Jones" not in file.read_text(encoding="utf-8")
        assert "Asha" not in file.read_text(encoding="utf-8")
    with pytest.raises(BadInput):
        export(tmp_path / "out")
    shutil.rmtree(tmp_path / "out")


@pytest.mark.parametrize("size", [0, 1, 31, 200])
def test_our_own_ed25519_agrees_with_the_library(size: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public, message = key.public_key().public_bytes_raw(), bytes(range(size))
    signature = key.sign(message)
    assert inspect_offline.signature_fits(public, message, signature)
    assert not inspect_offline.signature_fits(public, message + b"x", signature)
    for at in (0, 31, 32, 63):
        spoilt = signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :]
        assert not inspect_offline.signature_fits(public, message, spoilt)
    assert not inspect_offline.signature_fits(bytes([public[0] ^ 1]) + public[1:], message, signature)
    high = int.from_bytes(signature[32:], "little") + inspect_offline.ORDER
    assert not inspect_offline.signature_fits(public, message, signature[:32] + high.to_bytes(32, "little"))


def test_the_vectors_of_rfc_8032() -> None:
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert inspect_offline.signature_fits(public, b"", signature)
