"""Days and the hours that come twice or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.shared.local_times import BadMoment, HourComesTwice, moments_of, the_moment
from overt.watch.rules import day_of, day_span

LONDON = ZoneInfo("Europe/London")
MOMENTS = st.integers(1_577_836_800, 2_051_222_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
AUTUMN = datetime.fromisoformat("2026-10-25T01:30")
SPRING = datetime.fromisoformat("2026-03-29T01:30")


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 11, 22), 24), (date(2026, 10, 25), 25), (date(2026, 3, 29), 23)]
)
def test_a_day_is_as_long_as_the_clocks_make_it(day: date, hours: int) -> None:
    start, end = day_span(day, LONDON)
    assert end - start == hours * 3600 * 90_000


@given(MOMENTS)
def test_every_moment_lies_in_the_day_it_is_said_to(moment: datetime) -> None:
    start, end = day_span(day_of(moment, LONDON), LONDON)
    assert start <= moment.timestamp() * 90_000 < end


@given(MOMENTS)
def test_every_moment_is_among_those_its_clock_time_names(moment: datetime) -> None:
    local = moment.astimezone(LONDON).replace(tzinfo=None)
    assert moment in moments_of(local, LONDON)


def test_the_autumn_hour_names_two_moments_an_hour_apart() -> None:
    first, second = moments_of(AUTUMN, LONDON)
    assert second - first == timedelta(hours=1)
    assert the_moment(AUTUMN, LONDON, "BST") == first
    with pytest.raises(HourComesTwice):
        the_moment(AUTUMN, LONDON)


def test_the_hour_spring_skips_names_none() -> None:
    assert moments_of(SPRING, LONDON) == []
    with pytest.raises(BadMoment):
        the_moment(SPRING, LONDON)
