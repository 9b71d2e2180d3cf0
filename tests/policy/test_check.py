"""The linter on the four published schemes, argued from the documents; and each rule beside its counter-case."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.clauses.catalogue import catalogue
from overt.policy.files import read_text, write_text
from overt.policy.rules import SchemePolicy, policy_from
from overt.policy.rules.check import check
from overt.policy.rules.findings import Finding, Severity
from overt.policy.rules.laws import LAWS
from overt.policy.schemes import NAMES, every_shipped, shipped

TODAY = date(2026, 11, 22)

#: Against the law. Each line says where the document says so.
ERRORS = {
    "hertfordshire": {
        "sar-written-only",  # 24: all subject access requests are dealt with by writing
        "no-dp-complaints-route",  # 23 knows complaints about the system only
    },
    "bassetlaw": {
        "sar-limit-not-one-month",  # 8.9: 30 calendar days
        "objection-limit-not-one-month",  # 8.11: 30 days
        "no-dp-complaints-route",  # 6.6 knows complaints about the system only
        "council-intrusive-surveillance",  # 11.2: intrusive surveillance by a chief executive
        "council-surveillance-without-magistrate",  # 11.2: authorised by a head of service, nobody else
        "subject-access-charged",  # C.4.2: an additional fee for a first copy with others hidden
    },
    "sevenoaks": {
        "no-dp-complaints-route",
        "certification-mark-withdrawn",  # principle 10: the mark throughout five years from August 2023
    },
    "progress": {"no-dp-complaints-route"},  # 4.2.33 refers to the complaints procedure
}

#: What contradicts itself, is out of date or overdue; silences apart.
WARNINGS = {
    "hertfordshire": {
        "controller-is-a-post",  # 2: the CCTV Manager holds the post
        "stale-law:dpa-1998",  # 1, 2, 5, 25
        "stale-law:dpa-2018-bill",  # 1: "subject to Royal Assent"
        "stale-law:gdpr-as-act",  # 5: "General Data Protection Act 2018"
        "stale-law:gdpr-eu",  # 1, 24
        "stale-law:ico-cctv-code-2008",  # 5
        "stale-law:data-protection-commissioner",  # 5
        "stale-law:customs-and-excise",  # 4
        "stale-law:british-standards-authority",  # 21
        "stale-law:bsia-7858",  # 21: the numbers are the British Standards Institution's
        "stale-law:dpa-1998-definitions",  # 2: purpose and manner, where the law says purposes and means
        "stale-law:data-subject-asks",  # 2: a data subject is who makes a request
        "conflict:manager-two-names",  # 2 and 5
        "conflict:public-access",  # 24 against 4
        "conflict:works-extensively",  # 13
    },
    "bassetlaw": {
        "nca-request-not-a-duty",  # 5.7: "MUST comply"
        "stale-law:gdpr-eu",
        "stale-law:ico-cctv-code-2017",  # 0: version 1.2
        "stale-law:customs-and-excise",  # C.2.2
        "stale-law:socpa-2005-replaced",  # 5.7: the Act was passed in April 2013 and left that of 2005 standing
        "stale-law:peck-1997",  # C.6, note: "had not acted unlawfully"; Strasbourg found otherwise
        "stale-law:dpa-1998-definitions",  # definitions
        "stale-law:dpa-1998-s10",  # 8.11: substantial and unwarranted damage
        "stale-law:dpa-1998-sensitive",  # definitions
        "two-values:retention_rule",  # 1.6.1 maximum, 1.6.2 for 30 days
        "two-values:sar_start_rule",  # 8.9: receipt, or all the information
        "two-values:sar_refusal_role",  # 8.9: data protection manager, or the manager
        "two-values:sar_third_parties",  # 8.9.e balanced, C.4 and C.5 always hidden
        "two-values:sar_time_window_minutes",  # 30 in 8.9, an hour in C.4
        "two-values:pre_view_complaint_check",  # the lost "not" of 8.2.2
        "two-values:police_camera_use",  # 7.6.2 against 11.2
        "conflict:disclosure-decider",  # 6.2, 8.3, C.1
        "conflict:manager-two-posts",  # 6.2 against A.2
        "conflict:change-class",  # 2.1 against A.1
        "conflict:recording-rate",  # 1.6 against 7.4
        "conflict:checks-before-viewing",  # 8.2.2, items 3 and 4, against 8.7 and C.2
        "conflict:joint-controllers",  # 1 against 12.4
        "conflict:countersignature-in-absence",  # 6.2.3 against 6.2.4
        "conflict:print-log-run-in",  # 10.2
        "conflict:lost-cross-references",  # 4.5, 5.2, 7.6
        "confidentiality-both-ways:police",  # 7.1 against D
        "deployment-serves-no-purpose:staff_discipline",  # 12.4 against 3.2
        "review-overdue",  # due May 2022
    },
    "sevenoaks": {"review-overdue"},  # reviewed yearly, last in spring 2024
    "progress": {
        "stale-law:ico-cctv-code-2017",  # 1.2, 4.4.2
        "stale-law:dpa-1998-definitions",  # 4.3.4, 4.3.5
        "conflict:wrong-paragraph",  # 4.2.18
        "review-undated",  # 7.1: every 3 years, from no date
    },
}

NOTES = {
    "hertfordshire": {"retention-below-police-31"},  # 28
    "bassetlaw": {"retention-below-police-31"},  # 30
    "sevenoaks": set(),
    "progress": set(),
}

#: The decisions each document leaves open although something waits for them.
SILENT = {
    "hertfordshire": {
        "third_party_decision_roles", "secondary_release_police_rank", "secondary_release_wellbeing_role",
        "wider_release_decision_role", "police_control_request_rank", "police_control_grantor",
        "police_total_control_request_rank", "police_total_control_grantor", "directed_surveillance_council_rank",
        "intrusive_surveillance_police_rank", "engineer_playback", "complaint_ack_working_days",
        "complaint_answer_working_days",
    },
    "bassetlaw": set(),
    "sevenoaks": {
        "evidence_master_retention_years", "evidence_export_media", "released_media_may_return",
        "stills_may_leave_control_room", "sar_handler_role", "third_party_decision_roles",
        "secondary_release_police_rank", "secondary_release_wellbeing_role", "civil_claim_rule",
        "wider_release_decision_role", "police_control_request_rank", "police_control_grantor",
        "police_total_control_request_rank", "police_total_control_grantor", "surveillance_protocol",
        "directed_surveillance_council_rank", "intrusive_surveillance_police_rank", "data_controller",
        "complaint_ack_working_days", "complaint_answer_working_days", "code_breach_investigator",
    },
    "progress": {
        "evidence_master_retention_years", "released_media_may_return", "stills_may_leave_control_room",
        "sar_handler_role", "third_party_decision_roles", "secondary_release_police_rank",
        "secondary_release_wellbeing_role", "civil_claim_rule", "wider_release_decision_role", "police_live_mode",
        "police_control_request_rank", "police_control_grantor", "police_total_control_request_rank",
        "police_total_control_grantor", "intrusive_surveillance_police_rank", "engineer_playback",
        "complaint_ack_working_days", "complaint_answer_working_days", "code_breach_investigator",
    },
}  # fmt: skip


def ids(found: list[Finding], severity: Severity | None = None) -> set[str]:
    return {one.id for one in found if severity in (None, one.severity)}


@pytest.mark.parametrize("name", NAMES)
def test_it_finds_what_is_wrong_with_a_published_scheme_and_nothing_that_is_right(name: str) -> None:
    found = check(shipped(name), TODAY)
    assert ids(found, Severity.ERROR) == ERRORS[name]
    assert ids(found, Severity.WARNING) == WARNINGS[name] | {f"silent:{setting}" for setting in SILENT[name]}
    assert ids(found, Severity.NOTE) == NOTES[name]


@pytest.mark.parametrize("name", NAMES)
def test_each_finding_says_what_where_and_how_it_is_mended(name: str) -> None:
    found = check(shipped(name), TODAY)
    assert len({one.id for one in found}) == len(found), "an id names one fault"
    for one in found:
        assert one.says.endswith("."), one.id
        assert one.fix, one.id
        assert set(one.clauses) <= set(catalogue()), one.id
        if one.severity is Severity.ERROR:
            assert one.source, f"{one.id}: an error is argued from a source"


def test_a_contradiction_names_both_places() -> None:
    found = {one.id: one for one in check(shipped("bassetlaw"), TODAY)}
    window = found["two-values:sar_time_window_minutes"]
    assert window.clauses == ("BASS-C.4.1.3", "BASS-8.9.h")
    assert "60 (BASS-C.4.1.3), and 30 (BASS-8.9.h)" in window.says


@pytest.mark.parametrize(
    ("finding", "scheme", "before", "from_day"),
    [
        ("no-dp-complaints-route", "progress", date(2026, 6, 18), date(2026, 6, 19)),
        ("certification-mark-withdrawn", "sevenoaks", date(2025, 11, 18), date(2025, 11, 19)),
        ("review-overdue", "bassetlaw", date(2022, 5, 31), date(2022, 6, 1)),
        ("review-overdue", "hertfordshire", date(2027, 4, 3), date(2027, 4, 4)),
        ("stale-law:gdpr-eu", "bassetlaw", date(2020, 12, 31), date(2021, 1, 1)),
        ("stale-law:dpa-1998", "hertfordshire", date(2018, 5, 24), date(2018, 5, 25)),
        ("council-surveillance-without-magistrate", "bassetlaw", date(2012, 10, 31), date(2012, 11, 1)),
        ("sar-limit-not-one-month", "bassetlaw", date(2018, 5, 24), date(2018, 5, 25)),
    ],
)
def test_the_law_of_the_day_decides(finding: str, scheme: str, before: date, from_day: date) -> None:
    assert finding not in ids(check(shipped(scheme), before))
    assert finding in ids(check(shipped(scheme), from_day))


def draft(**settings: object) -> SchemePolicy:
    """A council's policy that only says these things."""
    terms = {name: value if isinstance(value, dict) else {"value": value} for name, value in settings.items()}
    return policy_from({"scheme": "draft", "owner_kind": "council", "roles": [
        {"code": "council", "kind": "body"}, {"code": "manager"},
    ], "settings": terms})  # fmt: skip


DAYS, MONTHS, WORKING = {"unit": "days"}, {"unit": "months"}, {"unit": "working days"}
CASES = [
    ("sar-limit-not-one-month", {"sar_response_days": {"value": 30, **DAYS}},
     {"sar_response_days": {"value": 28, **DAYS}}),
    ("sar-limit-not-one-month", {"sar_response_days": {"value": 2, **MONTHS}},
     {"sar_response_days": {"value": 1, **MONTHS}}),
    ("objection-limit-not-one-month", {"objection_response_days": {"value": 30, **DAYS}},
     {"objection_response_days": {"value": 1, **MONTHS}}),
    ("sar-written-only", {"sar_channels": ["written"]}, {"sar_channels": ["written", "spoken"]}),
    ("sar-written-only", {"sar_correspondence": "written"},
     {"sar_correspondence": "written", "sar_channels": ["written", "spoken"]}),
    ("no-dp-complaints-route", {}, {"dp_complaint_route": "A form on the website"}),
    ("certification-mark-withdrawn", {"certification_mark_shown": True}, {"certification_mark_shown": False}),
    ("council-intrusive-surveillance", {"intrusive_surveillance_council_rank": "chief_executive"},
     {"intrusive_surveillance_police_rank": "chief_constable"}),
    ("council-surveillance-without-magistrate", {"directed_surveillance_council_rank": "head_of_service"},
     {"directed_surveillance_council_rank": "head_of_service", "council_magistrate_approval": True}),
    ("council-urgent-oral", {"urgent_oral_bodies": ["police", "council"]}, {"urgent_oral_bodies": ["police"]}),
    ("subject-access-charged", {"fees": [{"kind": "subject_access_first_copy", "charge": "may_be_charged"}]},
     {"fees": [{"kind": "subject_access_further_copy", "charge": "may_be_charged"}]}),
    ("nca-request-not-a-duty", {"nca_duty": "must_be_met"}, {"nca_duty": "may_be_met"}),
    ("controller-is-a-post", {"data_controller": "manager"}, {"data_controller": "council"}),
    ("retention-below-police-31", {"retention_days": {"value": 30, **DAYS}},
     {"retention_days": {"value": 31, **DAYS}}),
    ("stills-both-ways", {"stills_may_leave_control_room": False, "stills_authority_rank": "inspector"},
     {"stills_may_leave_control_room": True, "stills_authority_rank": "inspector"}),
    ("silent:stills_authority_rank", {"stills_may_leave_control_room": True},
     {"stills_may_leave_control_room": False}),
    ("silent:evidence_master_retention_years", {"evidence_copies": ["master"]}, {"evidence_copies": ["exhibit"]}),
    ("schedule-differs:recordings",
     {"retention_days": {"value": 31, **DAYS},
      "retention_schedule": [{"record": "recordings", "period": 28, "unit": "days", "custodian": "scheme"}]},
     {"retention_days": {"value": 31, **DAYS},
      "retention_schedule": [{"record": "recordings", "period": 31, "unit": "days", "custodian": "scheme"}]}),
    ("total-control-below-control",
     {"police_control_request_rank": "superintendent", "police_total_control_request_rank": "inspector"},
     {"police_control_request_rank": "inspector", "police_total_control_request_rank": "superintendent"}),
    ("complaint-answered-before-acknowledged",
     {"complaint_ack_working_days": {"value": 15, **WORKING}, "complaint_answer_working_days": {"value": 5, **WORKING}},
     {"complaint_ack_working_days": {"value": 5, **WORKING}, "complaint_answer_working_days": {"value": 5, **WORKING}}),
    ("always-is-not-24-hours",
     {"monitoring_commitment": "always", "monitored_hours_per_day": {"value": 16, "unit": "hours"}},
     {"monitoring_commitment": "where_possible", "monitored_hours_per_day": {"value": 16, "unit": "hours"}}),
    ("confidentiality-both-ways:police",
     {"confidentiality_signed_by": ["police"], "confidentiality_exempt": ["police"]},
     {"confidentiality_signed_by": ["operators"], "confidentiality_exempt": ["police"]}),
    ("deployment-serves-no-purpose:events",
     {"deployment_purposes": [{"code": "events", "says": "Events", "serves": "safety"}]},
     {"deployment_purposes": [{"code": "events", "says": "Events", "serves": "safety"}],
      "purposes": [{"code": "safety", "says": "Safety"}]}),
    ("law-unknown:magna-carta", {"legal_references": [{"law": "magna-carta", "cited_as": "Magna Carta"}]},
     {"legal_references": [{"law": "uk-gdpr", "cited_as": "UK GDPR"}]}),
]  # fmt: skip


@pytest.mark.parametrize(("finding", "wrong", "right"), CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
def test_each_rule_beside_its_counter_case(finding: str, wrong: dict, right: dict) -> None:
    assert finding in ids(check(draft(**wrong), TODAY))
    assert finding not in ids(check(draft(**right), TODAY))


def test_a_landlord_is_not_asked_which_officer_authorises_surveillance() -> None:
    assert "silent:directed_surveillance_council_rank" in ids(check(draft(), TODAY))
    assert "silent:directed_surveillance_council_rank" not in ids(check(shipped("progress"), TODAY))


@given(st.sampled_from(NAMES), st.dates(date(2019, 1, 1), date(2040, 1, 1)), st.integers(1, 3000))
def test_time_alone_makes_no_code_better(name: str, day: date, later: int) -> None:
    earlier = ids(check(shipped(name), day))
    assert earlier <= ids(check(shipped(name), day + timedelta(days=later)))


def test_a_law_that_has_gone_names_what_stands_in_its_place() -> None:
    for law in LAWS:
        gone = law.until is not None or bool(law.never)
        assert bool(law.instead) == bool(law.source) == gone, law.key
        assert not (law.verified and law.until is None), "only a date can be verified"


def test_a_date_that_was_not_read_again_says_so_and_what_never_was_has_none() -> None:
    found = {one.id: one for one in check(shipped("hertfordshire"), TODAY)}
    assert found["stale-law:dpa-1998"].says.endswith("has not stood since 25 May 2018.")
    assert found["stale-law:gdpr-as-act"].says.endswith("never existed.")
    theirs = {one.id: one for one in check(shipped("progress"), TODAY)}
    assert theirs["stale-law:ico-cctv-code-2017"].says.endswith("since 25 February 2022 (date not read again).")


def test_a_scottish_council_is_not_asked_for_a_sheriff() -> None:
    """Regulation of Investigatory Powers (Scotland) Act 2000 s.19(1)(a): no approval, and an urgent oral way."""
    said = {
        "directed_surveillance_council_rank": {"value": "head_of_service"},
        "urgent_oral_bodies": {"value": ["council"]},
    }
    theirs = {"scheme": "draft", "owner_kind": "council", "roles": [], "settings": said}
    here = ids(check(policy_from(theirs), TODAY))
    there = ids(check(policy_from({**theirs, "nation": "scotland"}), TODAY))
    assert here - there == {"council-surveillance-without-magistrate", "council-urgent-oral"}


def test_a_draft_begun_from_a_published_scheme_has_its_faults_until_they_are_mended() -> None:
    begun = read_text(write_text(shipped("bassetlaw")))
    assert ids(check(begun, TODAY)) == ids(check(shipped("bassetlaw"), TODAY))
    assert all(policy.scheme in ERRORS for policy in every_shipped())
