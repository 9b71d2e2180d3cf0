"""`overt clock KIND`: a deadline with its working, as JSON or as words that can be read to an inspector.

Exit codes: 0 worked out, 2 the question makes no sense as asked.
"""

from __future__ import annotations

import argparse
import json
import re
from datetime import date, datetime, timedelta

from overt.clocks.calendars import Nation
from overt.clocks.engine import work_out
from overt.clocks.errors import ClockError
from overt.clocks.kinds import PROFILES, Body, Kind
from overt.clocks.law import kind_named
from overt.clocks.pauses import Clarification
from overt.clocks.questions import Answer, Figures, Question
from overt.clocks.words import day_words, moment_words, plural, sentence
from overt.rooms import named, rooms
from overt.shared.local_times import BadMoment, check_day

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def add_arguments(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    clock = subparsers.add_parser("clock", help="work out a statutory or scheme deadline and show the working")
    add = clock.add_argument
    add("kind", metavar="KIND", help=", ".join(kind.value for kind in Kind))
    add("--received", metavar="WHEN", help="date, or time with its offset, at which it began")
    add("--effective", metavar="WHEN", help="when an authorisation takes effect (the same as --received)")
    add("--identity", metavar="DATE", help="identity evidence received")
    add("--fee", metavar="DATE", help="fee paid; for information requests NOTICE..PAID")
    add("--clarify", metavar="ASKED..ANSWERED", action="append", default=[], help="repeatable; open: ASKED..")
    add("--extend", action="store_true", help="the extension that the rule allows was notified")
    add("--extended-on", metavar="DATE", help="the day on which the notice of extension went out")
    add("--body", default=Body.POLICE.value, help="who authorises surveillance: police, council")
    add("--nation", default=Nation.ENGLAND_AND_WALES.value, help=", ".join(n.value for n in Nation))
    add("--holiday", metavar="DATE", action="append", default=[], help="a proclaimed holiday (repeatable)")
    add("--stage", type=int, choices=(1, 2), help="complaints: 1 acknowledges, 2 answers")
    add("--acknowledged", metavar="DATE", help="when a complaint was acknowledged")
    add("--escalated", metavar="DATE", help="when a housing complaint went to stage two")
    add("--policy", metavar="NAME", help="the scheme whose figures count")
    add("--days", type=int, help="the scheme's figure in days, or working days")
    add("--months", type=int, help="the scheme's figure in months")
    add("--years", type=int, help="the scheme's figure in years")
    add("--as-of", metavar="DATE", help="the law as it stood then")
    add("--json", action="store_true")
    clock.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    answer = work_out(question_from(options))
    if options.json:
        print(json.dumps(answer.as_json(), indent=2))
    else:
        print("\n".join(in_words(answer)))
    return 0


def question_from(options: argparse.Namespace) -> Question:
    """The question of a command line. Raises ClockError for what cannot be read."""
    kind = kind_named(options.kind)
    if bool(options.received) == bool(options.effective):
        raise ClockError("Give the start once: --received WHEN (or --effective WHEN for an authorisation).")
    fee_asked, fee = _fee(options.fee)
    return Question(
        kind=kind,
        received=read_when(options.received or options.effective),
        identity=_optional_date(options.identity),
        fee_asked=fee_asked,
        fee=fee,
        clarifications=tuple(read_clarification(text) for text in options.clarify),
        extend=options.extend,
        extended_on=_optional_date(options.extended_on),
        body=_body(options.body),
        nation=_nation(options.nation),
        holidays=tuple(read_date(text) for text in options.holiday),
        stage=options.stage,
        acknowledged=_optional_date(options.acknowledged),
        escalated=_optional_date(options.escalated),
        days=options.days,
        months=options.months,
        years=options.years,
        as_of=_optional_date(options.as_of),
        figures=_figures(options.policy),
    )


def read_date(text: str) -> date:
    """An ISO date. Raises ClockError, also for a day that does not exist."""
    if not _DATE.fullmatch(text):
        raise ClockError(f"{text}: expected a date such as 2026-03-10.")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ClockError(f"{text}: there is no such day.") from None


def read_when(text: str) -> date | datetime:
    """A date, or a time with its offset. Raises ClockError for a time without one: two hours could be meant."""
    if _DATE.fullmatch(text):
        return read_date(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ClockError(f"{text}: expected a date, or a time such as 2026-10-24T09:00+01:00.") from None
    if moment.tzinfo is None:
        raise ClockError(f"{text}: give the offset as well, for example {text}+00:00.")
    try:
        check_day(moment)  # at either end of the calendar there is no local time to count with
    except BadMoment as error:
        raise ClockError(str(error)) from None
    return moment


def read_clarification(text: str) -> Clarification:
    """`ASKED..ANSWERED`, or `ASKED..` while the answer is awaited."""
    asked, dots, answered = text.partition("..")
    if not dots:
        raise ClockError(f"--clarify {text}: expected ASKED..ANSWERED, or ASKED.. while the answer is awaited.")
    return Clarification(read_date(asked), read_date(answered) if answered else None)


def in_words(answer: Answer) -> list[str]:
    """The answer as a person reads it out."""
    profile = PROFILES[answer.kind]
    acting = answer.acting
    head = "There is no date yet." if acting is None else f"{answer.act} {_words(acting)}."
    lines = [f"{profile.name}. {head}", ""]
    lines += [f"  {sentence(said)}" for said in answer.derivation]
    lines.append("")
    lines += [f"  {name:9} {_words(reading)}" for name, reading in answer.readings.items() if reading is not None]
    if answer.extension_notice_by:
        lines.append(f"  An extension must be notified, with its reasons, by {day_words(answer.extension_notice_by)}.")
    if answer.paused_days:
        lines.append(f"  {plural(answer.paused_days, _day(answer))} did not count.")
    return [*lines, "", *_standing(answer)]


def _standing(answer: Answer) -> list[str]:
    """Where the rule stands, since when, by which calendar, and whether anybody read it there."""
    until = f" to {day_words(answer.rule_until - timedelta(days=1))}" if answer.rule_until else ""
    in_force = f", in force from {day_words(answer.rule_from)}{until}" if answer.rule_version != "code" else ""
    lines = [f"  Source: {answer.source}{in_force}.", f"  Calendar: {answer.calendar}."]
    if answer.read:
        lines.append(f"  Read in: {answer.read}.")
    if not answer.verified:
        lines.append(f"  Unverified: {_doubt(answer)}.")
    return lines


def _doubt(answer: Answer) -> str:
    if answer.rule_version == "code":
        return "no published code gives this figure"
    if answer.read:
        return "this rule was not wholly read in its primary text; what was read is named above"
    return "this rule was not read again in its primary text"


def _day(answer: Answer) -> str:
    return "working day" if answer.kind in (Kind.FOI, Kind.EIR) else "day"


def _words(reading: date | datetime) -> str:
    return moment_words(reading) if isinstance(reading, datetime) else day_words(reading)


def _optional_date(text: str | None) -> date | None:
    return read_date(text) if text else None


def _fee(text: str | None) -> tuple[date | None, date | None]:
    if not text:
        return None, None
    asked, dots, paid = text.partition("..")
    if not dots:
        return None, read_date(text)
    first, last = read_date(asked), read_date(paid) if paid else None
    if last is not None and last < first:
        raise ClockError(f"--fee {text}: it was paid before it was asked for.", field="fee")
    return first, last


def _nation(text: str) -> Nation:
    try:
        return Nation(text)
    except ValueError:
        raise ClockError(f"--nation {text}: expected one of {', '.join(n.value for n in Nation)}.") from None


def _body(text: str) -> Body:
    try:
        return Body(text)
    except ValueError:
        raise ClockError(f"--body {text}: expected one of {', '.join(b.value for b in Body)}.") from None


def _figures(policy: str | None) -> Figures:
    if policy is None:
        return Figures()
    name = next((room.scheme_figures for room in rooms() if room.scheme_figures), "")
    if not name:
        raise ClockError(f"--policy {policy}: no scheme is known here.")
    figures: Figures = named(name)(policy)
    return figures
