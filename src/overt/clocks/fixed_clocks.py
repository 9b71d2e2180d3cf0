"""Elapsed hours, surveillance authorisations, and how long recordings, masters and product are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from overt.clocks.answers import Answer, answer_of
from overt.clocks.calendars import Nation
from overt.clocks.day_clocks import by_hand
from overt.clocks.kinds import Kind
from overt.clocks.law import Rule
from overt.clocks.months import corresponding, last_day_beginning_with
from overt.clocks.questions import Question
from overt.clocks.words import LOCAL, day_words, plural

NO_CALENDAR = "none: every day counts"
#: What follows where the hours run out.
_BREACH = [
    "it is told without undue delay, within these hours where that is feasible, unless the breach is unlikely to put "
    "anybody's rights at risk (UK GDPR Art. 33(1); DPA 2018 s.67(1) and (2))",
    "what is not known yet may follow in phases, and a later notice gives the reasons for the delay (Art. 33(1) and "
    "(4); s.67(3) and (5))",
]
_ORAL = "it goes on only if it is renewed before it ends"


def elapsed_hours(question: Question, rule: Rule) -> Answer:
    """So many hours by the clock, through weekends and clock changes. Source: UK GDPR Art. 33; RIPA 2000 s.43(3)(a)."""
    start = question.moment
    due = start.astimezone(UTC) + timedelta(hours=rule.hours)
    said = [question.begun, f"{rule.hours} elapsed hours run from that moment, through nights, weekends and holidays"]
    if _offset(start) != _offset(due):
        said.append("the clocks change on the way: the hour on the wall is another, but no hour is gained or lost")
    if question.kind is Kind.BREACH:
        return _answer(rule, [*said, *_BREACH], due)
    said[1] += f" ({rule.where['hours']})"
    return _answer(rule, [*said, f"{_ORAL} ({rule.where['renewal']})", *_scotland(question)], due)


def surveillance_written(question: Question, rule: Rule) -> Answer:
    """Three months beginning with the day it takes effect. For a council that day is the magistrate's approval.

    Source: RIPA 2000 ss. 32A-32B, 43(3)(c), 43(9) and 45; RIP(S)A 2000 ss. 19 and 20.
    """
    start = question.received_day
    last = last_day_beginning_with(start, rule.months)
    said, where = [question.begun], rule.where
    again = "renewed before it ends"
    if "approval" in where:
        said += _approval(question)
        again += ", with approval again"
    said += [
        f"{plural(rule.months, 'month')} beginning with that day end on {day_words(last)} ({where['months']}); "
        "nothing rolls",
        f"it goes on only if {again} ({where['renewal']})",
        f"it is cancelled as soon as it is no longer necessary and proportionate ({where['cancelling']})",
    ]
    return _answer(rule, [*said, *_scotland(question)], last)


def _approval(question: Question) -> list[str]:
    """Who approves a council's authorisation, and where nobody has to. Source: RIPA 2000 s.32A(2), (4)(b) and (7)."""
    if question.nation is Nation.NORTHERN_IRELAND:
        return [
            "a district council's authorisation for a purpose that is an excepted or reserved matter takes effect when "
            "the district judge approves it, and not before (RIPA s.32A(2) and (4)(b)); any other, when it is granted"
        ]
    return ["a council's authorisation takes effect when the magistrate approves it, and not before (RIPA s.32A(2))"]


def surveillance_product(question: Question, rule: Rule) -> Answer:
    """At least so many calendar years from the end of the authorisation, by the one who asked for it. BASS-11.2.l."""
    figures, years = question.figures, question.years
    source, verified = by_hand(years, "")
    if years is None:
        what = "how long the product is kept"
        years, source = figures.figure("surveillance_product_retention_years", rule.years, what, unit="years")
    due, said = _years(question, years)
    said.append("it is kept by the one who asked for the surveillance, and longer where it is held")
    return _answer(rule, said, due, source=source, verified=verified)


def retention(question: Question, rule: Rule) -> Answer:
    """Elapsed days of 24 hours in UTC from the recording's end. The figure is the scheme's."""
    days, stated = question.days, ""
    if days is None:
        days, stated = question.figures.figure("retention_days", None, "how long recordings are kept", unit="days")
    due = question.moment.astimezone(UTC) + timedelta(days=days)
    said = [
        question.begun,
        f"it is kept for {plural(days, 'day')} of 24 hours, counted in UTC",
        "a hold, with its owner, reason and expiry, keeps it longer",
    ]
    source, verified = by_hand(question.days, stated)
    return _answer(rule, said, due, source=source, verified=verified)


def evidence_master(question: Question, rule: Rule) -> Answer:
    """Calendar years from the release. The figure is the scheme's."""
    years, stated = question.years, ""
    if years is None:
        what = "how long a master is kept"
        years, stated = question.figures.figure("evidence_master_retention_years", None, what, unit="years")
    due, said = _years(question, years)
    said.append("a hold keeps it longer")
    source, verified = by_hand(question.years, stated)
    return _answer(rule, said, due, source=source, verified=verified)


def _years(question: Question, years: int) -> tuple[date, list[str]]:
    start = question.received_day
    due, exists = corresponding(start, 12 * years)
    said = [question.begun, f"{plural(years, 'calendar year')} from then end on {day_words(due)}"]
    if not exists:
        said.append(f"{due.year} has no {start.day} {start:%B}: the month's last day counts")
    return due, said


def _scotland(question: Question) -> list[str]:
    """Scotland has its own Act, which asks no court and gives a council the urgent way too."""
    if question.nation is not Nation.SCOTLAND:
        return []
    return [
        "in Scotland police and councils act under the Regulation of Investigatory Powers (Scotland) Act 2000; forces "
        "of the whole United Kingdom, as the British Transport Police, under that of the United Kingdom (RIPA s.46)"
    ]


def _offset(moment: datetime) -> timedelta | None:
    return moment.astimezone(LOCAL).utcoffset()


def _answer(
    rule: Rule, said: list[str], due: date | datetime, *, source: str = "", verified: bool | None = None
) -> Answer:
    return answer_of(rule, said, due, due, calendar=NO_CALENDAR, source=source, verified=verified)
