"""`overt logbook ...` as a person or a script runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from overt.cli import main
from overt.logbook.checkpoints import read_checkpoint
from overt.logbook.models import Entry

Write = Callable[..., list[Entry]]
Sql = Callable[..., None]
Output = pytest.CaptureFixture[str]


def test_a_sound_logbook_is_verified(write: Write, capsys: Output) -> None:
    write(4)
    assert main(["logbook", "verify"]) == 0
    said = capsys.readouterr().out
    assert "4 entries" in said
    assert "The logbook is sound" in said


def test_an_edited_row_is_named_and_the_exit_code_tells(write: Write, intruder: Sql, capsys: Output) -> None:
    write(4)
    intruder("UPDATE logbook_entry SET action = 'test.thing.other' WHERE number = 3")
    assert main(["logbook", "verify"]) == 1
    assert "WRONG: Entry 3 is not as it was written" in capsys.readouterr().out
    assert main(["logbook", "verify", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["sound"], said["size"], said["entries"]) == (False, 4, 4)
    assert [(row["code"], row["entry"]) for row in said["findings"]] == [("entry-changed", 3)]


def test_a_checkpoint_is_printed_and_kept_and_held_against_the_logbook(
    write: Write, capsys: Output, tmp_path: Path
) -> None:
    write(4)
    assert main(["logbook", "checkpoint"]) == 0
    assert read_checkpoint(capsys.readouterr().out).size == 4
    kept = tmp_path / "kept.txt"
    assert main(["logbook", "checkpoint", "--out", str(kept)]) == 0
    write(2)
    assert main(["logbook", "since", str(kept)]) == 0
    said = capsys.readouterr().out
    assert "Nothing of the 4 entries in your checkpoint was changed or removed." in said
    assert "2 are new:" in said
    assert said.count("Thing sealed") == 2
    assert main(["logbook", "since", str(kept), "--json"]) == 0
    assert [row["number"] for row in json.loads(capsys.readouterr().out)["new"]] == [5, 6]


def test_a_removal_since_a_checkpoint_is_told(write: Write, intruder: Sql, capsys: Output, tmp_path: Path) -> None:
    write(4)
    kept = tmp_path / "kept.txt"
    main(["logbook", "checkpoint", "--out", str(kept)])
    intruder("DELETE FROM logbook_personal WHERE entry_id = 2")
    intruder("DELETE FROM logbook_entry WHERE number = 2")
    assert main(["logbook", "since", str(kept)]) == 1
    said = capsys.readouterr().out
    assert "WRONG: Entry 2 is missing." in said
    assert "Nothing of the" not in said


def test_an_entry_is_proven(write: Write, capsys: Output, tmp_path: Path) -> None:
    write(4)
    assert main(["logbook", "prove", "2"]) == 0
    assert capsys.readouterr().out.startswith("c2sp.org/tlog-proof@v1\nextra ")
    assert main(["logbook", "prove", "2", "--out", str(tmp_path / "two")]) == 0
    assert "index 1\n" in (tmp_path / "two").read_text()


def test_an_export_is_written_and_is_itself_an_entry(write: Write, capsys: Output, tmp_path: Path) -> None:
    write(4)
    assert main(["logbook", "export", str(tmp_path / "out"), "--reason", "The inspector's visit"]) == 0
    assert "5 entries" in capsys.readouterr().out
    assert Entry.objects.last().action == "logbook.exported"  # type: ignore[union-attr]
    assert (tmp_path / "out" / "inspect_offline.py").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["prove", "99"],
        ["since", "nowhere.txt"],
        ["export", "."],
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_two(write: Write, words: list[str], capsys: Output) -> None:
    write(1)
    assert main(["logbook", *words]) == 2
    said = capsys.readouterr().err
    assert said.startswith("overt: ")
    assert "Traceback" not in said


def test_a_checkpoint_of_another_logbook_is_refused(write: Write, capsys: Output, tmp_path: Path) -> None:
    write(1)
    (tmp_path / "other.txt").write_text(
        "example.com/log\n1\nAAAA\n\n\u2014 example.com/log AAAAAAAA\n", encoding="utf-8"
    )
    assert main(["logbook", "since", str(tmp_path / "other.txt")]) == 2
    assert "no checkpoint of this logbook" in capsys.readouterr().err
