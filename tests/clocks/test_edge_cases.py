"""The cases where a deadline is got wrong: each worked out by hand, each with the sentence that says why."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from overt.cli import main


class Told:
    """What `overt clock` says to a command line, as JSON."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, words: str) -> dict:
        assert main(["clock", *words.split(), "--json"]) == 0, self.capsys.readouterr().err
        return json.loads(self.capsys.readouterr().out)

    def refusal(self, words: str) -> str:
        assert main(["clock", *words.split(), "--json"]) == 2
        told = self.capsys.readouterr()
        assert told.out == ""
        return told.err


@pytest.fixture
def clock(capsys: pytest.CaptureFixture[str]) -> Told:
    return Told(capsys)


def test_the_answer_has_the_keys_others_build_on(clock: Told) -> None:
    answer = clock("subject-access --received 2026-03-03")
    assert answer.keys() >= {
        "kind", "readings", "acting", "extension_notice_by", "paused_days", "derivation", "source", "rule_in_force",
        "verified",
    }  # fmt: skip
    assert answer["readings"].keys() == {"guidance", "literal", "internal"}
    assert answer["rule_in_force"] == {"from": "2026-02-05", "until": None}
    assert answer["verified"] is True


def test_a_pause_over_the_end_of_a_month(clock: Told) -> None:
    # 20 Jan + 1 month = 20 Feb; 26 Jan to 6 Feb, both included, are 12 days: 4 Mar.
    answer = clock("subject-access --received 2027-01-20 --clarify 2027-01-26..2027-02-06")
    assert answer["paused_days"] == 12
    assert answer["readings"] == {"guidance": "2027-03-04", "literal": "2027-03-03", "internal": "2027-03-01"}


def test_a_notice_of_extension_on_the_last_paused_day_is_in_time(clock: Told) -> None:
    # The first month would end on 9 Apr; eleven paused days carry it to 20 Apr, and the notice goes out on the 19th.
    asked = "subject-access --received 2026-03-10 --clarify 2026-04-09..2026-04-19"
    answer = clock(f"{asked} --extended-on 2026-04-19")
    assert answer["extension_notice_by"] == "2026-04-20"
    assert answer["readings"]["guidance"] == "2026-06-22"  # 10 Jun and 11 days are Sun 21 Jun
    late = clock(f"{asked} --extended-on 2026-04-21")
    assert late["readings"]["guidance"] == clock(asked)["readings"]["guidance"]
    assert any("nothing is extended" in said for said in late["derivation"])


def test_clarifications_that_overlap_are_merged_and_it_is_said(clock: Told) -> None:
    twice = "--clarify 2026-03-12..2026-03-16 --clarify 2026-03-15..2026-03-20"
    answer = clock(f"subject-access --received 2026-03-10 {twice}")
    once = clock("subject-access --received 2026-03-10 --clarify 2026-03-12..2026-03-20")
    assert answer["readings"] == once["readings"]
    assert answer["paused_days"] == 9
    assert "the clarification asked Sun 15 Mar 2026 overlaps the one before: they are merged" in answer["derivation"]


def test_a_question_asked_the_day_after_an_answer_goes_on_pausing(clock: Told) -> None:
    answer = clock(
        "subject-access --received 2026-03-10 --clarify 2026-03-12..2026-03-16 --clarify 2026-03-17..2026-03-20"
    )
    assert answer["paused_days"] == 9
    assert not any("overlap" in said for said in answer["derivation"])


def test_a_clarification_after_the_time_ran_out_pauses_nothing(clock: Told) -> None:
    answer = clock("subject-access --received 2026-03-10 --clarify 2026-05-12..2026-05-20")
    assert answer["paused_days"] == 0
    assert answer["readings"]["guidance"] == "2026-04-10"
    assert any("after the time had run out" in said for said in answer["derivation"])


def test_the_last_day_of_guidance_is_a_day_late_for_the_literal_reading(clock: Told) -> None:
    answer = clock("subject-access --received 2026-03-10 --clarify 2026-04-10..2026-04-14")
    assert answer["readings"]["guidance"] == "2026-04-15"
    assert answer["readings"]["literal"] == answer["acting"] == "2026-04-09"


def test_an_open_question_asked_too_late_for_the_literal_reading_leaves_its_day(clock: Told) -> None:
    answer = clock("subject-access --received 2026-03-10 --clarify 2026-04-10..")
    assert answer["readings"] == {"guidance": None, "literal": "2026-04-09", "internal": None}
    assert "read literally the clarification asked on Fri 10 Apr 2026 came too late" in answer["derivation"]


def test_a_target_of_the_schemes_own_may_be_given(clock: Told) -> None:
    assert clock("subject-access --received 2026-03-10 --days 20")["acting"] == "2026-03-30"


def test_a_complaint_under_the_code_counts_from_receipt_whenever_it_was_acknowledged(clock: Told) -> None:
    asked = "scheme-complaint --received 2026-11-09 --stage 2 --policy bassetlaw"
    told = clock(f"{asked} --acknowledged 2026-11-12")
    assert told["acting"] == clock(asked)["acting"] == "2026-11-30"
    assert any("which moves nothing" in said for said in told["derivation"])


def test_identity_after_an_answered_clarification_starts_the_clock_afresh(clock: Told) -> None:
    answer = clock("subject-access --received 2026-03-10 --clarify 2026-03-12..2026-03-20 --identity 2026-03-25")
    assert answer["readings"]["guidance"] == "2026-04-27"
    assert answer["paused_days"] == 0
    assert any("before the clock started: it pauses nothing" in said for said in answer["derivation"])


def test_identity_and_the_answer_in_one_letter(clock: Told) -> None:
    # The clock starts on the 20th, and that day, on which the answer came, does not count.
    answer = clock("subject-access --received 2026-03-10 --clarify 2026-03-12..2026-03-20 --identity 2026-03-20")
    assert answer["paused_days"] == 1
    assert answer["readings"]["guidance"] == "2026-04-21"


@pytest.mark.parametrize("answered", ["", "2026-03-27"])
def test_identity_while_a_clarification_is_open_is_refused_with_the_way_out(clock: Told, answered: str) -> None:
    asked = "subject-access --received 2026-03-10 --identity 2026-03-25 --clarify"
    refusal = clock.refusal(f"{asked} 2026-03-12..{answered}")
    way_out = f"--clarify 2026-03-25..{answered}"
    assert way_out in refusal
    done = clock(f"{asked} {way_out.split()[1]}")
    assert any("the clock starts then" in said for said in done["derivation"])


def test_the_29th_of_february(clock: Told) -> None:
    assert clock("subject-access --received 2028-01-29")["readings"]["guidance"] == "2028-02-29"
    assert clock("subject-access --received 2027-01-29")["readings"]["guidance"] == "2027-03-01"  # 28 Feb is a Sunday
    said = clock("subject-access --received 2027-01-29")["derivation"]
    assert "1 month after Fri 29 Jan 2027 there is no 29 February: the month's last day is Sun 28 Feb 2027" in said


def test_the_day_of_receipt_is_the_local_one(clock: Told) -> None:
    here = clock("rights --received 2026-07-01T23:59+01:00")
    utc = clock("rights --received 2026-07-01T22:59+00:00")
    assert here["readings"] == utc["readings"]
    assert here["readings"]["literal"] == "2026-07-31"
    past_midnight = clock("rights --received 2026-07-01T23:59+00:00")
    assert past_midnight["readings"]["literal"] == "2026-08-01"
    assert past_midnight["derivation"][0] == (
        "received Thu 2 Jul 2026 00:59 BST (given as 2026-07-01 23:59 UTC; the local day counts)"
    )


def test_a_proclaimed_holiday_moves_the_date(clock: Told) -> None:
    asked = "subject-access --received 2026-05-08"
    assert clock(asked)["readings"]["guidance"] == "2026-06-08"
    moved = clock(f"{asked} --holiday 2026-06-08")
    assert moved["readings"]["guidance"] == "2026-06-09"
    assert "Mon 8 Jun 2026 is a proclaimed holiday" in moved["derivation"]
    assert moved["readings"]["literal"] == clock(asked)["readings"]["literal"]


def test_the_law_as_it_stood_then(clock: Told) -> None:
    now, then = (
        clock("subject-access --received 2026-03-03"),
        clock("subject-access --received 2026-03-03 --as-of 2025-06-01"),
    )
    assert now["source"] != then["source"]
    assert then["rule_in_force"] == {"from": "2018-05-25", "until": "2026-02-05"}
    assert then["verified"] is True
    assert "did not know dp-complaint" in clock.refusal("dp-complaint --received 2026-11-20 --as-of 2026-06-18")
    assert "look up by hand" in clock.refusal("subject-access --received 2017-03-03")


@pytest.mark.parametrize(
    ("kind", "day", "before"),
    [
        ("subject-access", "2026-02-05", "2026-02-04"),
        ("rights", "2026-02-05", "2026-02-04"),
        ("dp-complaint", "2026-06-19", "2026-06-18"),
        ("foi", "2005-01-01", "2004-12-31"),
        ("housing-complaint", "2024-04-01", "2024-03-31"),
    ],
)
def test_a_rule_holds_from_its_first_day(clock: Told, kind: str, day: str, before: str) -> None:
    assert clock(f"{kind} --received {day}")["rule_in_force"]["from"] == day
    if kind in {"subject-access", "rights"}:
        assert clock(f"{kind} --received {before}")["rule_in_force"]["until"] == day
    else:
        assert clock.refusal(f"{kind} --received {before}")


def test_a_pause_that_only_guidance_knew_moves_guidance_alone(clock: Told) -> None:
    asked = "subject-access --received 2025-03-10 --clarify 2025-03-12.."
    paused = clock(f"{asked}2025-03-20")
    assert paused["readings"]["guidance"] == "2025-04-22"
    assert paused["readings"]["literal"] == paused["acting"] == "2025-04-09"
    assert paused["extension_notice_by"] == "2025-04-18"
    assert paused["verified"] is False
    open_still = clock(asked)
    assert open_still["readings"] == {"guidance": None, "literal": "2025-04-09", "internal": None}


def test_a_scottish_authority_answers_under_its_own_act(clock: Told) -> None:
    # 17 March 2027 is a holiday in Northern Ireland alone; Easter Monday is none in Scotland.
    answer = clock("foi --received 2027-03-08 --nation scotland")
    assert answer["acting"] == "2027-04-06"
    assert answer["source"].startswith("Freedom of Information (Scotland) Act 2002")
    assert any(said.endswith("left out: by Thu 8 Apr 2027") for said in answer["derivation"])
    assert not any("left out" in said for said in clock("foi --received 2027-03-08")["derivation"])


def test_scottish_surveillance_has_its_own_act_and_asks_no_court(clock: Told) -> None:
    for body in ("police", "council"):
        written = clock(f"surveillance-written --effective 2026-09-15 --body {body} --nation scotland")
        assert written["acting"] == "2026-12-14"
        assert "(Scotland) Act 2000" in written["source"]
        assert not any("magistrate" in said for said in written["derivation"])
        assert clock(f"surveillance-oral --effective 2026-10-24T09:00+01:00 --body {body} --nation scotland")["acting"]
    irish = clock("surveillance-written --effective 2026-09-15 --body council --nation northern-ireland")
    assert any("excepted or reserved matter" in said for said in irish["derivation"])


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("foi --received 2026-11-09 --fee 2026-11-16..2027-02-16", "Mon 15 Feb 2027"),
        ("foi --received 2026-11-09 --fee 2026-11-30..", "Sun 28 Feb 2027"),
        ("eir --received 2026-11-09 --fee 2026-11-16..", "Mon 15 Feb 2027"),
    ],
)
def test_a_fee_that_does_not_come_in_its_time_leaves_nothing_to_answer(clock: Told, words: str, until: str) -> None:
    answer = clock(words)
    assert answer["acting"] is None
    assert any(f"paid by {until}" in said and "nothing to answer" in said for said in answer["derivation"])


@pytest.mark.parametrize("asked", ["2026-03-10", "2026-03-12", "2026-03-31", "2026-04-09"])
def test_a_clock_that_stands_still_says_what_is_left_of_both_readings(clock: Told, asked: str) -> None:
    still = " ".join(clock(f"subject-access --received 2026-03-10 --clarify {asked}..")["derivation"])
    goes = clock(f"subject-access --received 2026-03-10 --clarify {asked}..2026-04-24")
    left = (date.fromisoformat(goes["readings"]["literal"]) - date(2026, 4, 24)).days
    assert re.search(rf"\b{left} days? remains? after it as the law reads, and {left + 1} by", still)


def test_a_fee_on_the_last_day_of_its_three_months_is_in_time(clock: Told) -> None:
    assert clock("foi --received 2026-11-09 --fee 2026-11-16..2027-02-15")["acting"]


def test_a_tenants_complaint_acknowledged_late_says_so(clock: Told) -> None:
    late = clock("housing-complaint --received 2026-11-09 --acknowledged 2026-11-20")
    assert "acknowledged Fri 20 Nov 2026, after Mon 16 Nov 2026, when it was due" in late["derivation"]
    assert late["acting"] == "2026-12-04"


def test_only_the_extension_of_stage_two_was_not_read(clock: Told) -> None:
    asked = "housing-complaint --received 2026-01-05 --acknowledged 2026-11-11"
    assert clock(f"{asked} --extend")["verified"] is True
    assert clock(f"{asked} --escalated 2026-11-09")["verified"] is True
    assert clock(f"{asked} --escalated 2026-11-09 --extend")["verified"] is False


def test_environmental_information_is_extended_by_a_notice_within_the_twenty_days(clock: Told) -> None:
    plain = clock("eir --received 2026-11-09")
    assert plain["acting"] == plain["extension_notice_by"] == "2026-12-08"
    assert clock("eir --received 2026-11-09 --extended-on 2026-12-08")["acting"] == "2027-01-11"
    assert clock("eir --received 2026-11-09 --extended-on 2026-12-09")["acting"] == "2026-12-08"
    assert "no extension" in clock.refusal("foi --received 2026-11-09 --extend")


def test_a_request_for_information_that_waits_has_no_date(clock: Told) -> None:
    for waits, says in (("--clarify 2026-11-10..", "no date yet"), ("--fee 2026-11-10..", "not yet paid")):
        answer = clock(f"foi --received 2026-11-09 {waits}")
        assert answer["acting"] is None
        assert any(says in said for said in answer["derivation"])


def test_a_council_needs_the_magistrate_and_has_no_urgent_oral_route(clock: Told) -> None:
    council = clock("surveillance-written --effective 2026-09-15 --body council")
    assert council["acting"] == clock("surveillance-written --effective 2026-09-15")["acting"] == "2026-12-14"
    assert any("magistrate" in said for said in council["derivation"])
    oral = "surveillance-oral --effective 2026-10-24T09:00+01:00"
    assert clock(oral)["acting"] == "2026-10-27T08:00:00+00:00"
    assert "section 43(1A)" in clock.refusal(f"{oral} --body council")
    # Before 1 November 2012 it was lawful, and the magistrate was not asked.
    assert clock("surveillance-oral --effective 2012-10-30T09:00+00:00 --body council")["acting"]
    before = clock("surveillance-written --effective 2012-10-30 --body council")
    assert not any("magistrate" in said for said in before["derivation"])


@pytest.mark.parametrize(
    ("words", "acting"),
    [
        ("dp-complaint-outcome --received 2026-11-20 --days 60", "2027-01-19"),
        ("surveillance-product --received 2026-12-14", "2031-12-14"),
        ("sia-licence --received 2027-03-31", "2027-03-31"),
        ("dpia-review --received 2026-02-28", "2027-02-28"),
        ("code-review --received 2026-03-01", "2027-03-01"),
        ("code-review --received 2026-03-01 --policy progress", "2029-03-01"),
        ("code-review --received 2024-02-29 --months 36", "2027-02-28"),
        ("self-assessment --received 2026-03-01", "2027-03-01"),
        ("annual-review --received 2026-03-31", "2027-03-31"),
        ("inspection-visit --received 2026-12-31", "2027-01-31"),
        ("inspection-visit --received 2027-01-01", "2027-02-28"),
    ],
)
def test_the_other_rows_of_the_law_and_the_codes(clock: Told, words: str, acting: str) -> None:
    answer = clock(words)
    assert answer["acting"] == acting
    assert answer["source"]


def test_a_tenants_complaint_that_was_acknowledged_waits_for_its_answer(clock: Told) -> None:
    asked = "housing-complaint --received 2026-11-09"
    assert clock(asked)["acting"] == "2026-11-16"
    assert clock(f"{asked} --acknowledged 2026-11-11")["acting"] == "2026-11-25"
    assert "acknowledged already" in clock.refusal(f"{asked} --acknowledged 2026-11-11 --stage 1")


def test_a_licence_says_when_renewal_opens(clock: Told) -> None:
    answer = clock("sia-licence --received 2027-03-31")
    assert answer["opens"] == "2026-11-30"
    assert any("SI 2006/3411 art. 4" in said for said in answer["derivation"])
    assert answer["rule_in_force"]["from"] == "2007-02-01"
    assert "begin on Thu 1 Feb 2007" in clock.refusal("sia-licence --received 2006-12-31")


def test_a_figure_typed_by_hand_is_nobodys_code(clock: Told) -> None:
    typed = clock("evidence-master --received 2026-03-01 --years 3")
    theirs = clock("evidence-master --received 2026-03-01 --policy bassetlaw")
    assert typed["acting"] == theirs["acting"] == "2029-03-01"
    assert typed["verified"] is False
    assert theirs["verified"] is True
    assert "(BASS-1.6.3.c)" in theirs["source"]
    assert clock("self-assessment --received 2026-03-01")["verified"] is False


@pytest.mark.parametrize(
    ("words", "clause"),
    [
        ("scheme-complaint --received 2026-12-22 --policy bassetlaw", "BASS-6.6.c"),
        ("scheme-complaint --received 2026-12-22 --policy bassetlaw --stage 2", "BASS-6.6.e"),
        ("retention --received 2026-10-01T12:00+01:00 --policy hertfordshire", "HERTS-24.1"),
        ("surveillance-product --received 2026-12-14 --policy bassetlaw", "BASS-11.2.l"),
        ("dpia-review --received 2026-02-28 --policy progress", "PROG-4.2.2.b"),
        ("inspection-visit --received 2026-12-31 --policy hertfordshire", "HERTS-22.4"),
    ],
)
def test_a_schemes_own_figure_names_its_clause(clock: Told, words: str, clause: str) -> None:
    assert f"({clause})" in clock(words)["source"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("breach --received 2026-10-24T09:00+01:00 --clarify 2026-10-25..2026-10-26", "not paused"),
        ("foi --received 2026-11-09 --identity 2026-11-10", "does not wait for identity"),
        ("dp-complaint --received 2026-11-20 --fee 2026-11-21", "does not wait for a fee"),
        ("subject-access --received 2026-03-03 --stage 2", "--stage says nothing to subject-access"),
        ("subject-access --received 2026-03-03 --body council", "--body says nothing"),
        ("foi --received 2026-11-09 --extended-on 2026-11-10", "no extension"),
        ("rights --received 2026-03-03 --extended-on 2026-03-01", "before the request"),
        ("surveillance-written --effective 2026-09-15 --body army", "expected one of police, council"),
        ("subject-access --received 9999-12-31", "expected a day from 2000 to 2099"),
        ("subject-access --received 2026-03-03 --holiday 1066-10-14", "expected a day from 2000"),
        ("evidence-master --received 2026-03-01 --years 0", "from 1 to 100"),
        ("dp-complaint-outcome --received 2026-11-20", "without undue delay"),
        ("housing-complaint --received 2026-11-09 --stage 1 --extend", "cannot be extended"),
        (
            "housing-complaint --received 2026-11-09 --acknowledged 2026-11-10 --escalated 2026-11-20 --stage 2",
            "before",
        ),
        ("dpia-review --received 2026-02-28 --policy sevenoaks", "does not say how often"),
        ("inspection-visit --received 2026-12-31 --policy progress", "does not say that inspectors come"),
        ("evidence-master --received 2026-03-01 --policy hertfordshire", "Hertfordshire CCTV Partnership"),
        ("surveillance-product --received 2026-12-14 --policy progress", "does not say how long"),
        ("foi --received 2026-11-09 --fee 2026-11-18..2026-11-16", "before it was asked for"),
        ("foi --received 2026-11-09 --fee 2026-11-18", "--fee NOTICE..PAID"),
        ("foi --received 2026-11-09 --fee 2026-11-01..2026-11-18", "before the request"),
        ("subject-access --received 2026-03-03 --nation wales", "expected one of"),
        ("subject-access --received 2026-03-03 --effective 2026-03-03", "Give the start once"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(clock: Told, words: str, says: str) -> None:
    assert says in clock.refusal(words)
