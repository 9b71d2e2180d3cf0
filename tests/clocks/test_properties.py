"""What holds for every deadline, whatever the dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.clocks.answers import ACT_ON
from overt.clocks.calendars import Nation, local_calendar, united_kingdom
from overt.clocks.engine import work_out
from overt.clocks.errors import ClockError
from overt.clocks.kinds import BY_THE_HOUR, PROFILES, Kind
from overt.clocks.months import corresponding
from overt.clocks.pauses import Clarification
from overt.clocks.questions import Answer, Figures, Question
from overt.clocks.words import day_words, moment_words

#: The first question about a year reads its holidays, which takes longer than a property's usual time.
without_haste = settings(deadline=None, max_examples=80)

DAYS = st.dates(date(2026, 7, 1), date(2034, 12, 31))
MOMENTS = st.datetimes(datetime(2026, 7, 1), datetime(2034, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  # bounds
NATIONS = st.sampled_from(Nation)
FIGURES = Figures("a code", 28, 5, 15, 31, 3, 60, 5, 12, 36, 12, 1)
EXTENDED = {Kind.SUBJECT_ACCESS, Kind.RIGHTS, Kind.EIR, Kind.HOUSING_COMPLAINT}


@st.composite
def clarifications(draw: st.DrawFn, start: date) -> tuple[Clarification, ...]:
    asked = draw(st.lists(st.integers(0, 45), max_size=4))
    return tuple(
        Clarification(start + timedelta(days=n), start + timedelta(days=n + draw(st.integers(0, 25)))) for n in asked
    )


def ask(received: date, **more: object) -> Answer:
    return work_out(Question(Kind.SUBJECT_ACCESS, received, **more))  # type: ignore[arg-type]  # as the test gives them


def question(kind: Kind, received: datetime, **more: object) -> Question:
    """A question of any kind that can be answered: hours from a moment, days from a day."""
    begun: date | datetime = received if kind in BY_THE_HOUR else received.date()
    return Question(kind, begun, figures=FIGURES, **more)  # type: ignore[arg-type]  # as the test gives them


@without_haste
@given(st.data(), DAYS, NATIONS)
def test_more_pause_never_brings_a_date_forward(data: st.DataObject, received: date, nation: Nation) -> None:
    some = data.draw(clarifications(received))
    longer = tuple(Clarification(c.asked, c.answered + timedelta(days=data.draw(st.integers(0, 9)))) for c in some)  # type: ignore[operator]  # they are answered
    before = ask(received, clarifications=some, nation=nation)
    for more in ((*some, *data.draw(clarifications(received))), longer):
        after = ask(received, clarifications=more, nation=nation)
        assert after.paused_days >= before.paused_days
        for name in ("guidance", "literal", "internal"):
            assert getattr(after, name) >= getattr(before, name)


@without_haste
@given(DAYS, st.integers(0, 25), st.integers(0, 60), NATIONS)
def test_a_clarification_pauses_by_exactly_its_days(received: date, later: int, days: int, nation: Nation) -> None:
    asked = received + timedelta(days=later)
    answered = asked + timedelta(days=days)
    paused = ask(received, clarifications=(Clarification(asked, answered),), nation=nation)
    plain = ask(received, nation=nation)
    end = corresponding(received, 1)[0] + timedelta(days=days + 1)
    assert paused.paused_days == days + 1
    assert paused.guidance == local_calendar(nation).roll(end)[0]
    assert paused.literal == plain.literal + timedelta(days=days + 1)  # type: ignore[operator]  # both are days here


@without_haste
@given(DAYS, st.integers(1, 60), NATIONS)
def test_identity_restarts_the_clock_and_forgets_what_was_answered_before(
    received: date, later: int, nation: Nation
) -> None:
    identity = received + timedelta(days=later)
    fresh = ask(identity, nation=nation)
    for asked in ((), (Clarification(received, identity - timedelta(days=1)),)):
        late = ask(received, identity=identity, nation=nation, clarifications=asked)
        assert (late.guidance, late.literal, late.internal) == (fresh.guidance, fresh.literal, fresh.internal)
        assert late.paused_days == 0
        assert any("the clock starts then" in said for said in late.derivation)


@without_haste
@given(DAYS, NATIONS)
def test_a_roll_passes_no_working_day_and_ends_on_one(received: date, nation: Nation) -> None:
    calendar = local_calendar(nation)
    due, passed = calendar.roll(received)
    assert calendar.is_working(due)
    assert len(passed) == (due - received).days
    assert not any(calendar.is_working(received + timedelta(days=n)) for n in range((due - received).days))


@without_haste
@given(DAYS, st.sampled_from([Kind.SUBJECT_ACCESS, Kind.RIGHTS, Kind.DP_COMPLAINT]), NATIONS)
def test_a_due_date_rolls_from_its_end_over_days_off_alone(received: date, kind: Kind, nation: Nation) -> None:
    end = received + timedelta(days=30) if kind is Kind.DP_COMPLAINT else corresponding(received, 1)[0]
    due = work_out(Question(kind, received, nation=nation)).guidance
    calendar = local_calendar(nation)
    assert isinstance(due, date)
    assert due >= end
    assert calendar.is_working(due)
    assert not any(calendar.is_working(end + timedelta(days=n)) for n in range((due - end).days))


@without_haste
@given(DAYS, st.integers(1, 40))
def test_the_nth_working_day_has_n_working_days_up_to_it(received: date, count: int) -> None:
    calendar = united_kingdom()
    due, _ = calendar.count(received, count)
    days = [received + timedelta(days=n) for n in range(1, (due - received).days + 1)]
    assert sum(calendar.is_working(day) for day in days) == count
    assert calendar.is_working(due)


@without_haste
@given(DAYS, NATIONS)
def test_a_holiday_anywhere_gives_a_request_for_information_its_day_back(received: date, nation: Nation) -> None:
    due = work_out(Question(Kind.FOI, received)).guidance
    assert due >= local_calendar(nation).count(received, 20)[0]  # type: ignore[operator]  # both are days here


@without_haste
@given(MOMENTS)
def test_hours_are_elapsed_time_across_both_clock_changes(known: datetime) -> None:
    for kind in (Kind.BREACH, Kind.SURVEILLANCE_ORAL):
        answer = work_out(Question(kind, known))
        assert isinstance(answer.guidance, datetime)
        assert answer.guidance - known == timedelta(hours=72)
    kept = work_out(Question(Kind.RETENTION, known, days=28))
    assert isinstance(kept.guidance, datetime)
    assert kept.guidance - known == timedelta(hours=28 * 24)


@without_haste
@given(MOMENTS, st.sampled_from(Kind), st.sampled_from(ACT_ON))
def test_every_derivation_ends_in_the_date_it_claims(received: datetime, kind: Kind, act_on: str) -> None:
    asked = question(kind, received)
    answer = work_out(Question(kind, asked.received, figures=replace(FIGURES, act_on=act_on)))
    acting = answer.acting
    assert acting is not None
    words = moment_words(acting) if isinstance(acting, datetime) else day_words(acting)
    assert answer.derivation[-1].endswith(words)
    readings = {name: reading for name, reading in answer.readings.items() if reading is not None}
    assert acting == readings.get(act_on, min(readings.values()))
    if kind is not Kind.DP_COMPLAINT_OUTCOME:  # the law gives it no day
        assert answer.guidance is not None
        assert answer.literal is not None


@without_haste
@given(MOMENTS, st.sampled_from(Kind))
def test_an_extension_only_where_the_rule_has_one_and_never_earlier(received: datetime, kind: Kind) -> None:
    more = {"stage": 2} if "stage" in PROFILES[kind].takes else {}
    if kind not in EXTENDED:
        with pytest.raises(ClockError, match="has no extension"):
            question(kind, received, extend=True, **more)
        return
    plain, extended = (
        work_out(question(kind, received, **more)),
        work_out(question(kind, received, extend=True, **more)),
    )
    assert extended.guidance > plain.guidance  # type: ignore[operator]  # both are dates here
    assert extended.literal > plain.literal  # type: ignore[operator]
    assert extended.extension_notice_by == plain.extension_notice_by == plain.literal


@without_haste
@given(DAYS, st.integers(-10, 10), st.sampled_from([Kind.SUBJECT_ACCESS, Kind.RIGHTS, Kind.EIR]))
def test_a_notice_of_extension_counts_up_to_its_day_and_no_longer(received: date, late: int, kind: Kind) -> None:
    plain = work_out(Question(kind, received))
    notice = plain.extension_notice_by
    assert notice is not None
    told = work_out(Question(kind, received, extended_on=notice + timedelta(days=late)))
    assert (told.guidance > plain.guidance) is (late <= 0)  # type: ignore[operator]  # both are days here
    if late > 0:
        assert told.guidance == plain.guidance
        assert any("nothing is extended" in said for said in told.derivation)
