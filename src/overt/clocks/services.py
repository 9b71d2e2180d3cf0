"""Clocks that are kept: start one, work it out again, end it; and the holidays that move them.

Both answers stay when a clock is worked out again, and the second says what changed. A clock's question carries the
scheme's figures as they stood; a policy that comes into force brings its own to every open clock that counts with them.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from overt.access.doors import need
from overt.access.rules import Act
from overt.clocks import log_actions, rules
from overt.clocks.answers import Answer
from overt.clocks.calendars import Nation, local_calendar
from overt.clocks.engine import work_out
from overt.clocks.errors import ClockError
from overt.clocks.log_actions import ClockAnswered, ClockEnded, ClockStarted, HolidayAdded, HolidayTakenBack
from overt.clocks.models import Clock, ClockAnswer, ProclaimedHoliday
from overt.clocks.questions import NO_POLICY, Figures, Question
from overt.clocks.rules import ClockState
from overt.clocks.stored import question_as_json, question_from_json
from overt.clocks.words import day_words
from overt.logbook.services import log

if TYPE_CHECKING:
    from overt.accounts.models import User

__all__ = [
    "add_holiday", "answer_again", "close_clock", "mark_met", "recompute_open_clocks", "start_clock",
    "take_back_holiday", "with_holidays",
]  # fmt: skip

_log = logging.getLogger(__name__)


@transaction.atomic
def start_clock(question: Question, *, owner: str, by: User | None, controller: str = "") -> Clock:
    """A clock that runs for a record from now on, with its first answer. Raises ClockError; then nothing is kept.

    For a request to several controllers of one partnership, start one for each.
    """
    if Clock.objects.filter(
        owner=owner, kind=question.kind.value, controller=controller, state=ClockState.OPEN
    ).exists():
        raise ClockError(
            f"A {question.kind.value} clock runs for {owner} already: work that one out again.", field="reference"
        )
    answer = work_out(with_holidays(question))
    clock = Clock(kind=question.kind.value, owner=owner, controller=controller, question=question_as_json(question))
    _show(clock, answer)
    clock.save()
    _keep(clock, question, answer, "")
    facts = ClockStarted(
        owner, controller or None, answer.kind.value, answer.acting, answer.rule_version, answer.calendar
    )
    log(log_actions.CLOCK_STARTED, clock, by=by, facts=facts)
    return clock


@transaction.atomic
def answer_again(
    clock: Clock, *, question: Question | None = None, figures: Figures | None = None, by: User | None = None
) -> ClockAnswer:
    """Work an open clock out again, with another question where one is given. Returns the answer that holds now.

    `figures` are those of the policy in force; a clock that counts with a policy's takes them in place of its own.
    Nothing is written where nothing changed. Raises ClockNotOpen.
    """
    clock = Clock.objects.lock(clock.pk)
    rules.check_open(clock.state)
    before = clock.answers.last()
    assert before is not None
    held = question_from_json(clock.question)
    asked = question if question is not None else held
    if figures is not None and asked.figures.source != NO_POLICY:
        asked = replace(asked, figures=figures)
    if asked.kind.value != clock.kind:
        raise ClockError(f"This clock is of the kind {clock.kind}: start another for {asked.kind.value}.")
    known = with_holidays(asked)
    answer = work_out(known)
    added, gone = _new_holidays(before, known, answer), _gone_holidays(before, known)
    other_case = replace(asked, figures=held.figures) != held
    policies = (held.figures.source, asked.figures.source) if _by_policy(known, held.figures, answer) else None
    changed = rules.what_changed(
        before.answer, answer.as_json(), holidays=added, taken_back=gone, asked=other_case, policy=policies
    )
    if not changed:
        return before
    clock.question = question_as_json(asked)
    _show(clock, answer)
    clock.save(update_fields=["question", "acting_on", "acting_at"])
    kept = _keep(clock, asked, answer, changed)
    facts = ClockAnswered(
        owner=clock.owner,
        kind=answer.kind.value,
        before=_reading(before.answer["acting"]),
        acting=answer.acting,
        rule=answer.rule_version,
        calendar=answer.calendar,
        asked=other_case,
        policy_before=policies[0] if policies else None,
        policy=policies[1] if policies else None,
        holidays=tuple(day for day, _ in added),
        holidays_taken_back=tuple(gone),
    )
    log(log_actions.CLOCK_ANSWERED, clock, by=by, facts=facts)
    return kept


def mark_met(clock: Clock, *, by: User | None, now: datetime | None = None) -> Clock:
    """What was due was done."""
    return _end(clock, ClockState.MET, by, "", now)


def close_clock(clock: Clock, *, by: User | None, reason: str, now: datetime | None = None) -> Clock:
    """What was due fell away: withdrawn, merged, not for us. The reason is the logbook's."""
    if not reason.strip():
        raise ClockError("Say why this clock is closed without an answer.", field="reason")
    return _end(clock, ClockState.CLOSED, by, reason, now)


def add_holiday(
    day: date, *, nation: Nation, name: str, source: str, by: User
) -> tuple[ProclaimedHoliday, list[ClockAnswer]]:
    """A proclaimed holiday: kept, written down, and every open clock worked out again; it and the new answers.

    Raises NotYours for who does not keep the whole scheme's policy, ClockError for a day that is one already.
    """
    need(by, Act.MANAGE_POLICY, everywhere=True)
    if not name.strip():
        raise ClockError("Say what the holiday is for.", field="name")
    if not source.strip():
        raise ClockError("Say where its proclamation was read.", field="source")
    if (known := local_calendar(nation).why_not(day)) is not None:
        raise ClockError(f"{day_words(day)} is no working day already: {known}.", field="day")
    holiday = _add(ProclaimedHoliday(day=day, nation=nation.value, name=name.strip(), source=source.strip()), by)
    return holiday, recompute_open_clocks(by=by)


def take_back_holiday(
    holiday: ProclaimedHoliday, *, reason: str, by: User
) -> tuple[ProclaimedHoliday, list[ClockAnswer]]:
    """A holiday added by mistake, or called off: kept as such, and every open clock worked out again.

    Raises NotYours, ClockError for one that was taken back already or without a reason.
    """
    need(by, Act.MANAGE_POLICY, everywhere=True)
    why = " ".join(reason.split())[:1000]
    if not why:
        raise ClockError("Say why the holiday is taken back.", field="reason")
    return _take_back(holiday, why, by), recompute_open_clocks(by=by)


def recompute_open_clocks(*, figures: Figures | None = None, by: User | None = None) -> list[ClockAnswer]:
    """Work every open clock out again, each in a transaction of its own; the answers that are new.

    `figures` are those of the policy in force, where it may have changed.

    A clock whose question this version cannot read is logged and left with the answer it has.
    """
    made = []
    for clock in Clock.objects.filter(state=ClockState.OPEN):
        latest = clock.answers.last()
        try:
            answer = answer_again(clock, figures=figures, by=by)
        except ClockError:
            _log.exception("the clock %s could not be worked out again and keeps its answer", clock.pk)
            continue
        if latest is None or answer.pk != latest.pk:
            made.append(answer)
    return made


@transaction.atomic
def _add(holiday: ProclaimedHoliday, by: User) -> ProclaimedHoliday:
    if ProclaimedHoliday.objects.filter(day=holiday.day, nation=holiday.nation, taken_back_at=None).exists():
        raise ClockError(f"{day_words(holiday.day)} is kept as a holiday already.", field="day")
    holiday.save()
    facts = HolidayAdded(holiday.day, holiday.nation, holiday.name, holiday.source)
    log(log_actions.HOLIDAY_ADDED, holiday, by=by, reason=holiday.name, facts=facts)
    return holiday


@transaction.atomic
def _take_back(holiday: ProclaimedHoliday, why: str, by: User) -> ProclaimedHoliday:
    held = ProclaimedHoliday.objects.lock(holiday.pk)
    if held.taken_back_at is not None:
        raise ClockError(f"{held.name} on {day_words(held.day)} was taken back already.")
    held.taken_back_at, held.taken_back_because = timezone.now(), why
    held.save(update_fields=["taken_back_at", "taken_back_because"])
    facts = HolidayTakenBack(held.day, held.nation, held.name)
    log(log_actions.HOLIDAY_TAKEN_BACK, held, by=by, reason=why, facts=facts)
    return held


@transaction.atomic
def _end(clock: Clock, state: ClockState, by: User | None, reason: str, now: datetime | None) -> Clock:
    clock = Clock.objects.lock(clock.pk)
    rules.check_move(clock.state, state)
    clock.state, clock.ended_at = state, now or timezone.now()
    clock.save(update_fields=["state", "ended_at"])
    action = log_actions.CLOCK_MET if state is ClockState.MET else log_actions.CLOCK_CLOSED
    latest = clock.answers.last()
    due = _reading(latest.answer["acting"]) if latest else None
    log(action, clock, by=by, reason=reason, facts=ClockEnded(clock.owner, clock.kind, due))
    return clock


def with_holidays(question: Question) -> Question:
    """The question with the proclaimed days that count for it."""
    days = {holiday.day for holiday in _proclaimed(question)}
    return replace(question, holidays=tuple(sorted(days | set(question.holidays))))


def _proclaimed(question: Question) -> Sequence[ProclaimedHoliday]:
    return [
        holiday
        for holiday in ProclaimedHoliday.objects.filter(taken_back_at=None)
        if rules.counts_for(question.kind, question.nation, Nation(holiday.nation))
    ]


def _by_policy(known: Question, before: Figures, answer: Answer) -> bool:
    """Whether it is the policy's figures that make an answer another than it would have been with those before."""
    if known.figures == before:
        return False
    try:
        return work_out(replace(known, figures=before)).as_json() != answer.as_json()
    except ClockError:
        return True


def _new_holidays(before: ClockAnswer, known: Question, answer: Answer) -> list[tuple[date, str]]:
    """The days up to the new date that the old answer did not know, with their names."""
    last = max((r for r in answer.readings.values() if r is not None and not isinstance(r, datetime)), default=date.min)
    names = {holiday.day: holiday.name for holiday in _proclaimed(known)}
    old = {date.fromisoformat(day) for day in before.question["holidays"]}
    return [(day, names.get(day, "")) for day in known.holidays if day not in old and day <= last]


def _gone_holidays(before: ClockAnswer, known: Question) -> list[date]:
    """The days up to the old date that the old answer counted and nobody counts now."""
    last = max((day[:10] for day in before.answer["readings"].values() if day), default="")
    old = [date.fromisoformat(one) for one in before.question["holidays"] if one <= last]
    return [day for day in old if day not in known.holidays]


def _keep(clock: Clock, question: Question, answer: Answer, changed: str) -> ClockAnswer:
    return ClockAnswer.objects.create(
        clock=clock,
        answer=answer.as_json(),
        question=question_as_json(with_holidays(question)),
        rule_version=answer.rule_version,
        calendar_version=answer.calendar,
        what_changed=changed,
    )


def _show(clock: Clock, answer: Answer) -> None:
    acting = answer.acting
    clock.acting_at = acting if isinstance(acting, datetime) else None
    clock.acting_on = acting if not isinstance(acting, datetime) else None


def _reading(text: str | None) -> date | datetime | None:
    """The day or the moment that an answer keeps as text."""
    if text is None:
        return None
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
