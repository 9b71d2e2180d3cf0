"""The clause catalogue and what can be shown for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overt.clauses.carried import carried_out_by, sources
from overt.clauses.catalogue import catalogue, cited_in
from overt.clauses.proof import Claim, Proof, claims, judge
from overt.cli import main


def test_the_catalogue_holds_every_clause_once_with_its_fields() -> None:
    clauses = catalogue()
    assert len(clauses) == 656
    assert clauses["BASS-10.0"].topic == "logs"
    assert clauses["HERTS-0.1"].parameter == {"policy_review_months": 12}
    assert {c.enforce for c in clauses.values()} == {"system", "record", "remind", "report", "organisation"}
    assert all(cited_in(clause.id) == [clause.id] for clause in clauses.values())


def test_no_mark_and_no_source_names_a_clause_that_does_not_exist() -> None:
    unknown = {clause: names for clause, names in carried_out_by().items() if clause not in catalogue()}
    unknown |= {clause: [c.test for c in found] for clause, found in claims().items() if clause not in catalogue()}
    assert unknown == {}


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
    [("passed", Proof.PROVEN), ("failed", Proof.FAILING), ("skipped", Proof.CLAIMED), (None, Proof.CLAIMED)],
)
def test_a_clause_is_proven_only_by_a_test_that_passed(tmp_path: Path, outcome: str | None, expected: Proof) -> None:
    found = claims(checkout(tmp_path, outcome))
    assert found == {"BASS-10.0": [Claim("tests/test_book.py::test_it", outcome)]}
    assert judge(found["BASS-10.0"]) is expected


def test_one_failing_test_outweighs_a_passing_one() -> None:
    assert judge([Claim("a", "passed"), Claim("b", "failed")]) is Proof.FAILING
    assert judge([]) is Proof.NONE


def test_the_command_lists_a_topic_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clauses", "--topic", "logs", "--json"]) == 0
    listed = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert set(listed) == {clause.id for clause in catalogue().values() if clause.topic == "logs"}
    assert "overt.logbook.recording.log" in listed["HERTS-16.1"]["carried_out_by"]


def test_the_command_refuses_a_topic_that_no_clause_has(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clauses", "--topic", "weather"]) == 2
    assert "weather" in capsys.readouterr().err


@pytest.fixture
def claiming(pytester: pytest.Pytester) -> pytest.Pytester:
    """A suite with our plug-in, of one test that passes, one that fails and one that claims nothing."""
    tests = Path(__file__).parents[1]
    pytester.makeini(f"[pytest]\nmarkers = clause(*ids): clauses\npythonpath = {tests}\n")
    pytester.makeconftest('pytest_plugins = ["clause_plugin"]')
    pytester.makepyfile(
        "import pytest\n"
        '@pytest.mark.clause("BASS-10.0")\ndef test_good(): pass\n'
        '@pytest.mark.clause("HERTS-16.1", "HERTS-22.1")\ndef test_bad(): assert False\n'
        "def test_unmarked(): pass\n"
    )
    return pytester


def test_the_plugin_keeps_the_outcome_of_a_run(claiming: pytest.Pytester) -> None:
    claiming.runpytest_subprocess("-p", "no:django", "-p", "no:cacheprovider")
    kept = json.loads((claiming.path / "build" / "clauses.json").read_text())["tests"]
    assert {test.split("::")[1]: row for test, row in kept.items()} == {
        "test_good": {"clauses": ["BASS-10.0"], "outcome": "passed"},
        "test_bad": {"clauses": ["HERTS-16.1", "HERTS-22.1"], "outcome": "failed"},
    }


def test_a_run_whose_outcomes_another_tells_keeps_none(
    claiming: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERT_CLAUSES_OUT", "")
    claiming.runpytest_subprocess("-p", "no:django", "-p", "no:cacheprovider")
    assert not (claiming.path / "build").exists()
