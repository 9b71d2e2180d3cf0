"""Freedom of information and environmental information: the 20th working day following receipt.

A clarification starts it afresh; working days from a fees notice to its payment do not count, if the fee comes in the
time there is for it. A holiday anywhere in the United Kingdom is no working day; for a Scottish authority, one in
Scotland. Source: FOIA 2000 ss. 1(3), 9 and 10; FOISA 2002 ss. 1(3), 9, 10 and 73; EIR 2004 regs 5 and 7 to 9.
"""

from __future__ import annotations

from datetime import date, timedelta

from overt.clocks.answers import Answer, answer_of
from overt.clocks.calendars import Calendar, Nation, local_calendar, united_kingdom
from overt.clocks.day_clocks import not_counted
from overt.clocks.errors import ClockError
from overt.clocks.kinds import Kind
from overt.clocks.law import Rule
from overt.clocks.months import last_day_beginning_with
from overt.clocks.pauses import merge
from overt.clocks.questions import Question
from overt.clocks.words import day_words, plural

_NOT_YET = "not yet answered: there is no date yet"


def work_out(question: Question, rule: Rule) -> Answer:
    """The day and the days that did not count; for a Scottish authority by its own law, and the other's day beside."""
    calendar, where = _calendar(question, rule), rule.where
    start, said = _start_afresh(question, rule, calendar)
    unpaid = None if start is None else _unpaid(question, rule, calendar, start, said)
    if start is None or unpaid is None:
        return answer_of(rule, said, None, None, calendar=calendar.version)
    off = {day for day in unpaid if calendar.is_working(day)}
    twentieth, _ = calendar.count(start, rule.working_days, excluded=off)
    length = rule.extended_working_days if _extended(question, rule, twentieth, said) else rule.working_days
    due, passed = calendar.count(start, length, excluded=off)
    said += not_counted(passed)
    said.append(
        f"the {length}th working day following {day_words(start)} is {day_words(due)} ({where['day']}); "
        f"calendar {calendar.name}"
    )
    said.append(f"that is the latest day: the law asks for the answer {where['promptly']}")
    said += _elsewhere(question, rule, start, length, unpaid)
    notice = twentieth if rule.extended_working_days else None
    return answer_of(rule, said, due, due, calendar=calendar.version, paused=len(off), notice=notice)


def _calendar(question: Question, rule: Rule) -> Calendar:
    if rule.nation is Nation.SCOTLAND:
        return local_calendar(Nation.SCOTLAND, question.holidays)
    return united_kingdom(question.holidays)


def _start_afresh(question: Question, rule: Rule, calendar: Calendar) -> tuple[date | None, list[str]]:
    """The day from which it counts. A question put only after the last day cannot start it afresh any more."""
    start, said = question.received_day, [question.begun]
    pauses, joined = merge(question.clarifications)
    said += joined
    for pause in pauses:
        asked = f"clarification asked {day_words(pause.first)}"
        last, _ = calendar.count(start, rule.working_days)
        if pause.first > last:
            said.append(f"{asked}, after {day_words(last)}, when the answer was due: it moves nothing")
        elif pause.last is None:
            said.append(f"{asked}, {_NOT_YET}")
            return None, said
        else:
            start = pause.last
            afresh = rule.where["afresh"]
            said.append(f"{asked}, answered {day_words(start)}: the request counts as received then ({afresh})")
    return start, said


def _unpaid(question: Question, rule: Rule, calendar: Calendar, start: date, said: list[str]) -> set[date] | None:
    """The days from the fees notice to the payment, both included; None where there is no date without the fee."""
    asked, paid = question.fee_asked, question.fee
    if asked is None:
        if paid is not None:
            raise ClockError(
                "Give the day of the fees notice as well as that of the payment (--fee NOTICE..PAID).",
                field="fee_asked",
            )
        return set()
    notice = f"fees notice given {day_words(asked)}"
    last, _ = calendar.count(start, rule.working_days)
    if asked > last:
        said.append(f"{notice}, after {day_words(last)}, when the answer was due: it moves nothing")
        return set()
    until = _payable_until(asked, rule, calendar)
    if paid is None:
        unpaid = f"there is nothing to answer unless it is paid by {day_words(until)}" if until else "no date runs"
        said.append(f"{notice}, not yet paid: {unpaid} ({rule.where['unpaid']})")
        return None
    if until is not None and paid > until:
        came = f"fee received only {day_words(paid)}, and it had to be paid by {day_words(until)}"
        said.append(f"{notice}, {came}: there is nothing to answer ({rule.where['unpaid']})")
        return None
    days = {asked + timedelta(days=n) for n in range((paid - asked).days + 1)}
    working = plural(sum(calendar.is_working(day) for day in days), "working day does", "working days do")
    said.append(f"{notice}, fee received {day_words(paid)}: {working} not count ({rule.where['fee']})")
    return days


def _payable_until(asked: date, rule: Rule, calendar: Calendar) -> date | None:
    """The last day on which the fee can be paid: three months beginning with its notice, or 60 working days after."""
    if rule.fee_months:
        return last_day_beginning_with(asked, rule.fee_months)
    return calendar.count(asked, rule.fee_working_days)[0] if rule.fee_working_days else None


def _extended(question: Question, rule: Rule, notice: date, said: list[str]) -> bool:
    """EIR only: 40 working days for a complex and voluminous request. For FOI the question refuses it."""
    on = question.extended_on
    if on is not None and on > notice:
        said.append(
            f"the extension was notified on {day_words(on)}, after {day_words(notice)}, the 20th working day: "
            f"nothing is extended ({rule.where['extension']})"
        )
        return False
    if on is not None:
        said.append(f"extended, and notified in time on {day_words(on)} ({rule.where['extension']})")
    elif question.extend:
        told = f"if the person was told by {day_words(notice)}, the 20th working day"
        said.append(f"extended, {told} ({rule.where['extension']})")
    return question.extend or on is not None


def _elsewhere(question: Question, rule: Rule, start: date, length: int, unpaid: set[date]) -> list[str]:
    """For who asks in Scotland, but answers under the law of the others: its day."""
    if "elsewhere" not in rule.where:
        return []
    theirs = united_kingdom(question.holidays)
    due, _ = theirs.count(start, length, excluded={day for day in unpaid if theirs.is_working(day)})
    kind = "request" if question.kind is Kind.FOI else "request for environmental information"
    return [
        f"a {kind} to an authority of the whole United Kingdom is answered under {rule.where['elsewhere']}, where a "
        f"holiday anywhere in it is left out: by {day_words(due)}"
    ]
