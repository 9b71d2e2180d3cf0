"""The clause catalogue and what can be shown for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overt.clauses.carried import carried_out_by, sources
from overt.clauses.catalogue import catalogue, cited_in
from overt.clauses.parts import is_quoted, unproven_words
from overt.clauses.proof import Claim, Proof, claimed_wrongly, claims, judge, unproven
from overt.cli import main


def test_the_catalogue_holds_every_clause_once_with_its_fields() -> None:
    clauses = catalogue()
    assert len(clauses) == 656
    assert clauses["BASS-10.0"].topic == "logs"
    assert clauses["HERTS-0.1"].parameter == {"policy_review_months": 12}
    assert {c.enforce for c in clauses.values()} == {"system", "record", "remind", "report", "organisation"}
    assert all(cited_in(clause.id) == [clause.id] for clause in clauses.values())


def test_no_source_names_a_clause_that_does_not_exist() -> None:
    assert {clause: names for clause, names in carried_out_by().items() if clause not in catalogue()} == {}


def test_no_mark_names_a_clause_that_does_not_exist_or_quotes_what_it_does_not_say() -> None:
    assert claimed_wrongly(claims()) == []
    wrong = {
        "BASS-10.9": [Claim("a", None)],
        "BASS-10.0": [Claim("b", None, "a chain of hashes"), Claim("c", None, "gapless … chain")],
    }
    assert [line.split(":")[0] for line in claimed_wrongly(wrong)] == ["BASS-10.9", "BASS-10.0"]


SENTENCE = "Log entries have gapless numbers and a hash; deletion does not exist and a nightly check\nproves the chain."


@pytest.mark.parametrize(
    ("part", "left"),
    [
        (SENTENCE, ""),
        ("Log entries have gapless numbers", "a hash; deletion does not exist and a nightly check proves the chain"),
        ("Log entries … a hash; deletion does not exist", "have gapless numbers … a nightly check proves the chain"),
        ("a nightly check proves the chain", "Log entries have gapless numbers and a hash; deletion does not exist"),
    ],
)
def test_what_a_part_leaves_without_proof_is_told_in_the_clauses_own_words(part: str, left: str) -> None:
    assert is_quoted(part, SENTENCE)
    assert unproven_words(SENTENCE, [part]) == left


@pytest.mark.parametrize("part", ["", "…", "entries are numbered", "gapless number", "the chain … Log entries", "ash"])
def test_what_is_not_quoted_is_no_part_and_proves_nothing(part: str) -> None:
    assert not is_quoted(part, SENTENCE)
    assert unproven_words(SENTENCE, [part]) == unproven_words(SENTENCE, [])


def test_parts_of_several_tests_that_leave_out_no_word_prove_the_whole() -> None:
    first = Claim("a", "passed", "Log entries have gapless numbers")
    rest = "a hash; deletion does not exist and a nightly check proves the chain"
    assert judge(SENTENCE, [first]) is Proof.PART
    assert unproven(SENTENCE, [first]) == rest
    assert judge(SENTENCE, [first, Claim("b", None, rest)]) is Proof.PART, "it has not run"
    assert judge(SENTENCE, [first, Claim("b", "skipped", rest)]) is Proof.PART
    assert judge(SENTENCE, [first, Claim("b", "failed", rest)]) is Proof.FAILING
    assert judge(SENTENCE, [first, Claim("b", "passed", rest)]) is Proof.WHOLE, "“and” joins the two"
    assert judge(SENTENCE, [first, Claim("b", "passed")]) is Proof.WHOLE


def test_a_source_is_read_to_the_end_of_its_paragraph_and_no_further() -> None:
    docstring = "Verb.\n\nSource: BASS-10.0 (sequence),\n    HERTS-16.1.\n\nSee also BASS-1.1."
    assert sources(docstring) == ["BASS-10.0", "HERTS-16.1"]
    assert sources("BASS-10.0 is only spoken of here.") == []


def test_what_carries_a_clause_out_is_found_in_the_code(tmp_path: Path) -> None:
    room = tmp_path / "overt" / "room"
    room.mkdir(parents=True)
    (room / "rules.py").write_text(
        'class Book:\n    def close(self):\n        """Close.\n\n        Source: BASS-10.0."""\n'
    )
    assert carried_out_by(tmp_path) == {"BASS-10.0": ["overt.room.rules.Book.close"]}


def checkout(root: Path, outcome: str | None) -> Path:
    """A checkout with one test that claims BASS-10.0 and, unless None, an outcome of its last run."""
    (root / "tests").mkdir()
    source = 'import pytest\n\n@pytest.mark.clause("BASS-10.0")\ndef test_it(): ...\n\ndef test_other(): ...\n'
    (root / "tests" / "test_book.py").write_text(source)
    if outcome is not None:
        (root / "build").mkdir()
        kept = {"tests": {"tests/test_book.py::test_it[a]": {"clauses": ["BASS-10.0"], "outcome": outcome}}}
        (root / "build" / "clauses.json").write_text(json.dumps(kept))
    return root


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [("passed", Proof.WHOLE), ("failed", Proof.FAILING), ("skipped", Proof.CLAIMED), (None, Proof.CLAIMED)],
)
def test_a_clause_is_proven_only_by_a_test_that_passed(tmp_path: Path, outcome: str | None, expected: Proof) -> None:
    found = claims(checkout(tmp_path, outcome))
    assert found == {"BASS-10.0": [Claim("tests/test_book.py::test_it", outcome)]}
    assert judge(SENTENCE, found["BASS-10.0"]) is expected


def test_the_part_of_a_mark_is_read_with_it(tmp_path: Path) -> None:
    root = checkout(tmp_path, "passed")
    (root / "tests" / "test_parts.py").write_text(
        'pytestmark = pytest.mark.clause("BASS-1.1", part="module")\n\n'
        'class TestAll:\n    @pytest.mark.clause("BASS-1.2", "BASS-1.3", part="more " "words")\n'
        '    @pytest.mark.clause("BASS-1.2", part=MADE)\n    def test_one(self): ...\n'
    )
    found = {clause: [one.part for one in rows] for clause, rows in claims(root).items()}
    assert found == {
        "BASS-10.0": [None],
        "BASS-1.1": ["module"],
        "BASS-1.2": ["more words", ""],
        "BASS-1.3": ["more words"],
    }


def test_one_failing_test_outweighs_a_passing_one() -> None:
    assert judge(SENTENCE, [Claim("a", "passed"), Claim("b", "failed")]) is Proof.FAILING
    assert judge(SENTENCE, []) is Proof.NONE


def test_the_command_lists_a_topic_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clauses", "--topic", "logs", "--json"]) == 0
    listed = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert set(listed) == {clause.id for clause in catalogue().values() if clause.topic == "logs"}
    assert "overt.logbook.recording.log" in listed["HERTS-16.1"]["carried_out_by"]
    numbered = listed["BASS-10.0"]
    assert {one["part"] for one in numbered["tests"]} >= {"deletion does not exist", "Log entries have gapless numbers"}
    assert (numbered["unproven"] == "") is (numbered["proof"] == "whole")


def test_the_command_tells_whole_part_and_none_apart(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {
        "BASS-10.0": [Claim("tests/a.py::test_it", "passed", "deletion does not exist")],
        "HERTS-16.1": [Claim("tests/b.py::test_it", "passed")],
    }
    monkeypatch.setattr("overt.clauses.cli.claims", lambda: told)
    main(["clauses"])
    said = capsys.readouterr().out
    assert [line.split()[2] for line in said.splitlines() if line.startswith(("BASS-10.0 ", "HERTS-16.1 "))] == [
        "whole",
        "part",
    ]
    assert "tests/a.py::test_it claims “deletion does not exist”" in said
    assert "without proof: Log entries have gapless numbers and a hash chained to the previous one … a nightly" in said
    assert (
        ", 1 proven whole, 1 in part, 0 failing, 0 claimed by tests that have not run here, 654 claimed by none."
        in said
    )


def test_the_command_refuses_a_topic_that_no_clause_has(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clauses", "--topic", "weather"]) == 2
    assert "weather" in capsys.readouterr().err


@pytest.fixture
def claiming(pytester: pytest.Pytester) -> pytest.Pytester:
    """A suite with our plug-in, of one test that passes, one that fails and one that claims nothing."""
    tests = Path(__file__).parents[1]
    pytester.makeini(f"[pytest]\nmarkers = clause(*ids, part=None): clauses\npythonpath = {tests}\n")
    pytester.makeconftest('pytest_plugins = ["clause_plugin"]')
    pytester.makepyfile(
        "import pytest\n"
        '@pytest.mark.clause("BASS-10.0", part="deletion … exist")\n'
        '@pytest.mark.clause("BASS-10.0", part="a nightly check")\ndef test_good(): pass\n'
        '@pytest.mark.clause("HERTS-16.1", "HERTS-22.1")\ndef test_bad(): assert False\n'
        "def test_unmarked(): pass\n"
    )
    return pytester


def test_the_plugin_keeps_the_outcome_of_a_run(claiming: pytest.Pytester) -> None:
    claiming.runpytest_subprocess("-p", "no:django", "-p", "no:cacheprovider")
    kept = json.loads((claiming.path / "build" / "clauses.json").read_text())["tests"]
    assert {test.split("::")[1]: row for test, row in kept.items()} == {
        "test_good": {"clauses": {"BASS-10.0": ["a nightly check", "deletion … exist"]}, "outcome": "passed"},
        "test_bad": {"clauses": {"HERTS-16.1": ["whole"], "HERTS-22.1": ["whole"]}, "outcome": "failed"},
    }


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ('"BASS-10.9"', "there is no clause BASS-10.9"),
        ('"BASS-10.0", part="the chain is whole"', "“the chain is whole” does not stand in the sentence of BASS-10.0"),
        ('"BASS-10.0", part=None', "does not stand"),
        ('"BASS-10.0", "HERTS-16.1", part="deletion does not exist"', "the sentence of HERTS-16.1"),
        ('"BASS-10.0", whole=True', "nothing beside them but a part"),
        ("", "has the ids of clauses"),
    ],
)
def test_a_mark_that_claims_what_its_clause_does_not_say_ends_the_run(
    claiming: pytest.Pytester, mark: str, said: str
) -> None:
    claiming.makepyfile(f"import pytest\n@pytest.mark.clause({mark})\ndef test_it(): pass\n")
    ran = claiming.runpytest_subprocess("-p", "no:django", "-p", "no:cacheprovider")
    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    assert said in str(ran.stderr)


def test_a_run_whose_outcomes_another_tells_keeps_none(
    claiming: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERT_CLAUSES_OUT", "")
    claiming.runpytest_subprocess("-p", "no:django", "-p", "no:cacheprovider")
    assert not (claiming.path / "build").exists()
