"""The room's rules in tables: references, spans, dates, moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from overt.evidence.errors import BadReference, BadSpan, SpanInFuture, WrongMove
from overt.evidence.exhibits import rules
from overt.evidence.exhibits.rules import ExhibitState
from overt.evidence.holds.rules import HZ, HoldState, check_span, hold_expires, hold_state

NOW = datetime(2026, 11, 22, 2, 14, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("JD-7", "JD-7"), ("jd/7", "JD-7"), (" jd 7 ", "JD-7"), ("AB_12", "AB-12"), ("A", "A"), ("JD-7-R1", "JD-7-R1")],
)
def test_a_reference_is_kept_in_one_form(given: str, kept: str) -> None:
    assert rules.clean_reference(given) == kept


@pytest.mark.parametrize(
    "given",
    ["", "-", "JD--7", "../x", "JD.7", "JÄ-7", "x" * 33, "con", "LPT1", "holds", "seal", "a\nb\0", "-JD7", "JD7-"],
)
def test_a_reference_that_cannot_be_a_label_and_a_folder_is_refused(given: str) -> None:
    with pytest.raises(BadReference):
        rules.clean_reference(given)


@pytest.mark.parametrize(
    ("start", "end", "error"),
    [
        (100, 200, None),
        (200, 100, BadSpan),
        (100, 100, BadSpan),
        (-1, 100, BadSpan),
        (900 * HZ, 1_000 * HZ, None),
        (900 * HZ, 1_006 * HZ, SpanInFuture),
        (900 * HZ, 1_004 * HZ, None),
    ],
)
def test_a_span_is_in_the_past_and_the_right_way_round(start: int, end: int, error: type[Exception] | None) -> None:
    if error is None:
        check_span(start, end, 1_000 * HZ)
        return
    with pytest.raises(error):
        check_span(start, end, 1_000 * HZ)


def test_a_clip_is_a_day_long_at_most() -> None:
    day = 24 * 3600 * HZ
    check_span(0, day, 2 * day)
    with pytest.raises(BadSpan):
        check_span(0, day + 1, 2 * day)


def test_a_hold_ends_at_its_expiry_and_not_after_it() -> None:
    end = hold_expires(NOW, 7)
    assert hold_state(None, end, end - timedelta(microseconds=1)) is HoldState.IN_FORCE
    assert hold_state(None, end, end) is HoldState.EXPIRED
    assert hold_state(NOW, end, end) is HoldState.RELEASED
    assert hold_state(None, None, end) is HoldState.IN_FORCE


def test_a_master_is_kept_for_the_policys_years() -> None:
    assert rules.keep_until(NOW, 3) == NOW.replace(year=2029)
    assert rules.keep_until(datetime(2028, 2, 29, tzinfo=UTC), 3) == datetime(2031, 2, 28, tzinfo=UTC)
    assert rules.keep_until(NOW, None) is None


def test_only_the_moves_with_a_clause_exist() -> None:
    allowed = set(rules.MOVES)
    for state in ExhibitState:
        for to in ExhibitState:
            if (state, to) in allowed:
                rules.check_move(state, to)
                continue
            with pytest.raises(WrongMove):
                rules.check_move(state, to)
    assert all(move[0] is not ExhibitState.SEALED for move in allowed), "a sealed exhibit never changes"
