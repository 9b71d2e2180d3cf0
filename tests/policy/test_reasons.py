"""A reason: always where an act needs one, and for the acts of which the policy in force asks why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from overt.access.rules import Act
from overt.policy.reasons import asked_for, for_act
from overt.shared import reasons
from overt.shared.forms import ReasonForm
from overt.shared.reasons import ReasonMissing
from world import World, adopt_policy


def test_a_reason_that_is_needed_is_kept_without_outer_spaces_and_no_longer_than_its_column() -> None:
    assert reasons.given("  a fight ") == "a fight"
    assert reasons.given("x" * 501) == "x" * 500
    assert reasons.given("x" * 501, longest=1000) == "x" * 501
    for nothing in ("", " ", "\t\n"):
        with pytest.raises(ReasonMissing, match="Say why the bag leaves") as refused:
            reasons.given(nothing, "Say why the bag leaves.")
        assert (refused.value.code, refused.value.field) == ("reason-missing", "reason")


def test_a_reason_is_asked_for_where_the_policy_says(world: World) -> None:
    adopt_policy(reason_required_for=["mark_hold"])
    assert asked_for(Act.MARK_HOLD)
    assert for_act(Act.MARK_HOLD, "  a fight ") == "a fight"
    with pytest.raises(ReasonMissing):
        for_act(Act.MARK_HOLD, " ")
    assert not asked_for(Act.SEAL_EXHIBIT)
    assert for_act(Act.SEAL_EXHIBIT, " ") == ""
    assert for_act(Act.SEAL_EXHIBIT, " a fight ") == "a fight"


def test_the_question_why_has_one_form_that_takes_a_pages_own_words() -> None:
    form = ReasonForm({"reason": ""}, label="Why it is withdrawn", hint="It stays in the history.")
    assert form.errors["reason"] == ["Say why: it goes into the logbook"]
    assert (form["reason"].label, form["reason"].help_text) == ("Why it is withdrawn", "It stays in the history.")
    assert ReasonForm()["reason"].help_text == "It goes into the logbook."


def test_every_page_refuses_an_act_without_its_reason_beside_the_field(
    world: World, client_as: Callable[..., Client]
) -> None:
    answer = client_as(world.elin).post("/cameras/127/retire/", {"reason": " "})
    assert answer.status_code == 422
    assert "Say why: it goes into the logbook" in answer.content.decode()
    assert world.camera("127").retired_at is None
