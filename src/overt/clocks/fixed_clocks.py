"""Elapsed hours, surveillance authorisations, and how long recordings and masters are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from overt.clocks.errors import ClockError, FigureMissing
from overt.clocks.law import Kind, Rule
from overt.clocks.months import corresponding, last_day_beginning_with
from overt.clocks.questions import Answer, Question
from overt.clocks.words import day_words, moment_words, plural

NO_CALENDAR = "no calendar: every day counts"


def elapsed_hours(question: Question, rule: Rule) -> Answer:
    """So many hours by the clock, through weekends and clock changes. Source: UK GDPR Art. 33; RIPA 2000 s.43(3)(a)."""
    _plain(question)
    start = question.moment
    due = (start.astimezone(UTC) + timedelta(hours=rule.hours)).astimezone(UTC)
    what = "known" if question.kind is Kind.BREACH else "granted"
    said = [f"{what} {moment_words(start)}", f"{rule.hours} elapsed hours, weekends and nights included"]
    if _offset(start) != _offset(due):
        said.append("the clocks change on the way, which lengthens or shortens nothing")
    said.append(f"ends {moment_words(due)}")
    return _answer(question, rule, said, due)


def surveillance_written(question: Question, rule: Rule) -> Answer:
    """Three months beginning with the day it takes effect. For a council that day is the magistrate's approval.

    Source: RIPA 2000 s.43(3)(c), ss. 32A-32B.
    """
    _plain(question)
    start = question.received_day
    last = last_day_beginning_with(start, rule.months)
    said = [
        f"takes effect {day_words(start)}",
        f"{plural(rule.months, 'month')} beginning with that day; nothing rolls",
        f"ends {day_words(last)} at 23:59, unless renewed before; it is to be cancelled as soon as it is not needed",
    ]
    return _answer(question, rule, said, last)


def retention(question: Question, rule: Rule) -> Answer:
    """Elapsed days of 24 hours in UTC from the recording's end. The figure is the scheme's."""
    _plain(question)
    days = question.days if question.days is not None else question.figures.retention_days
    if days is None:
        raise FigureMissing("The scheme's code does not say how long recordings are kept. Give --policy or --days.")
    start = question.moment
    due = start.astimezone(UTC) + timedelta(days=days)
    said = [
        f"recording ended {moment_words(start)}",
        f"kept for {plural(days, 'day')} of 24 hours, counted in UTC",
        f"deleted at {moment_words(due)}, unless it is held",
    ]
    return _answer(question, rule, said, due, source=question.figures.source)


def evidence_master(question: Question, rule: Rule) -> Answer:
    """Calendar years from the release. The figure is the scheme's."""
    _plain(question)
    years = question.years if question.years is not None else question.figures.evidence_master_retention_years
    if years is None:
        raise FigureMissing("The scheme's code does not say how long a master is kept. Give --policy or --years.")
    start = question.received_day
    due, exists = corresponding(start, 12 * years)
    said = [f"released {day_words(start)}", f"kept for {plural(years, 'calendar year')}"]
    if not exists:
        said.append(f"{start.year + years} has no {start.day} {start:%B}: its last day counts")
    said.append(f"kept until {day_words(due)}, unless it is held")
    return _answer(question, rule, said, due, source=question.figures.source)


def _plain(question: Question) -> None:
    if question.extend:
        raise ClockError(f"{question.kind.value} has no extension.")
    if question.clarifications:
        raise ClockError(f"{question.kind.value} is not paused by a clarification.")


def _offset(moment: datetime) -> timedelta | None:
    from overt.clocks.words import LOCAL

    return moment.astimezone(LOCAL).utcoffset()


def _answer(question: Question, rule: Rule, said: list[str], due: date | datetime, *, source: str = "") -> Answer:
    return Answer(
        question.kind, due, due, None, None, 0, tuple(said), source or rule.source, rule.version, rule.starts,
        rule.until, rule.verified, NO_CALENDAR,
    )  # fmt: skip
