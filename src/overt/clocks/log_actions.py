"""What this room writes into the logbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from overt.logbook.actions import action
from overt.logbook.facts import Given


@dataclass(frozen=True, slots=True)
class ClockStarted:
    """`acting` is the day or the moment to act by; None where nothing is due yet. `calendar` is its edition's name."""

    owner: Given
    controller: Given | None
    kind: str
    acting: date | datetime | None
    rule: str
    calendar: Given


@dataclass(frozen=True, slots=True)
class ClockAnswered:
    """Another answer, the one before it, and what made the difference; the answer's row has it in words."""

    owner: Given
    kind: str
    before: date | datetime | None
    acting: date | datetime | None
    rule: str
    calendar: Given
    asked: bool  # what is known of the case changed
    policy_before: Given | None  # the titles of the policies, where their figures made the difference
    policy: Given | None
    holidays: tuple[date, ...]  # that count now and did not before
    holidays_taken_back: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class ClockEnded:
    owner: Given
    kind: str
    acting: date | datetime | None


@dataclass(frozen=True, slots=True)
class HolidayAdded:
    day: date
    nation: str
    name: Given
    source: Given


@dataclass(frozen=True, slots=True)
class HolidayTakenBack:
    day: date
    nation: str
    name: Given


_OWNER = "{owner}: {kind:words}[, due {acting}]"

CLOCK_STARTED = action("clocks.clock.started", "Clock started", ClockStarted, line=_OWNER)
CLOCK_ANSWERED = action(
    "clocks.clock.worked_out_again",
    "Clock worked out again",
    ClockAnswered,
    line=f"{_OWNER}[, {{before}} before][; {{asked:what is known of the case changed|}}]"
    "[; figures of {policy} in place of {policy_before}]"
    "[; holiday proclaimed: {holidays}][; holiday taken back: {holidays_taken_back}]",
)
CLOCK_MET = action("clocks.clock.met", "Clock met", ClockEnded, line=_OWNER)
CLOCK_CLOSED = action("clocks.clock.closed", "Clock closed without an answer", ClockEnded, line=_OWNER)
HOLIDAY_ADDED = action(
    "clocks.holiday.added", "Proclaimed holiday added", HolidayAdded, line="{day}: {name} ({source})"
)
HOLIDAY_TAKEN_BACK = action(
    "clocks.holiday.taken_back", "Proclaimed holiday taken back", HolidayTakenBack, line="{day}: {name}"
)
