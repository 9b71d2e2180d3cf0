"""Freedom of information and environmental information: the 20th working day following receipt.

A clarification starts it afresh; working days from a fees notice to its payment do not count. A holiday anywhere in
the United Kingdom is no working day. Source: FOIA 2000 ss. 1(3) and 10; EIR 2004 regs 5, 7, 8 and 9.
"""

from __future__ import annotations

from datetime import date, timedelta

from overt.clocks.answers import Answer, answer_of
from overt.clocks.calendars import Calendar, Nation, local_calendar, united_kingdom
from overt.clocks.day_clocks import not_counted
from overt.clocks.errors import ClockError
from overt.clocks.kinds import Kind
from overt.clocks.law import Rule
from overt.clocks.pauses import merge
from overt.clocks.questions import Question
from overt.clocks.words import day_words, plural

#: What a Scottish authority answers under instead, and the text that says which days work there.
_SCOTTISH = {
    Kind.FOI: "the Freedom of Information (Scotland) Act 2002",
    Kind.EIR: "the Environmental Information (Scotland) Regulations 2004",
}


def work_out(question: Question, rule: Rule) -> Answer:
    """The day, the days that did not count, and for a Scottish authority a sentence on its own Act."""
    calendar = united_kingdom(question.holidays)
    start, said = _start_afresh(question)
    unpaid = None if start is None else _unpaid(question, said)
    if start is None or unpaid is None:
        return answer_of(rule, said, None, None, calendar=calendar.version)
    off = {day for day in unpaid if calendar.is_working(day)}
    if unpaid:
        said[-1] += f": {plural(len(off), 'working day does', 'working days do')} not count"
    twentieth, _ = calendar.count(start, rule.working_days, excluded=off)
    length = rule.extended_working_days if _extended(question, twentieth, said) else rule.working_days
    due, passed = calendar.count(start, length, excluded=off)
    said += not_counted(passed)
    said.append(
        f"the {length}th working day following {day_words(start)} is {day_words(due)}; calendar {calendar.name}"
    )
    said += _scotland(question, start, length, unpaid)
    said.append("that is the latest day: the law asks for it " + _PROMPTLY[question.kind])
    notice = twentieth if rule.extended_working_days else None
    return answer_of(rule, said, due, due, calendar=calendar.version, paused=len(off), notice=notice)


_PROMPTLY = {Kind.FOI: "promptly", Kind.EIR: "as soon as possible"}


def _start_afresh(question: Question) -> tuple[date | None, list[str]]:
    start, said = question.received_day, [question.begun]
    pauses, joined = merge(question.clarifications)
    said += joined
    for pause in pauses:
        asked = f"clarification asked {day_words(pause.first)}"
        if pause.last is None:
            said.append(f"{asked}, not yet answered: there is no date yet")
            return None, said
        start = pause.last
        said.append(f"{asked}, answered {day_words(start)}: the request counts as received then")
    return start, said


def _unpaid(question: Question, said: list[str]) -> set[date] | None:
    """The days from the fees notice to the payment, both included; None while it is not paid."""
    if question.fee_asked is None:
        if question.fee is not None:
            raise ClockError(
                "For this clock give the fees notice and the payment: --fee NOTICE..PAID.", field="fee_asked"
            )
        return set()
    if question.fee is None:
        said.append(f"fees notice given {day_words(question.fee_asked)}, not yet paid: there is no date yet")
        return None
    said.append(f"fees notice given {day_words(question.fee_asked)}, fee received {day_words(question.fee)}")
    return {question.fee_asked + timedelta(days=n) for n in range((question.fee - question.fee_asked).days + 1)}


def _extended(question: Question, notice: date, said: list[str]) -> bool:
    """EIR only: 40 working days for a complex and voluminous request. For FOI the question refuses it."""
    on = question.extended_on
    if on is not None and on > notice:
        said.append(
            f"the extension was notified on {day_words(on)}, after {day_words(notice)}, the 20th working day: "
            "nothing is extended"
        )
        return False
    if on is not None:
        said.append(f"extended under regulation 7, notified in time on {day_words(on)}")
    elif question.extend:
        said.append(f"extended under regulation 7, if the person was told by {day_words(notice)}, the 20th working day")
    return question.extend or on is not None


def _scotland(question: Question, start: date, length: int, unpaid: set[date]) -> list[str]:
    if question.nation is not Nation.SCOTLAND:
        return []
    theirs: Calendar = local_calendar(Nation.SCOTLAND, question.holidays)
    due, _ = theirs.count(start, length, excluded={day for day in unpaid if theirs.is_working(day)})
    return [
        f"a Scottish authority answers under {_SCOTTISH[question.kind]}, where only Scotland's holidays are left out: "
        f"its day is {day_words(due)}"
    ]
