"""Deadlines worked out by hand from the primary texts, to the day and the hour."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from overt.cli import main

CASES = [
    ("subject-access --received 2026-01-31", "2026-03-02", "2026-02-28"),
    ("subject-access --received 2026-01-31 --extend", "2026-04-30", "2026-04-30"),
    ("subject-access --received 2026-03-03", "2026-04-07", "2026-04-02"),
    ("subject-access --received 2026-03-10 --clarify 2026-03-12..2026-03-20", "2026-04-20", "2026-04-18"),
    # The corresponding date of 29 February, in a leap year and after one.
    ("subject-access --received 2028-02-29", "2028-03-29", "2028-03-28"),
    ("subject-access --received 2026-03-10 --identity 2026-03-25", "2026-04-27", "2026-04-24"),
    # Easter Monday is no holiday in Scotland.
    ("subject-access --received 2026-03-06 --nation scotland", "2026-04-06", "2026-04-05"),
    ("subject-access --received 2026-03-06", "2026-04-07", "2026-04-05"),
    # A quarter to midnight in summer here is a quarter to eleven in UTC: the same local day.
    ("subject-access --received 2026-07-01T22:45+00:00", "2026-08-03", "2026-07-31"),
    ("subject-access --received 2026-07-01T23:15+00:00", "2026-08-03", "2026-08-01"),
    ("rights --received 2026-03-03", "2026-04-07", "2026-04-02"),
    ("dp-complaint --received 2026-11-20", "2026-12-21", "2026-12-19"),
    ("foi --received 2026-11-09", "2026-12-08", "2026-12-08"),
    ("foi --received 2026-11-09 --fee 2026-11-16..2026-11-18", "2026-12-11", "2026-12-11"),
    ("foi --received 2026-11-02 --clarify 2026-11-04..2026-11-09", "2026-12-08", "2026-12-08"),
    ("eir --received 2026-11-09 --extend", "2027-01-11", "2027-01-11"),
    ("scheme-complaint --received 2026-12-22 --stage 1 --days 5", "2026-12-31", "2026-12-31"),
    ("housing-complaint --received 2026-11-09 --stage 1", "2026-11-16", "2026-11-16"),
    ("housing-complaint --received 2026-11-09 --acknowledged 2026-11-11 --stage 2", "2026-11-25", "2026-11-25"),
    ("housing-complaint --received 2026-10-01 --escalated 2026-11-09 --stage 2", "2026-12-14", "2026-12-14"),
    ("breach --received 2026-10-24T09:00+01:00", "2026-10-27T08:00:00+00:00", "2026-10-27T08:00:00+00:00"),
    ("breach --received 2026-03-28T09:00+00:00", "2026-03-31T10:00:00+01:00", "2026-03-31T10:00:00+01:00"),
    ("surveillance-written --effective 2026-09-15", "2026-12-14", "2026-12-14"),
    ("surveillance-written --effective 2026-01-01", "2026-03-31", "2026-03-31"),
    ("surveillance-written --effective 2026-11-30", "2027-02-28", "2027-02-28"),
    ("surveillance-oral --effective 2026-10-24T09:00+01:00", "2026-10-27T08:00:00+00:00", "2026-10-27T08:00:00+00:00"),
    ("retention --received 2026-10-01T12:00+01:00 --days 28", "2026-10-29T11:00:00+00:00", "2026-10-29T11:00:00+00:00"),
    ("evidence-master --received 2024-02-29 --years 3", "2027-02-28", "2027-02-28"),
    # The day before and the day of the change of February 2026: the dates are the same, the law is not.
    ("subject-access --received 2026-02-04", "2026-03-04", "2026-03-03"),
    ("subject-access --received 2026-02-05", "2026-03-05", "2026-03-04"),
    # Before it the text knew no pause; only the guidance did. 10 April and nine days are Easter Saturday.
    ("subject-access --received 2025-03-10 --clarify 2025-03-12..2025-03-20", "2025-04-22", "2025-04-09"),
    ("subject-access --received 2027-11-26", "2027-12-29", "2027-12-25"),
    ("subject-access --received 2028-01-31", "2028-02-29", "2028-02-29"),
    ("subject-access --received 2026-05-15 --nation scotland", "2026-06-16", "2026-06-14"),
    ("rights --received 2026-06-12 --nation northern-ireland", "2026-07-14", "2026-07-11"),
    ("dp-complaint --received 2026-11-28", "2026-12-29", "2026-12-27"),
    ("dp-complaint --received 2026-06-19", "2026-07-20", "2026-07-18"),
    # 30 November 2006 was no holiday yet; the year after it was.
    ("foi --received 2006-11-15", "2006-12-13", "2006-12-13"),
    ("foi --received 2007-11-14", "2007-12-13", "2007-12-13"),
    # A Scottish authority has its own Act: 17 March and Easter Monday work there.
    ("foi --received 2027-03-08 --nation scotland", "2027-04-06", "2027-04-06"),
    ("foi --received 2027-03-08", "2027-04-08", "2027-04-08"),
    # Two requests and an extension as the Scottish Information Commissioner counted them (decision 087/2019).
    ("eir --received 2018-09-13 --nation scotland", "2018-10-11", "2018-10-11"),
    ("eir --received 2018-09-24 --nation scotland", "2018-10-22", "2018-10-22"),
    ("eir --received 2018-09-13 --nation scotland --extend", "2018-11-08", "2018-11-08"),
    # A fees notice or a question that comes after the last day moves nothing.
    ("foi --received 2026-11-09 --fee 2026-12-09..2026-12-10", "2026-12-08", "2026-12-08"),
    ("foi --received 2026-11-09 --clarify 2026-12-09..2026-12-10", "2026-12-08", "2026-12-08"),
    ("eir --received 2026-11-09 --extend --fee 2026-12-09..2026-12-10", "2027-01-11", "2027-01-11"),
    ("surveillance-written --effective 2027-11-29", "2028-02-28", "2028-02-28"),
    ("surveillance-written --effective 2027-11-30", "2028-02-29", "2028-02-29"),
    ("surveillance-written --effective 2026-09-15 --body council --nation scotland", "2026-12-14", "2026-12-14"),
    ("surveillance-oral --effective 2026-03-28T09:00+00:00 --body council --nation scotland",
     "2026-03-31T10:00:00+01:00", "2026-03-31T10:00:00+01:00"),
    ("housing-complaint --received 2026-01-05 --escalated 2026-11-09 --acknowledged 2026-11-11 --extend",
     "2027-01-11", "2027-01-11"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "guidance", "literal"), CASES, ids=[case[0] for case in CASES])
def test_a_deadline_agrees_with_the_primary_text(
    words: str, guidance: str, literal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["clock", *words.split(), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["readings"]["guidance"] == guidance
    assert answer["readings"]["literal"] == literal
    assert answer["derivation"]
    assert answer["source"]


def test_the_date_to_act_on_is_the_earliest_and_ends_the_derivation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clock", "subject-access", "--received", "2026-03-03", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["acting"] == "2026-03-31"  # our own target of 28 days
    assert answer["extension_notice_by"] == "2026-04-02"
    assert answer["derivation"][-1].endswith("Tue 31 Mar 2026")
    assert "Fri 3 Apr 2026 is Good Friday" in answer["derivation"]


def test_overlapping_clarifications_count_once_and_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    words = (
        "subject-access --received 2026-03-10 --clarify 2026-03-12..2026-03-16 --clarify 2026-03-15..2026-03-20 --json"
    )
    assert main(["clock", *words.split()]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["paused_days"] == 9
    assert answer["readings"]["guidance"] == "2026-04-20"
    assert any("overlap" in sentence for sentence in answer["derivation"])


def test_an_unanswered_clarification_stops_the_clock(capsys: pytest.CaptureFixture[str]) -> None:
    words = "subject-access --received 2026-03-10 --clarify 2026-03-12.. --json"
    assert main(["clock", *words.split()]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["acting"] is None
    assert answer["readings"] == {"guidance": None, "literal": None, "internal": None}
    assert "stands still" in " ".join(answer["derivation"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("subject-access --received 2026-02-30", "no such day"),
        ("subject-access --received yesterday", "expected a date"),
        ("subject-access --received 2026-03-10 --clarify 2026-03-20..2026-03-12", "before it was asked"),
        ("subject-access --received 2026-03-10 --clarify 2026-03-01..2026-03-12", "before the request was received"),
        ("subject-access --received 2026-03-10 --identity 2026-03-01", "before the request"),
        ("dp-complaint --received 2026-03-10", "the law did not know"),
        ("breach --received 2026-10-24", "give the time with its offset"),
        ("breach --received 2026-10-24T09:00", "give the offset"),
        ("foi --received 2026-11-09 --extend", "no extension"),
        ("rights --received 2026-03-03 --clarify 2026-03-04..2026-03-05", "only subject access"),
        ("retention --received 2026-10-01T12:00+01:00", "does not say how long"),
        ("scheme-complaint --received 2026-10-01", "does not say"),
        ("parking-ticket --received 2026-10-01", "There is no clock called"),
        ("subject-access", "Give the start once"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_with_a_sentence(
    words: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["clock", *words.split()]) == 2
    assert says in capsys.readouterr().err


def test_the_same_in_words_for_an_inspector(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "overt.cli", "--data", str(tmp_path), "clock", "breach"]
    command += ["--received", "2026-10-24T09:00+01:00"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "Tell the regulator by Tue 27 Oct 2026 08:00 GMT." in done.stdout
    assert "UK GDPR Art. 33(1); DPA 2018 s.67" in done.stdout


def test_what_nobody_read_again_is_said_to_be_unverified(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clock", "eir", "--received", "2026-11-09", "--nation", "scotland"]) == 0
    assert "Unverified" in capsys.readouterr().out
    assert main(["clock", "eir", "--received", "2026-11-09"]) == 0
    assert "Unverified" not in capsys.readouterr().out
