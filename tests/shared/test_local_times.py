"""Times as people type them: spring's hour that is not, autumn's that is twice, and every other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.forms import Form
from hypothesis import given
from hypothesis import strategies as st

from overt.shared.forms import LocalTimeField
from overt.shared.local_times import BadMoment, HourComesTwice, moments_of, skipped_words, the_moment

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("zone", "typed", "words"),
    [
        (
            "Europe/London",
            "2026-03-29T01:30",
            "01:30 does not exist on 29 March 2026: the clocks go forward from 01:00 to 02:00. Did you mean 02:30 BST?",
        ),
        (
            "Europe/London",
            "2026-03-29T01:00",
            "01:00 does not exist on 29 March 2026: the clocks go forward from 01:00 to 02:00. Did you mean 02:00 BST?",
        ),
        (
            "Europe/London",
            "2027-03-28T01:59:59",
            "01:59 does not exist on 28 March 2027: the clocks go forward from 01:00 to 02:00. Did you mean 02:59 BST?",
        ),
        (
            "Australia/Lord_Howe",
            "2026-10-04T02:15",
            "02:15 does not exist on 4 October 2026: the clocks go forward from 02:00 to 02:30. Did you mean 02:45 +11?",
        ),
        (
            "America/Santiago",
            "2026-09-06T00:30",
            "00:30 does not exist on 6 September 2026: the clocks go forward from 00:00 to 01:00. "
            "Did you mean 01:30 -03?",
        ),
    ],
)
def test_a_time_that_does_not_exist_is_told_so_with_the_one_that_may_be_meant(
    zone: str, typed: str, words: str
) -> None:
    local = datetime.fromisoformat(typed)
    assert skipped_words(local, ZoneInfo(zone)) == words
    with pytest.raises(BadMoment) as refused:
        the_moment(local, ZoneInfo(zone))
    assert str(refused.value) == words


@pytest.mark.parametrize("typed", ["2026-03-29T00:59:59", "2026-03-29T02:00", "2026-03-28T01:30", "2026-10-25T02:00"])
def test_the_times_around_the_changes_are_one_moment_each(typed: str) -> None:
    assert len(moments_of(datetime.fromisoformat(typed), LONDON)) == 1


def test_the_hour_that_comes_twice_is_asked_for_by_its_name() -> None:
    local = datetime(2026, 10, 25, 1, 30)  # noqa: DTZ001  # as it is typed
    with pytest.raises(HourComesTwice, match="01:30 came twice on 25 October 2026"):
        the_moment(local, LONDON)
    assert the_moment(local, LONDON, "GMT") - the_moment(local, LONDON, "BST") == timedelta(hours=1)


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2037, 1, 1)))  # noqa: DTZ001
def test_what_is_suggested_exists_and_is_as_long_after_the_change(local: datetime) -> None:
    found = moments_of(local, LONDON)
    if found:
        assert all(moment.astimezone(LONDON).replace(tzinfo=None) == local for moment in found)
        return
    assert f"Did you mean {local + timedelta(hours=1):%H:%M} BST?" in skipped_words(local, LONDON)


class Ends(Form):
    until = LocalTimeField()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2026-03-29T01:30", "01:30 does not exist on 29 March 2026"),
        (
            "2026-10-25 01:30",
            "01:30 comes twice on 25 October 2026: the clocks go back. Give a time outside that hour.",
        ),
        ("next week", "Enter a valid date/time."),
    ],
)
def test_a_form_says_what_is_the_matter_with_a_time(typed: str, words: str) -> None:
    form = Ends({"until": typed})
    assert not form.is_valid()
    assert words in form.errors["until"][0]


def test_a_form_takes_the_hour_after() -> None:
    form = Ends({"until": "2026-03-29T02:30"})
    assert form.is_valid()
    assert form.cleaned_data["until"] == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
