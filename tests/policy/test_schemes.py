"""The four published schemes, parameter by parameter, against the catalogue and against the published documents."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from overt.clauses.catalogue import catalogue
from overt.policy.files import read_text, write_text
from overt.policy.rules import document_of, policy_from
from overt.policy.rules.settings import BY_NAME
from overt.policy.schemes import NAMES, every_shipped, shipped

SCHEME_OF = {
    "HERTS": "hertfordshire", "MINUTES": "hertfordshire", "BASS": "bassetlaw", "SEVEN": "sevenoaks", "PROG": "progress",
}  # fmt: skip

#: The comparison of the four published documents: Hertfordshire, Bassetlaw, Sevenoaks, Progress. None is a silence.
PUBLISHED: dict[str, tuple[object, object, object, object]] = {
    "retention_days": (28, 30, 31, 31),
    "retention_rule": ("exact", "maximum", "exact", "maximum"),
    "evidence_master_retention_years": (None, 3, None, None),
    "evidence_copies": (("exhibit",), ("master", "working"), None, None),
    "released_media_may_return": (False, True, None, None),
    "continuity_after_release": ("recipient", None, "release_log", "extract_log"),
    "recording_fps": (None, 25, None, None),
    "monitored_hours_per_day": (24, 24, 24, None),
    "monitoring_commitment": ("always", "where_possible", "always", None),
    "audio_default": (None, None, None, "off"),
    "stills_may_leave_control_room": (False, True, None, None),
    "stills_authority_rank": (None, "inspector", None, None),
    "sar_response_days": (None, 30, None, None),
    "sar_handler_role": ("cctv_manager", "data_protection_manager", None, None),
    "sar_channels": (None, ("written", "spoken"), None, None),
    "sar_time_window_minutes": (None, 60, None, None),
    "objection_response_days": (None, 30, None, None),
    "third_party_decision_roles": (None, ("director", "head_of_service", "data_protection_team"), None, None),
    "disclosure_notified_role": (None, "data_protection_manager", None, "data_protection_officer"),
    "secondary_release_police_rank": (None, "inspector", None, None),
    "secondary_release_wellbeing_role": (None, "senior_authority_officer", None, None),
    "civil_claim_rule": ("manager_decision", "order_required", None, None),
    "wider_release_decision_role": (None, "data_protection_manager", None, None),
    "minor_offence_exclusion": (True, None, None, None),
    "police_live_mode": ("standing", "present", "relay", None),
    "police_control_request_rank": (None, "inspector", None, None),
    "police_total_control_request_rank": (None, "assistant_chief_constable", None, None),
    "directed_surveillance_council_rank": (None, "head_of_service", None, None),
    "intrusive_surveillance_police_rank": (None, "chief_constable", None, None),
    "intrusive_surveillance_council_rank": (None, "chief_executive", None, None),
    "ripa_material_retention_years": (None, 5, None, None),
    "ripa_storage_tb_per_day": (None, 1, None, None),
    "complaint_ack_working_days": (None, 5, None, None),
    "complaint_answer_working_days": (None, 15, None, None),
    "data_breach_notified_role": (None, "manager", None, "data_protection_officer"),
    "destruction_delegable": (None, False, None, None),
    "annual_report": (True, True, None, None),
    "code_breach_investigator": ("independent_senior_officer", "manager_or_supervisor", None, None),
    "dpia_unit": ("camera", "camera", "site", "system"),
    "dpia_review_months": (12, None, None, 12),
    "justification_review_months": (None, 12, 12, 12),
    "policy_review_months": (12, 12, 12, 36),
    "inspection_visits_per_month_min": (1, None, None, None),
    "independent_assessment_months": (None, 12, None, None),
    "external_inspection_months": (None, None, 12, None),
    "certification_validity_years": (None, None, 5, None),
    "function_checks_per_day": (None, 1, 2, None),
    "system_review_months": (None, None, None, 1),
    "camera_location_review_months": (None, None, 12, None),
    "ups_service_months": (None, None, 12, None),
    "public_statistics_interval_months": (1, None, None, None),
    "owner_report_interval_months": (3, None, None, None),
    "performance_indicator_interval_months": (None, None, 1, None),
    "engineer_playback": (None, "supervised", "per_visit", None),
    "review_year_start": (None, None, "04-01", None),
    "monitored_days_per_year": (365, None, 365, None),
}
#: Settings the catalogue names although no document gives a figure, and those of its comparison without a clause.
NAMED = [
    "retention_rule",
    "hold_grounds",
    "released_media_may_return",
    "continuity_after_release",
    "audio_default",
    "sar_channels",
    "civil_claim_rule",
    "minor_offence_exclusion",
    "police_live_mode",
    "mask_exceptions",
    "engineer_playback",
    "code_breach_investigator",
    "targeted_watch_seconds",
    "offline_alert_minutes",
    "documentation_check_interval",
    "planning_check_days",
    "part3_response_days",
    "existence_check_days",
    "firmware_update_days",
    "retention_schedule",
    "fees",
    "legal_references",
    "standards",
    "publication_scheme",
    "link_delivery",
    "health_measures",
    "all_visits_by_appointment",
    "dpia_unit",
    "monitoring_commitment",
    "covert_modes",
    "purposes",
    "permitted_uses",
    "exclusions",
]


@pytest.mark.parametrize("clause", [c for c in catalogue().values() if c.parameter], ids=lambda c: c.id)
def test_every_parameter_of_the_catalogue_stands_in_its_scheme_with_its_clause(clause) -> None:
    policy = shipped(SCHEME_OF[clause.id.split("-")[0]])
    for name, value in clause.parameter.items():
        term = policy.term(name)
        stated = [(term.value, term.clauses), *((other.value, other.clauses) for other in term.also)]
        assert any(_same(said, value) and clause.id in clauses for said, clauses in stated), (name, stated)


def _same(said: object, value: object) -> bool:
    if isinstance(said, tuple):
        return [row["medium"] if isinstance(row, Mapping) else row for row in said] == value
    return said == value


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_four_say_what_was_published_and_nothing_more(name: str) -> None:
    assert tuple(policy.value(name) for policy in every_shipped()) == PUBLISHED[name]


@pytest.mark.parametrize("name", NAMED)
def test_every_setting_the_catalogue_names_is_one(name: str) -> None:
    assert name in BY_NAME


def test_no_published_scheme_speaks_of_what_no_published_code_fixes() -> None:
    products_own = [s.name for s in BY_NAME.values() if s.section == "What no published code fixes"]
    assert {n for n in products_own for policy in every_shipped() if policy.in_code(n)} == set()


@pytest.mark.parametrize("name", NAMES)
def test_each_term_of_a_published_scheme_names_its_clause_and_only_clauses_of_its_own_document(name: str) -> None:
    policy = shipped(name)
    for setting, term in policy.terms.items():
        if term.value is not None:
            assert term.clauses, setting
        assert {SCHEME_OF[clause.split("-")[0]] for clause in term.clauses} <= {name}, setting


@pytest.mark.parametrize("name", NAMES)
def test_a_scheme_survives_being_stored_and_being_written_to_a_file(name: str) -> None:
    policy = shipped(name)
    assert policy_from(document_of(policy)) == policy
    assert read_text(write_text(policy)) == policy


def test_one_post_with_two_names_is_one_post() -> None:
    herts = shipped("hertfordshire")
    assert herts.post("operations_manager") is herts.post("cctv_manager")
    assert herts.post("managing_director") is None
