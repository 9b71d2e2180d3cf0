"""`overt policy`, as typed: no database, no settings, exit codes kept."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from overt.cli import main
from world import adopt_policy


@pytest.fixture
def overt(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        code = main(["policy", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_it_needs_no_settings_and_no_database(tmp_path) -> None:
    line = "import sys; from overt.cli import main; code = main(['policy', 'show', 'progress']); "
    line += "sys.exit(3 if 'django' in sys.modules else code)"
    done = subprocess.run([sys.executable, "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_list_names_the_four(overt) -> None:
    code, out, _ = overt("list", "--json")
    assert code == 0
    assert [row["name"] for row in json.loads(out)] == ["hertfordshire", "bassetlaw", "sevenoaks", "progress"]
    assert "bassetlaw" in overt("list")[1]


def test_show_tells_value_unit_clause_and_silence(overt) -> None:
    out = overt("show", "hertfordshire")[1]
    assert "retention_days: 28 days  [HERTS-24.1]" in out
    assert "complaint_ack_working_days: silent" in out
    assert "targeted_watch_seconds: not in your code; the product uses 60" in out
    shown = json.loads(overt("show", "hertfordshire", "--json")[1])
    assert shown["settings"]["retention_days"] == {"value": 28, "unit": "days", "clauses": ["HERTS-24.1"]}
    assert shown["settings"]["complaint_ack_working_days"] is None
    assert shown["not_in_your_code"]["targeted_watch_seconds"] == 60


def test_an_edition_is_not_shown_for_a_day_before_it(overt) -> None:
    assert overt("show", "hertfordshire", "--as-of", "2026-04-03")[0] == 0
    code, out, err = overt("show", "hertfordshire", "--as-of", "2026-04-02")
    assert (code, out) == (2, "")
    assert "was not there" in err


def test_diff_shows_both_sides(overt) -> None:
    code, out, _ = overt("diff", "hertfordshire", "bassetlaw")
    assert code == 0
    assert "retention_days\n  hertfordshire  28 days  [HERTS-24.1]\n  bassetlaw      30 days" in out
    rows = {row["setting"]: row for row in json.loads(overt("diff", "hertfordshire", "bassetlaw", "--json")[1])}
    assert (rows["retention_days"]["a"]["value"], rows["retention_days"]["b"]["value"]) == (28, 30)
    assert "policy_review_months" not in rows, "both say 12 months"
    assert overt("diff", "progress", "progress")[1] == "0 settings differ.\n"


def test_check_exits_1_on_errors_and_0_on_warnings(overt) -> None:
    code, out, _ = overt("check", "bassetlaw", "--as-of", "2026-11-22", "--json")
    report = json.loads(out)
    assert (code, report["as_of"]) == (1, "2026-11-22")
    assert {"id", "severity", "says", "fix", "clauses", "settings", "source", "final"} == set(report["findings"][0])
    code, out, _ = overt("check", "progress", "--as-of", "2026-06-01")
    assert code == 0, "the complaints route is not yet asked for, and the rest are warnings"
    assert "warning: stale-law:ico-cctv-code-2017  [PROG-1.2]" in out


def test_new_begins_a_file_that_can_be_checked_and_is_never_written_over(overt) -> None:
    code, out, _ = overt("new", "kesteven", "--from", "bassetlaw")
    assert code == 0
    assert "kesteven.yaml written" in out
    path = Path("kesteven.yaml")
    assert overt("check", "kesteven.yaml")[0] == 1
    path.write_text(path.read_text().replace("retention_days: {value: 30", "retention_days: {value: 31"))
    before = path.read_text()
    code, _, err = overt("new", "kesteven", "--from", "progress")
    assert code == 2
    assert "it was not touched" in err
    assert path.read_text() == before
    assert "31 days" in overt("show", "kesteven.yaml")[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "atlantis"), "no scheme called atlantis"),
        (("check", "nowhere.yaml"), "nowhere.yaml: No such file"),
        (("check", "progress", "--as-of", "2026-02-30"), "there is no such day"),
        (("diff", "progress", "atlantis"), "no scheme called atlantis"),
        (("new", "Kesteven!", "--from", "progress"), "is no name"),
        (("new", "progress", "--from", "bassetlaw"), "is a published scheme"),
        (("new", "kesteven", "--from", "progress", "--out", "no/such/folder.yaml"), "No such file"),
    ],
)
def test_bad_input_is_a_sentence_and_exit_2(overt, words: tuple[str, ...], sentence: str) -> None:
    code, out, err = overt(*words)
    assert (code, out) == (2, "")
    assert sentence in err
    assert list(Path().iterdir()) == []


def test_a_file_with_a_wrong_unit_is_refused_with_the_setting(overt) -> None:
    Path("x.yaml").write_text("scheme: x\nsettings:\n  retention_days: {value: 4, unit: weeks}\n")
    code, _, err = overt("check", "x.yaml")
    assert code == 2
    assert "retention_days: 'weeks' is the wrong unit; expected days." in err


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("scheme-complaint --received 2026-11-02 --stage 1", "2026-11-09"),
        ("scheme-complaint --received 2026-11-02 --stage 2", "2026-11-23"),
        ("evidence-master --received 2026-11-02", "2029-11-02"),
        ("retention --received 2026-11-02T00:00+00:00", "2026-12-02"),
    ],
)
def test_a_clock_counts_with_the_schemes_figures(capsys, words: str, due: str) -> None:
    assert main(["clock", *words.split(), "--policy", "bassetlaw", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["acting"].startswith(due)


def test_a_clock_refuses_where_the_schemes_code_is_silent(capsys) -> None:
    assert main(["clock", "scheme-complaint", "--received", "2026-11-02", "--policy", "hertfordshire"]) == 2
    assert "does not say" in capsys.readouterr().err
    assert main(["clock", "scheme-complaint", "--received", "2026-11-02", "--policy", "atlantis"]) == 2
    assert "no scheme called atlantis" in capsys.readouterr().err


def test_in_force_is_this_installations_policy_on_a_day(overt, db) -> None:
    assert "31 days" in overt("show", "in-force")[1], "the starting figure"
    adopt_policy(retention_days=21)
    assert "retention_days: 21 days" in overt("show", "in-force", "--as-of", "2026-11-22")[1]
    assert "retention_days: 31 days" in overt("show", "in-force", "--as-of", "2019-12-31")[1]
    assert overt("check", "in-force", "--as-of", "2026-11-22")[0] == 1, "it names no complaints route"
