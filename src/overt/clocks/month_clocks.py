"""One month to answer: subject access and the other rights of the person in the picture."""

from __future__ import annotations

from datetime import date, timedelta

from overt.clocks.calendars import Calendar, local_calendar
from overt.clocks.errors import ClockError
from overt.clocks.law import Kind, Rule
from overt.clocks.months import corresponding, last_day_beginning_with
from overt.clocks.pauses import Pause, in_time, inside, merge
from overt.clocks.questions import Answer, Question
from overt.clocks.words import day_words, plural


def work_out(question: Question, rule: Rule) -> Answer:
    """Guidance, literal and internal readings. Source: UK GDPR Art. 12(3); DPA 2018 s.54; the regulator's guidance."""
    start, said = _start(question)
    pauses = _pauses(question, rule, start, said)
    months = rule.extended_months if question.extend else rule.months
    unextended = _Reading(start, rule.months, pauses)
    reading = _Reading(start, months, pauses)
    calendar = local_calendar(question.nation, question.holidays)
    said += reading.said
    if reading.standing_still:
        said.append(_still(reading, months))
        return _answer(question, rule, calendar, said, reading, (None, None, None), None)
    guidance, remarks = _guidance(reading, start, months, calendar)
    literal = reading.literal
    internal = None if question.extend else _internal(question, start, reading.paused_days)
    notice = unextended.literal
    said += remarks
    said.append(
        f"read literally, {plural(months, 'month')} beginning with {day_words(start)} ends {day_words(literal)}"
    )
    if internal:
        said.append(
            f"our own target of {question.figures.subject_access_target_days} days falls on {day_words(internal)}"
        )
    if question.extend:
        said.append(
            f"extended to {plural(months, 'month')}: the notice with its reasons must go out by {day_words(notice)}"
        )
    return _answer(question, rule, calendar, said, reading, (guidance, literal, internal), notice)


class _Reading:
    """Where the corresponding date and the literal end fall, moved by the pauses that were asked in time."""

    def __init__(self, start: date, months: int, pauses: list[Pause]) -> None:
        self.corresponding, self.exists = corresponding(start, months)
        self.pauses, self.end, self.said = in_time(pauses, self.corresponding)
        self.paused_days = sum(pause.days for pause in self.pauses)
        self.literal = last_day_beginning_with(start, months) + timedelta(days=self.paused_days)
        self.standing_still = bool(self.pauses) and self.pauses[-1].last is None


def _start(question: Question) -> tuple[date, list[str]]:
    received = question.received_day
    said = [f"received {day_words(received)}"]
    start = received
    for what, day in (("identity evidence", question.identity), ("the fee", question.fee)):
        if day is not None and day > start:
            said.append(f"{what} received {day_words(day)}: the clock starts then")
            start = day
        elif day is not None:
            said.append(f"{what} received {day_words(day)}, which moves nothing")
    return start, said


def _pauses(question: Question, rule: Rule, start: date, said: list[str]) -> list[Pause]:
    if question.clarifications and not rule.clarification_pauses:
        raise ClockError(f"A clarification does not pause {question.kind.value}: only subject access is paused by one.")
    merged, joined = merge(question.clarifications)
    kept, before = inside(merged, start)
    said += joined + before
    return kept


def _guidance(reading: _Reading, start: date, months: int, calendar: Calendar) -> tuple[date, list[str]]:
    if reading.exists:
        said = [f"the corresponding date {plural(months, 'month')} after {day_words(start)} is "
                f"{day_words(reading.corresponding)}"]  # fmt: skip
    else:
        said = [f"{plural(months, 'month')} after {day_words(start)} there is no such date: the month's last day is "
                f"{day_words(reading.corresponding)}"]  # fmt: skip
    if reading.paused_days:
        moved = day_words(reading.end)
        said.append(f"moved by the {plural(reading.paused_days, 'day')} that do not count to {moved}")
    due, passed = calendar.roll(reading.end)
    said += passed
    said.append(f"by the regulator's guidance due {day_words(due)}; calendar {calendar.name}")
    return due, said


def _internal(question: Question, start: date, paused_days: int) -> date | None:
    target = question.figures.subject_access_target_days
    if target is None or question.kind is not Kind.SUBJECT_ACCESS:
        return None
    return start + timedelta(days=target + paused_days)


def _still(reading: _Reading, months: int) -> str:
    left = (reading.end - reading.pauses[-1].first).days + 1
    return (
        f"there is no date yet: when the answer comes, {plural(left, 'day')} of the {plural(months, 'month')} "
        "remain after it"
    )


def _answer(
    question: Question, rule: Rule, calendar: Calendar, said: list[str], reading: _Reading,
    readings: tuple[date | None, date | None, date | None], notice: date | None,
) -> Answer:  # fmt: skip
    guidance, literal, internal = readings
    answer = Answer(
        question.kind, guidance, literal, internal, notice, reading.paused_days, tuple(said), rule.source,
        rule.version, rule.starts, rule.until, rule.verified, calendar.version,
    )  # fmt: skip
    return answer
