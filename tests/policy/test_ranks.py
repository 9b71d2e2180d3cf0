"""Ranks compare "not below" inside one body's ladder, and a policy without one refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.policy.rules import BadPolicy, PolicySilent, not_below
from overt.policy.rules.ranks import LADDERS, check_rank

POLICE = [name for step in LADDERS["police"] for name in step.split("|")]
ranks = st.sampled_from(POLICE)


@pytest.mark.parametrize(
    ("held", "needed", "enough"),
    [
        ("inspector", "inspector", True),
        ("sergeant", "inspector", False),
        ("chief_inspector", "inspector", True),
        ("chief_superintendent", "assistant_chief_constable", False),
        ("assistant_chief_constable", "assistant_chief_constable", True),
        ("commander", "assistant_chief_constable", True),  # the same rank in London
        ("assistant_chief_constable", "commander", True),
        ("commissioner", "chief_constable", True),
    ],
)
def test_not_below(held: str, needed: str, enough: bool) -> None:
    assert not_below(held, needed, body="police") is enough


def test_without_a_rank_in_the_policy_nobody_is_high_enough() -> None:
    with pytest.raises(PolicySilent):
        not_below("commissioner", None, body="police", setting="stills_authority_rank")


@pytest.mark.parametrize(("held", "body"), [("admiral", "police"), ("inspector", "council"), ("officer", "navy")])
def test_a_rank_that_no_such_body_has_is_refused(held: str, body: str) -> None:
    with pytest.raises(BadPolicy):
        not_below(held, "chief_executive" if body == "council" else "inspector", body=body)


@given(ranks, ranks, ranks)
def test_the_ladder_is_an_order(a: str, b: str, c: str) -> None:
    assert not_below(a, a, body="police")
    assert not_below(a, b, body="police") or not_below(b, a, body="police")
    if not_below(a, b, body="police") and not_below(b, c, body="police"):
        assert not_below(a, c, body="police")
    if not_below(a, b, body="police") and not_below(b, a, body="police"):
        assert check_rank("police", a) == check_rank("police", b)
