"""Bank holidays, nation by nation and year by year, against the Act and the proclamations; never against the library.

Worked out from Schedule 1 to the Banking and Financial Dealings Act 1971, as amended from 16 January 2007, and from
the proclamations under its section 1, which are listed here by hand. Christmas Day and Good Friday stand in no part of
the schedule for England and Wales and for Northern Ireland; they are no working days there by the common law and by
the Acts that count working days.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from overt.clocks.calendars import Calendar, Nation, local_calendar, united_kingdom

ONE_DAY = timedelta(days=1)
#: Moved or added by proclamation: year -> days. The early May and spring holidays moved, and the days added to all.
EARLY_MAY = {2020: date(2020, 5, 8)}
SPRING = {2002: date(2002, 6, 4), 2012: date(2012, 6, 4), 2022: date(2022, 6, 2)}
EXTRA = {
    date(2002, 6, 3), date(2011, 4, 29), date(2012, 6, 5), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8),
}  # fmt: skip
SCOTLAND_ONLY = {date(2026, 6, 15)}


def easter_sunday(year: int) -> date:
    """The Gregorian reckoning of Easter, by whole numbers."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 19 * m) // 433
    month = (h + m - 7 * n + 90) // 25
    return date(year, month, (h + m - 7 * n + 33 * month + 19) % 32)


def first_monday(year: int, month: int) -> date:
    day = date(year, month, 1)
    return day + timedelta(days=(0 - day.weekday()) % 7)


def last_monday(year: int, month: int) -> date:
    day = date(year + month // 12, month % 12 + 1, 1) - ONE_DAY
    return day - timedelta(days=day.weekday())


def next_free(day: date, taken: set[date]) -> date:
    """The weekday that stands in for a holiday on a weekend."""
    while day.weekday() >= 5 or day in taken:
        day += ONE_DAY
    return day


def new_year(year: int, nation: Nation) -> set[date]:
    days = [date(year, 1, 1), date(year, 1, 2)] if nation is Nation.SCOTLAND else [date(year, 1, 1)]
    return kept_and_stood_in(days)


def kept_and_stood_in(days: list[date]) -> set[date]:
    taken = {day for day in days if day.weekday() < 5}
    for day in days:
        if day.weekday() >= 5:
            taken.add(next_free(day, taken))
    return taken


def weekday_holidays(year: int, nation: Nation) -> set[date]:
    easter = easter_sunday(year)
    found = {easter - 2 * ONE_DAY, EARLY_MAY.get(year, first_monday(year, 5)), SPRING.get(year, last_monday(year, 5))}
    found |= new_year(year, nation) | kept_and_stood_in([date(year, 12, 25), date(year, 12, 26)])
    found |= {day for day in EXTRA if day.year == year}
    if nation is Nation.SCOTLAND:
        found |= {first_monday(year, 8)} | {day for day in SCOTLAND_ONLY if day.year == year}
        if year >= 2007:
            found.add(next_free(date(year, 11, 30), set()))
        return found
    found |= {easter + ONE_DAY, last_monday(year, 8)}
    if nation is Nation.NORTHERN_IRELAND:
        found |= {next_free(date(year, 3, 17), set()), next_free(date(year, 7, 12), set())}
    return found


def weekdays_off(calendar: Calendar, year: int) -> set[date]:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return {day for day in days if day.year == year and day.weekday() < 5 and not calendar.is_working(day)}


@pytest.mark.parametrize("nation", list(Nation))
def test_each_nation_keeps_the_holidays_of_the_act_and_the_proclamations(nation: Nation) -> None:
    calendar = local_calendar(nation)
    for year in range(2000, 2041):
        assert weekdays_off(calendar, year) == weekday_holidays(year, nation), year


def test_a_holiday_anywhere_is_one_for_the_whole_kingdom() -> None:
    for year in range(2005, 2031):
        anywhere = set().union(*(weekday_holidays(year, nation) for nation in Nation))
        assert weekdays_off(united_kingdom(), year) == anywhere, year


@pytest.mark.parametrize(
    ("day", "nation", "works"),
    [
        (date(2020, 5, 4), Nation.ENGLAND_AND_WALES, True),  # moved to Friday for the 75th VE Day
        (date(2020, 5, 8), Nation.ENGLAND_AND_WALES, False),
        (date(2022, 5, 30), Nation.SCOTLAND, True),  # moved to Thursday 2 June for the Jubilee
        (date(2022, 6, 2), Nation.SCOTLAND, False),
        (date(2022, 6, 3), Nation.NORTHERN_IRELAND, False),
        (date(2022, 9, 19), Nation.ENGLAND_AND_WALES, False),  # the state funeral
        (date(2023, 5, 8), Nation.NORTHERN_IRELAND, False),  # the coronation
        (date(2006, 11, 30), Nation.SCOTLAND, True),  # the Act came two months later
        (date(2007, 11, 30), Nation.SCOTLAND, False),
        (date(2024, 12, 2), Nation.SCOTLAND, False),  # 30 November was a Saturday
        (date(2026, 6, 15), Nation.SCOTLAND, False),  # the proclamation of February 2026
        (date(2026, 6, 15), Nation.ENGLAND_AND_WALES, True),
        (date(2026, 7, 13), Nation.NORTHERN_IRELAND, False),  # 12 July was a Sunday
        (date(2026, 7, 13), Nation.ENGLAND_AND_WALES, True),
        (date(2024, 3, 18), Nation.NORTHERN_IRELAND, False),  # 17 March was a Sunday
        (date(2022, 1, 4), Nation.SCOTLAND, False),  # 2 January was a Sunday
        (date(2022, 1, 4), Nation.ENGLAND_AND_WALES, True),
        (date(2026, 12, 28), Nation.ENGLAND_AND_WALES, False),  # 26 December was a Saturday
        (date(2027, 12, 28), Nation.SCOTLAND, False),  # 25 and 26 December were a weekend
        (date(2026, 4, 6), Nation.SCOTLAND, True),  # Easter Monday
    ],
)
def test_the_days_that_are_commonly_got_wrong(day: date, nation: Nation, works: bool) -> None:
    assert local_calendar(nation).is_working(day) is works
