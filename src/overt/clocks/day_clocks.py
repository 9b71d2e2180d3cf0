"""Days and working days: complaints about data protection and under the scheme's code, and a tenant's to a landlord."""

from __future__ import annotations

from datetime import date, timedelta

from overt.clocks.answers import Answer, answer_of
from overt.clocks.calendars import Calendar, local_calendar
from overt.clocks.errors import ClockError, FigureMissing
from overt.clocks.law import Rule
from overt.clocks.questions import NONE_IN_FORCE, Question
from overt.clocks.words import day_words, plural


def dp_complaint(question: Question, rule: Rule) -> Answer:
    """Acknowledge a data-protection complaint. Source: DPA 2018 s.164A(3)."""
    received = question.received_day
    calendar = local_calendar(question.nation, question.holidays)
    last = received + timedelta(days=rule.days)
    guidance, passed = calendar.roll(last)
    literal = received + timedelta(days=rule.days - 1)
    said = [
        question.begun,
        f"by the regulator's guidance day one is the day after it, so day {rule.days} is {day_words(last)}",
        *passed,
        f"by the guidance it is due on {day_words(guidance)}; calendar {calendar.name}",
        f"read literally the {rule.days} days begin when it is received, so day {rule.days} is {day_words(literal)}, "
        "and does not roll (DPA 2018 s.164A(3))",
        "the inquiry does not wait for it, and the outcome is told without undue delay (s.164A(4))",
    ]
    return answer_of(rule, said, guidance, literal, calendar=calendar.version)


def dp_complaint_outcome(question: Question, rule: Rule) -> Answer:
    """No day in law: without undue delay, and progress is reported meanwhile. The target is the scheme's."""
    days = question.days if question.days is not None else question.figures.dp_complaint_outcome_days
    if days is None:
        raise FigureMissing(
            "The law gives no day for the outcome: it is due without undue delay, and the person is told of progress "
            "meanwhile. Give the scheme's own target: --days.",
            field="days",
        )
    target = question.received_day + timedelta(days=days)
    said = [
        question.begun,
        "the law gives no day: inquire, and tell the outcome, without undue delay, and report progress meanwhile (DPA "
        "2018 s.164A(4) and (5))",
        f"the scheme's own target, {plural(days, 'day')} after receipt, falls on {day_words(target)}",
    ]
    return answer_of(rule, said, None, None, calendar="none: every day counts", internal=target)


def scheme_complaint(question: Question, rule: Rule) -> Answer:
    """A complaint under the scheme's code: stage 1 acknowledges, stage 2 answers. The figures are the scheme's."""
    acknowledge = question.stage in (None, 1)
    figures = question.figures
    name = "complaint_ack_working_days" if acknowledge else "complaint_answer_working_days"
    verb = "acknowledged" if acknowledge else "answered"
    length, stated = question.days, ""
    if length is None:
        what = f"in how many working days a complaint is {verb}"
        length, stated = figures.figure(name, None, what, unit="days")
    calendar = local_calendar(question.nation, question.holidays)
    due, passed = calendar.count(question.received_day, length)
    said = [question.begun, f"it is to be {verb} within {plural(length, 'working day')} of that", *not_counted(passed)]
    said.append(counted_to(length, due, calendar))
    if question.acknowledged:
        said.append(f"it was acknowledged {day_words(question.acknowledged)}, which moves nothing: receipt counts")
    source, verified = by_hand(question.days, stated)
    return answer_of(rule, said, due, due, calendar=calendar.version, source=source, verified=verified, done=verb)


def housing_complaint(question: Question, rule: Rule) -> Answer:
    """A tenant's complaint to a landlord: `stage` 1 acknowledges, 2 answers; `escalated` begins the second stage.

    Where no stage is said, one that was acknowledged waits for its answer.
    """
    start = question.escalated or question.received_day
    calendar = local_calendar(question.nation, question.holidays)
    said = [question.begun]
    if question.escalated:
        said.append(f"taken to stage two on {day_words(start)}")
    latest, passed = calendar.count(start, rule.acknowledge_working_days)
    if question.stage == 1 or (question.stage is None and question.acknowledged is None):
        return _acknowledgement(question, rule, calendar, said, (latest, passed))
    acknowledged = _acknowledged(question, rule, start, latest, said)
    length = rule.stage_two_working_days if question.escalated else rule.working_days
    notice, _ = calendar.count(acknowledged, length)
    total = length + (length if _extends(question, notice, said) else 0)
    due, passed = calendar.count(acknowledged, total)
    within = f"it is to be answered within {plural(length, 'working day')} of the acknowledgement"
    said.append(f"{within} ({'para. 6.14' if question.escalated else 'para. 6.3'})")
    if total > length:
        where = "para. 6.15" if question.escalated else "para. 6.4"
        said.append(f"extended by {length} more for its complexity, the most there is without a good reason ({where})")
    said += [*not_counted(passed), counted_to(total, due, calendar)]
    # Of stage two's extension only a landlord's account was read, not the paragraph.
    verified = False if question.escalated and total > length else None
    return answer_of(rule, said, due, due, calendar=calendar.version, notice=notice, done="answered", verified=verified)


def _acknowledgement(
    question: Question, rule: Rule, calendar: Calendar, said: list[str], counted: tuple[date, list[str]]
) -> Answer:
    if question.extend or question.extended_on:
        raise ClockError("An acknowledgement cannot be extended; the answer can (--stage 2 --extend).", field="extend")
    if question.acknowledged:
        raise ClockError("It was acknowledged already: ask for the answer (--stage 2).", field="stage")
    due, passed = counted
    where = "para. 6.11" if question.escalated else "para. 6.2"
    within = plural(rule.acknowledge_working_days, "working day")
    said.append(f"it is to be acknowledged, defined and logged within {within} of that ({where})")
    said += [*not_counted(passed), counted_to(rule.acknowledge_working_days, due, calendar)]
    return answer_of(rule, said, due, due, calendar=calendar.version, done="acknowledged")


def _acknowledged(question: Question, rule: Rule, start: date, latest: date, said: list[str]) -> date:
    if question.acknowledged is None:
        said.append(
            f"not acknowledged yet; that is due within {plural(rule.acknowledge_working_days, 'working day')}, "
            f"by {day_words(latest)}, and is taken to happen then"
        )
        return latest
    if question.acknowledged < start:
        raise ClockError(
            f"It was acknowledged on {day_words(question.acknowledged)}, before {day_words(start)}.",
            field="acknowledged",
        )
    late = f", after {day_words(latest)}, when it was due" if question.acknowledged > latest else ""
    said.append(f"acknowledged {day_words(question.acknowledged)}{late}")
    return question.acknowledged


def _extends(question: Question, notice: date, said: list[str]) -> bool:
    """An extension is told before the first time runs out."""
    if question.extended_on is not None and question.extended_on > notice:
        said.append(
            f"the extension was told on {day_words(question.extended_on)}, after {day_words(notice)}: "
            "nothing is extended"
        )
        return False
    return question.extend or question.extended_on is not None


def counted_to(length: int, due: date, calendar: Calendar) -> str:
    return f"working day {length} is {day_words(due)}; calendar {calendar.name}"


def not_counted(passed: list[str]) -> list[str]:
    return [f"holidays on the way: {', '.join(passed)}"] if passed else []


def by_hand(given: int | None, source: str) -> tuple[str, bool | None]:
    """Source and standing of a figure: one given with the question is nobody's code; a policy's carries its name."""
    if given is not None:
        return "the figure given with the question", False
    return source, False if source == NONE_IN_FORCE else None
