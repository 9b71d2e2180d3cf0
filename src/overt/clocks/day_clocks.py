"""Days and working days: complaints, freedom of information, environmental information."""

from __future__ import annotations

from datetime import date, timedelta

from overt.clocks.calendars import Calendar, local_calendar, united_kingdom
from overt.clocks.errors import ClockError, FigureMissing
from overt.clocks.law import Rule
from overt.clocks.pauses import merge
from overt.clocks.questions import Answer, Question
from overt.clocks.words import day_words, plural

#: Housing Ombudsman complaint handling code 2024: acknowledge each stage in five working days, answer stage one in ten
#: and stage two in twenty working days from the acknowledgement; at most as many again where there is a good reason.
HOUSING_ACKNOWLEDGE, HOUSING_ONE, HOUSING_TWO = 5, 10, 20


def dp_complaint(question: Question, rule: Rule) -> Answer:
    """Acknowledge a data-protection complaint. Source: DPA 2018 s.164A(3)."""
    _refuse(question, extend="has no extension", clarify="is not paused by a clarification")
    received = question.received_day
    calendar = local_calendar(question.nation, question.holidays)
    last = received + timedelta(days=rule.days)
    guidance, passed = calendar.roll(last)
    literal = received + timedelta(days=rule.days - 1)
    said = [
        f"received {day_words(received)}",
        f"by the regulator's guidance day one is the day after: day {rule.days} is {day_words(last)}",
        *passed,
        f"so it is to be acknowledged by {day_words(guidance)}; calendar {calendar.name}",
        f"read literally the day of receipt is day one, and day {rule.days} is {day_words(literal)}",
    ]
    return _answer(question, rule, calendar, said, guidance, literal)


def scheme_complaint(question: Question, rule: Rule) -> Answer:
    """A complaint under the scheme's code: stage 1 acknowledges, stage 2 answers. The figures are the scheme's."""
    _refuse(question, extend="has no extension in the code", clarify="is not paused by a clarification")
    acknowledge = question.stage in (None, 1)
    figures = question.figures
    figure = figures.complaint_ack_working_days if acknowledge else figures.complaint_answer_working_days
    length = question.days if question.days is not None else figure
    verb = "acknowledged" if acknowledge else "answered"
    if length is None:
        raise FigureMissing(
            f"The scheme's code does not say in how many working days a complaint is {verb}. Give --policy or --days."
        )
    received = question.received_day
    calendar = local_calendar(question.nation, question.holidays)
    due, passed = calendar.count(received, length)
    said = [f"received {day_words(received)}", f"to be {verb} in {plural(length, 'working day')} after it"]
    said += _passed(passed)
    said.append(f"due {day_words(due)}; calendar {calendar.name}")
    return _answer(question, rule, calendar, said, due, due, source=figures.source)


def housing_complaint(question: Question, rule: Rule) -> Answer:
    """A tenant's complaint to a landlord: `stage` 1 acknowledges, 2 answers; `escalated` begins the second stage."""
    _refuse(question, clarify="is not paused by a clarification")
    start = question.escalated or question.received_day
    calendar = local_calendar(question.nation, question.holidays)
    said = [f"received {day_words(question.received_day)}"]
    if question.escalated:
        said.append(f"escalated to stage two {day_words(start)}")
    acknowledge_by, passed = calendar.count(start, HOUSING_ACKNOWLEDGE)
    if question.stage in (None, 1):
        if question.extend:
            raise ClockError("An acknowledgement cannot be extended; the answer can (--stage 2 --extend).")
        said += [f"to be acknowledged in {HOUSING_ACKNOWLEDGE} working days", *_passed(passed)]
        said.append(f"due {day_words(acknowledge_by)}; calendar {calendar.name}")
        return _answer(question, rule, calendar, said, acknowledge_by, acknowledge_by)
    if question.acknowledged and question.acknowledged < start:
        raise ClockError(f"It was acknowledged on {day_words(question.acknowledged)}, before {day_words(start)}.")
    acknowledged = question.acknowledged or acknowledge_by
    word = "acknowledged" if question.acknowledged else "not acknowledged yet, at the latest"
    length = HOUSING_TWO if question.escalated else HOUSING_ONE
    unextended, _ = calendar.count(acknowledged, length)
    due, passed = calendar.count(acknowledged, length * 2 if question.extend else length)
    more = f", extended by {length} more" if question.extend else ""
    said += [
        f"{word} {day_words(acknowledged)}",
        f"to be answered in {length} working days of that{more}",
        *_passed(passed),
    ]
    said.append(f"due {day_words(due)}; calendar {calendar.name}")
    return _answer(question, rule, calendar, said, due, due, notice=unextended)


def information_request(question: Question, rule: Rule) -> Answer:
    """Freedom of information and environmental information: the 20th working day following receipt.

    A clarification starts it afresh; working days from a fees notice to its payment do not count. A holiday anywhere
    in the United Kingdom is no working day. Source: FOIA 2000 s.1(3), s.10(1), (2) and (6); EIR 2004 regs 5, 7 and 9.
    """
    if question.extend and not rule.extended_working_days:
        raise ClockError("Freedom of information has no extension to a fixed day.")
    calendar = united_kingdom(question.holidays)
    start, said = _start_afresh(question)
    if start is None:
        return _answer(question, rule, calendar, said, None, None)
    unpaid = _unpaid_days(question, calendar, said)
    if unpaid is None:
        return _answer(question, rule, calendar, said, None, None)
    length = rule.extended_working_days if question.extend else rule.working_days
    unextended, _ = calendar.count(start, rule.working_days, excluded=unpaid)
    due, passed = calendar.count(start, length, excluded=unpaid)
    said.append(f"the {length}th working day following {day_words(start)} is due {day_words(due)}")
    said += _passed(passed)
    said.append(f"calendar {calendar.name}: due {day_words(due)}")
    notice = unextended if rule.extended_working_days else None
    return _answer(question, rule, calendar, said, due, due, paused=len(unpaid), notice=notice)


def _start_afresh(question: Question) -> tuple[date | None, list[str]]:
    start = question.received_day
    said = [f"received {day_words(start)}"]
    pauses, joined = merge(question.clarifications)
    said += joined
    for pause in pauses:
        if pause.last is None:
            said.append(f"clarification asked {day_words(pause.first)}, not yet answered: there is no date yet")
            return None, said
        start = pause.last
        said.append(f"clarification answered {day_words(start)}: it counts as received then")
    return start, said


def _unpaid_days(question: Question, calendar: Calendar, said: list[str]) -> set[date] | None:
    """The working days from the fees notice to the payment; None while it is not paid."""
    if question.fee_asked is None:
        if question.fee is not None:
            raise ClockError("For this clock give the fees notice and the payment: --fee NOTICE..PAID.")
        return set()
    if question.fee is None:
        said.append(f"fees notice given {day_words(question.fee_asked)}, not yet paid: there is no date yet")
        return None
    span = (question.fee_asked + timedelta(days=n) for n in range((question.fee - question.fee_asked).days + 1))
    days = {day for day in span if calendar.is_working(day)}
    said.append(
        f"fees notice {day_words(question.fee_asked)}, paid {day_words(question.fee)}: "
        f"{plural(len(days), 'working day does', 'working days do')} not count"
    )
    return days


def _passed(passed: list[str]) -> list[str]:
    return [f"not counted: {', '.join(passed)}"] if passed else []


def _refuse(question: Question, *, extend: str = "", clarify: str = "") -> None:
    if extend and question.extend:
        raise ClockError(f"{question.kind.value} {extend}.")
    if clarify and question.clarifications:
        raise ClockError(f"{question.kind.value} {clarify}.")


def _answer(
    question: Question, rule: Rule, calendar: Calendar, said: list[str], guidance: date | None, literal: date | None,
    *, source: str = "", paused: int = 0, notice: date | None = None,
) -> Answer:  # fmt: skip
    return Answer(
        question.kind, guidance, literal, None, notice, paused, tuple(said), source or rule.source, rule.version,
        rule.starts, rule.until, rule.verified, calendar.version,
    )  # fmt: skip
