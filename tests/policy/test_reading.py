"""What cannot stand in a policy document gets one clear sentence; what can is read."""

from __future__ import annotations

import pytest

from overt.policy.files import read_text
from overt.policy.rules import BadPolicy, PolicySilent, policy_from
from overt.policy.rules.moves import WrongMove
from overt.policy.schemes import unadopted

GOOD = """
scheme: market-town
title: Market Town CCTV
issued: 2026-04-03
owner_kind: council
roles:
  - {code: manager, name: CCTV manager, aliases: [duty_manager]}
settings:
  retention_days: {value: 31, unit: days, clauses: [PROG-4.2.10]}
  sar_response_days: {value: 1, unit: months}
  sar_handler_role: {value: duty_manager}
  stills_authority_rank: {value: commander}
  purposes: {value: [{code: safety, says: Keep people safe}]}
  complaint_ack_working_days: null
"""


def test_a_good_document_is_read() -> None:
    policy = read_text(GOOD)
    assert policy.retention_days == 31
    assert policy.issued == "2026-04-03"
    assert policy.term("sar_response_days").unit == "months"
    assert policy.post_words("duty_manager") == "CCTV manager"
    assert policy.rows("purposes")[0]["says"] == "Keep people safe"


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ("retention_days: {value", "retention_dayz: {value", "no setting retention_dayz. Did you mean retention_days?"),
        ("title:", "titel:", "has no titel"),
        ("value: 31, unit: days", "value: 31, unit: years", "'years' is the wrong unit; expected days"),
        ("value: 31, unit: days", "value: 31", "say the unit (days)"),
        ("value: 31, unit", "value: 31 days, unit", "'31 days' cannot be; expected a whole number"),
        ("value: 31, unit", "value: true, unit", "True cannot be; expected a whole number"),
        ("value: 31, unit", "value: 0, unit", "0 cannot be"),
        ("value: commander", "value: field_marshal", "field_marshal is no rank of the police"),
        ("{value: commander}", "{value: commander, unit: days}", "it has no unit"),
        ("value: duty_manager", "value: town_crier", "town_crier is no role of this document"),
        ("PROG-4.2.10", "PROG-99", "there is no clause PROG-99"),
        ("issued: 2026-04-03", "issued: 2026-02-30", "there is no such day"),
        ("issued: 2026-04-03", "issued: spring", "spring is no date"),
        ("owner_kind: council", "owner_kind: kingdom", "'kingdom' cannot be"),
        ("says: Keep people safe", "sayz: Keep people safe", "there is no column sayz"),
        (", says: Keep people safe", "", "says is missing"),
        ("scheme: market-town", "scheme: Market Town", "is no name"),
        ("complaint_ack_working_days: null", "complaint_ack_working_days: 5", "expected null, or a value"),
        ("{value: 1, unit: months}", "{value: 1, unit: months, until: never}", "has no until"),
        ("title: Market Town CCTV", "title: Market Town CCTV\ntitle: Twice", "Line 4: title stands there twice"),
        ("aliases: [duty_manager]", "aliases: [manager]", "stands there twice"),
        ("title: Market Town CCTV", "title: [", "Line 5: this is not YAML"),
        ("title: Market Town CCTV", "title: &a x\nedition: *a", "YAML alias"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_one_sentence(was: str, becomes: str, sentence: str) -> None:
    assert was in GOOD
    with pytest.raises(BadPolicy) as refused:
        read_text(GOOD.replace(was, becomes, 1))
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "- a list", "just words", "{}}", "\x00", "!!python/object:os.system x"])
def test_what_is_no_policy_at_all_is_refused(text: str) -> None:
    with pytest.raises(BadPolicy):
        read_text(text)


def test_a_silence_refuses_and_says_on_what() -> None:
    policy = read_text(GOOD)
    with pytest.raises(PolicySilent) as silent:
        policy.require("complaint_ack_working_days")
    assert silent.value.setting == "complaint_ack_working_days"
    assert silent.value.code == "policy-silent"
    assert "silent on complaint_ack_working_days (the time to acknowledge a complaint)" in str(silent.value)
    assert policy.require("retention_days") == 31


def test_a_product_default_fills_a_silence_but_never_becomes_the_codes_own() -> None:
    policy = read_text(GOOD)
    assert policy.marking_hold_days == 7
    assert policy.value("marking_hold_days") is None
    assert not policy.in_code("marking_hold_days")


def test_a_question_about_a_setting_there_is_not_is_a_mistake() -> None:
    with pytest.raises(BadPolicy, match="no setting colour"):
        read_text(GOOD).value("colour")


def test_before_any_policy_only_the_time_of_recordings_is_fixed_and_it_is_nobodys_code() -> None:
    assert unadopted().retention_days == 31
    assert [name for name in unadopted().terms] == ["retention_days"], "what is not there is refused, not guessed"
    assert unadopted().evidence_master_retention_years is None, "a master stays until somebody has decided"


def test_a_documents_own_ranks_take_the_place_of_the_ladder() -> None:
    ranks = "ranks: {police: [warden, high_warden]}\n"
    with pytest.raises(BadPolicy, match="commander is no rank of the police"):
        read_text(ranks + GOOD)
    assert read_text(ranks + GOOD.replace("commander", "warden")).value("stills_authority_rank") == "warden"


def test_errors_match_by_code() -> None:
    with pytest.raises(BadPolicy) as refused:
        policy_from({"colour": "red"})
    assert (refused.value.code, WrongMove.code) == ("bad-policy", "policy-wrong-move")
