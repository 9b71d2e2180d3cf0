"""The states of a kept clock and their moves; what changed between two answers, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

from overt.clocks.calendars import Nation
from overt.clocks.errors import ClockNotOpen
from overt.clocks.kinds import Kind
from overt.clocks.words import day_words, moment_words

Json = Mapping[str, object]


class ClockState(StrEnum):
    OPEN = "open"
    MET = "met"
    CLOSED = "closed"


#: What was due was done, or fell away (a request withdrawn, a recording held); neither is taken back.
MOVES = {(ClockState.OPEN, ClockState.MET), (ClockState.OPEN, ClockState.CLOSED)}


def check_move(now: str, to: ClockState) -> None:
    """Raises ClockNotOpen for a clock that was met or closed already."""
    if (ClockState(now), to) not in MOVES:
        raise ClockNotOpen(f"This clock is {now}: it is not {to} again.")


def check_open(now: str) -> None:
    if now != ClockState.OPEN:
        raise ClockNotOpen(f"This clock is {now} and is not worked out again.")


def counts_for(kind: Kind, nation: Nation, proclaimed_in: Nation) -> bool:
    """A holiday counts in its own nation; for requests for information, anywhere in the United Kingdom.

    A Scottish authority leaves out Scotland's only. Source: FOIA 2000 s.10(6); FOISA 2002 s.73.
    """
    anywhere = kind in (Kind.FOI, Kind.EIR) and nation is not Nation.SCOTLAND
    return anywhere or nation is proclaimed_in


def what_changed(
    before: Json,
    after: Json,
    *,
    holidays: Iterable[tuple[date, str]] = (),
    taken_back: Sequence[date] = (),
    asked: bool = False,
    policy: tuple[str, str] | None = None,
) -> str:
    """Two answers compared (as JSON), the cause first: a new question, proclaimed holidays, another rule or calendar.

    `holidays` are those the new answer counts and the old did not, with their names, and `taken_back` the reverse;
    `asked` says that the question itself is another; `policy` names the policies whose figures counted before and
    count now, where they differ.
    Empty where nothing changed but the edition of a calendar that leads to the same days.
    """
    if not asked and _without_calendar(before) == _without_calendar(after):
        return ""
    causes = ["what is known of the case changed"] if asked else []
    if policy is not None:
        causes.append(f"the policy in force changed from {policy[0]} to {policy[1]}")
    causes += [f"a holiday was proclaimed: {day_words(day)}{f' ({name})' if name else ''}" for day, name in holidays]
    causes += [f"the holiday of {day_words(day)} was taken back" for day in taken_back]
    if (before["kind"], before["rule_version"]) != (after["kind"], after["rule_version"]):
        causes.append(f"the rule changed from {before['source']} to {after['source']}")
    if not holidays and not taken_back and before["calendar"] != after["calendar"]:
        causes.append(f"the calendar changed from {before['calendar']} to {after['calendar']}")
    result = _result(before.get("acting"), after.get("acting"))
    return "; ".join([*(causes or ["the working changed"]), result])


def _without_calendar(answer: Json) -> dict[str, object]:
    """What an answer says, apart from the edition of its calendar and the product's own heading of the date."""
    return {key: value for key, value in answer.items() if key not in ("calendar", "act")}


def _result(before: object, after: object) -> str:
    if before == after:
        return "the date stays " + _said(after)
    return f"the date moves from {_said(before)} to {_said(after)}"


def _said(acting: object) -> str:
    if not isinstance(acting, str):
        return "open, while the clock stands still"
    if "T" in acting:
        return moment_words(datetime.fromisoformat(acting))
    return day_words(date.fromisoformat(acting))
