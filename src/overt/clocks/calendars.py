"""Working days, by nation of the United Kingdom.

Bank holidays come from the kept library `holidays`; a proclaimed day that it does not know yet is added by the scheme.
The version of the calendar goes into every derivation, so that a later difference can be explained.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.metadata import version

import holidays

from overt.clocks.errors import ClockError
from overt.clocks.words import day_words

ONE_DAY = timedelta(days=1)
_SATURDAY = 5
#: The library is asked for years around the one in question only; beyond these its rules are guesses.
FIRST_YEAR, LAST_YEAR = 2000, 2100


class Nation(StrEnum):
    ENGLAND_AND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


_SUBDIVISIONS = {
    Nation.ENGLAND_AND_WALES: ("ENG",),
    Nation.SCOTLAND: ("SCT",),
    Nation.NORTHERN_IRELAND: ("NIR",),
}
_NAMES = {
    Nation.ENGLAND_AND_WALES: "England and Wales",
    Nation.SCOTLAND: "Scotland",
    Nation.NORTHERN_IRELAND: "Northern Ireland",
}
_PLACES = {"ENG": "England and Wales", "SCT": "Scotland", "NIR": "Northern Ireland"}
#: Days the library has although the law did not. St Andrew's Day has been a bank holiday since 16 January 2007 only.
#: Source: St Andrew's Day Bank Holiday (Scotland) Act 2007 s.2(2); Banking and Financial Dealings Act 1971 Sch. 1.
_NEVER_WERE = {("SCT", date(2006, 11, 30))}


@cache
def _year(subdivision: str, year: int) -> dict[date, str]:
    found = holidays.country_holidays("GB", subdiv=subdivision, years=year, language="en_GB")
    return {day: name for day, name in found.items() if day.year == year and (subdivision, day) not in _NEVER_WERE}


@dataclass(frozen=True)
class Calendar:
    """Which days are working days: no Saturday, no Sunday, no public holiday of the calendar's places."""

    name: str
    subdivisions: tuple[str, ...]
    added: frozenset[date] = frozenset()

    @property
    def version(self) -> str:
        days = "".join(f", with {day.isoformat()}" for day in sorted(self.added))
        return f"{self.name}, holidays {version('holidays')}{days}"

    def is_working(self, day: date) -> bool:
        return self.why_not(day) is None

    def why_not(self, day: date) -> str | None:
        """Why a day is no working day ("Saturday", "Good Friday"); None when it is one."""
        if day.weekday() >= _SATURDAY:
            return f"{day:%A}"
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ClockError(
                f"{day_words(day)} is beyond the calendar, which reaches from {FIRST_YEAR} to {LAST_YEAR}."
            )
        found = {place: name for place in self.subdivisions if (name := _year(place, day.year).get(day))}
        if found:
            name = _as_people_say(next(iter(found.values())))
            everywhere = len(found) == len(self.subdivisions)
            return name if everywhere else f"{name} in {' and '.join(_PLACES[place] for place in found)}"
        return "a proclaimed holiday" if day in self.added else None

    def roll(self, day: date) -> tuple[date, list[str]]:
        """The day itself, or the next working day; with a remark for each day passed over."""
        passed = []
        while (reason := self.why_not(day)) is not None:
            passed.append(_passed(day, reason))
            day += ONE_DAY
        return day, passed

    def count(self, after: date, days: int, *, excluded: Iterable[date] = ()) -> tuple[date, list[str]]:
        """The n-th working day following a day, and the holidays passed over (weekends go without saying)."""
        skip = frozenset(excluded)
        passed: list[str] = []
        day = after
        while days > 0:
            day += ONE_DAY
            reason = self.why_not(day)
            if reason is None and day not in skip:
                days -= 1
            elif reason is not None and day.weekday() < _SATURDAY:
                passed.append(f"{day_words(day)} ({reason})")
        return day, passed


def _passed(day: date, reason: str) -> str:
    return f"{day_words(day)} is {'not a working day' if day.weekday() >= _SATURDAY else reason}"


#: The library's names where the notices of the four nations say another.
_NAMED = {
    "May Day": "Early May bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
    "Summer Bank Holiday": "Summer bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "New Year Holiday": "2 January",
    "Saint Andrew's Day": "St Andrew's Day",
    "Saint Patrick's Day": "St Patrick's Day",
}


def _as_people_say(name: str) -> str:
    plain, observed, _ = name.partition(" (observed)")
    return _NAMED.get(plain, plain) + (" (substitute day)" if observed else "")


def local_calendar(nation: Nation, added: Iterable[date] = ()) -> Calendar:
    """The calendar of one nation. England and Wales have one."""
    return Calendar(_NAMES[nation], _SUBDIVISIONS[nation], frozenset(added))


def united_kingdom(added: Iterable[date] = ()) -> Calendar:
    """A holiday anywhere in the United Kingdom is no working day. Source: FOIA 2000 s.10(6)."""
    return Calendar("the whole United Kingdom", ("ENG", "SCT", "NIR"), frozenset(added))
