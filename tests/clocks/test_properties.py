"""What holds for every deadline, whatever the dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from overt.clocks.calendars import Nation, local_calendar, united_kingdom
from overt.clocks.engine import work_out
from overt.clocks.law import Kind
from overt.clocks.pauses import Clarification
from overt.clocks.questions import Answer, Figures, Question
from overt.clocks.words import day_words, moment_words

DAYS = st.dates(date(2026, 7, 1), date(2034, 12, 31))
NATIONS = st.sampled_from(Nation)


@st.composite
def clarifications(draw: st.DrawFn, start: date) -> tuple[Clarification, ...]:
    asked = draw(st.lists(st.integers(0, 40), max_size=3))
    return tuple(
        Clarification(start + timedelta(days=n), start + timedelta(days=n + draw(st.integers(0, 20)))) for n in asked
    )


def ask(received: date, **more: object) -> Answer:
    return work_out(Question(Kind.SUBJECT_ACCESS, received, **more))  # type: ignore[arg-type]  # as the test gives them


@given(st.data(), DAYS, NATIONS)
def test_more_pause_never_brings_a_date_forward(data: st.DataObject, received: date, nation: Nation) -> None:
    some = data.draw(clarifications(received))
    more = (*some, *data.draw(clarifications(received)))
    before, after = ask(received, clarifications=some, nation=nation), ask(received, clarifications=more, nation=nation)
    assert after.paused_days >= before.paused_days
    for name in ("guidance", "literal", "internal"):
        assert getattr(after, name) >= getattr(before, name)


@given(DAYS, NATIONS)
def test_a_roll_passes_no_working_day_and_ends_on_one(received: date, nation: Nation) -> None:
    calendar = local_calendar(nation)
    due, passed = calendar.roll(received)
    assert calendar.is_working(due)
    assert len(passed) == (due - received).days
    assert not any(calendar.is_working(received + timedelta(days=n)) for n in range((due - received).days))


@given(DAYS, st.integers(1, 40))
def test_the_nth_working_day_has_n_working_days_up_to_it(received: date, count: int) -> None:
    calendar = united_kingdom()
    due, _ = calendar.count(received, count)
    days = [received + timedelta(days=n) for n in range(1, (due - received).days + 1)]
    assert sum(calendar.is_working(day) for day in days) == count
    assert calendar.is_working(due)


@given(DAYS, st.integers(0, 60), NATIONS)
def test_identity_restarts_the_clock(received: date, later: int, nation: Nation) -> None:
    identity = received + timedelta(days=later)
    late, fresh = ask(received, identity=identity, nation=nation), ask(identity, nation=nation)
    assert (late.guidance, late.literal, late.internal) == (fresh.guidance, fresh.literal, fresh.internal)


@given(st.datetimes(datetime(2026, 7, 1), datetime(2034, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001  # bounds are naive
def test_hours_are_elapsed_time_across_both_clock_changes(known: datetime) -> None:
    for kind in (Kind.BREACH, Kind.SURVEILLANCE_ORAL):
        answer = work_out(Question(kind, known))
        assert isinstance(answer.guidance, datetime)
        assert answer.guidance - known == timedelta(hours=72)


@given(DAYS, st.sampled_from([k for k in Kind if k not in (Kind.BREACH, Kind.SURVEILLANCE_ORAL, Kind.RETENTION)]))
def test_every_derivation_ends_in_the_date_it_claims(received: date, kind: Kind) -> None:
    figures = Figures("a code", 28, 5, 15, 31, 3, 60)
    answer = work_out(Question(kind, received, figures=figures))
    acting = answer.acting
    assert acting is not None
    words = moment_words(acting) if isinstance(acting, datetime) else day_words(acting)
    assert answer.derivation[-1].endswith(words)
    assert answer.guidance is not None
    assert answer.literal is not None


@given(DAYS)
def test_an_extension_only_where_the_rule_has_one_and_never_earlier(received: date) -> None:
    plain, extended = ask(received), ask(received, extend=True)
    assert extended.guidance > plain.guidance  # type: ignore[operator]  # both are dates here
    assert extended.extension_notice_by == plain.literal
