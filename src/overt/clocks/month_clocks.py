"""One month to answer: subject access and the other rights of the person in the picture."""

from __future__ import annotations

from datetime import date, timedelta

from overt.clocks.answers import Answer, answer_of
from overt.clocks.calendars import Calendar, local_calendar
from overt.clocks.errors import ClockError
from overt.clocks.kinds import Kind
from overt.clocks.law import Rule
from overt.clocks.months import corresponding, last_day_beginning_with
from overt.clocks.pauses import Pause, in_time, inside, merge
from overt.clocks.questions import Question
from overt.clocks.words import day_words, plural


def work_out(question: Question, rule: Rule) -> Answer:
    """Guidance, literal and internal readings. Source: UK GDPR Arts 12 and 12A; DPA 2018 s.54; regulator's guidance."""
    where = rule.where
    start, said = _start(question, rule)
    pauses = _pauses(question, start, said)
    first = _Reading(start, rule.months, pauses, rule)
    notice = None if first.standing_still else first.notice
    extended, remark = _extension(question, rule, notice)
    reading = _Reading(start, rule.extended_months, pauses, rule) if extended else first
    calendar = local_calendar(question.nation, question.holidays)
    said += [*reading.said, *remark]
    verified = False if rule.pauses_by_guidance and reading.pauses else None
    paused = reading.paused_days
    if reading.standing_still:
        said += reading.left()
        return answer_of(rule, said, None, reading.literal, calendar=calendar.version, paused=paused, verified=verified)
    guidance = _guidance(reading, calendar, said)
    said.append(f"read literally, {plural(reading.months, 'month')} beginning with {day_words(start)}"
                f"{reading.without()} ends on {day_words_of(reading.literal)}, and does not roll "
                f"({where['literal']})")  # fmt: skip
    said += [*reading.said_literally, *([where["aside"]] if "aside" in where else [])]
    said.append(f"these are the latest days: the law asks for the answer without undue delay ({where['promptly']})")
    internal = _internal(question, start, reading.paused_days, extended, said)
    return answer_of(
        rule, said, guidance, reading.literal, calendar=calendar.version, internal=internal, notice=notice,
        paused=paused, verified=verified,
    )  # fmt: skip


class _Reading:
    """Where the corresponding date and the literal end fall, each moved by the pauses that were asked before it.

    A pause that only guidance knew leaves the literal end where it is, and moves the day for a notice.
    """

    def __init__(self, start: date, months: int, pauses: list[Pause], rule: Rule) -> None:
        self.start, self.months = start, months
        self.date, self.exists = corresponding(start, months)
        self.pauses, self.end, self.said = in_time(pauses, self.date, where=rule.where["pause"])
        self.paused_days = sum(pause.days for pause in self.pauses)
        self.standing_still = bool(self.pauses) and self.pauses[-1].last is None
        self.by_guidance = rule.pauses_by_guidance
        #: How many days the literal reading has left, where it stands still.
        self.literal_left = 0
        self.notice, self.said_literally = self._literally(pauses)
        self.literal = last_day_beginning_with(start, months) if self.by_guidance else self.notice

    def _literally(self, pauses: list[Pause]) -> tuple[date | None, list[str]]:
        """The literal end, None while it stands still: a question asked in time by the guidance may come too late."""
        kept, end, _ = in_time(pauses, last_day_beginning_with(self.start, self.months))
        if kept and kept[-1].last is None:
            self.literal_left = (end - kept[-1].first).days + 1
            return None, []
        if self.by_guidance:
            return end, []
        late = self.pauses[len(kept) :]
        return end, [f"read literally the clarification asked on {day_words(one.first)} came too late" for one in late]

    def without(self) -> str:
        counted = self.paused_days and not self.said_literally and not self.by_guidance
        return f", without {_those_days(self.paused_days)}," if counted else ""

    def left(self) -> list[str]:
        """What a clock that stands still has left, and the literal end where that reading does not stand still."""
        days = (self.end - self.pauses[-1].first).days + 1
        remain = plural(days, "day remains", "days remain")
        if self.literal:
            by_guidance = f"by the regulator's guidance there is no date yet: with the answer {remain} after it"
            return [by_guidance, *self.said_literally, f"read literally the time ends on {day_words(self.literal)}"]
        literal = plural(self.literal_left, "day remains", "days remain")
        more = f", and {days} by the regulator's guidance" if days != self.literal_left else ""
        return [f"there is no date yet: when the answer has come, {literal} after it as the law reads{more}"]


def _those_days(count: int) -> str:
    return "the day that does not count" if count == 1 else f"the {count} days that do not count"


def day_words_of(day: date | None) -> str:
    return day_words(day) if day else "no date yet"


def _start(question: Question, rule: Rule) -> tuple[date, list[str]]:
    start, said = question.received_day, [question.begun]
    for what, day in (("the identity evidence", question.identity), ("the fee", question.fee)):
        if day is not None and day > start:
            said.append(f"{what} came on {day_words(day)}: the clock starts then ({rule.where['start']})")
            start = day
        elif day is not None:
            said.append(f"{what} came on {day_words(day)}, which moves nothing")
    if question.fee_asked and question.fee is None:
        raise ClockError(
            "Give the day the fee was paid (--fee DATE); until then this clock has not started.", field="fee"
        )
    return start, said


def _pauses(question: Question, start: date, said: list[str]) -> list[Pause]:
    merged, joined = merge(question.clarifications)
    said += joined
    if question.identity is not None:
        _check_identity(question.identity, merged)
    kept, before = inside(merged, start)
    said += before
    return kept


def _check_identity(identity: date, pauses: list[Pause]) -> None:
    """A clarification pauses a clock that runs, and the clock runs only once the person is known.

    Evidence that comes after the answer, or with it, starts the clock afresh. Evidence that comes while the answer
    is awaited contradicts the order: the person says from when on the clarification counts. See docs/design/clocks.md.
    """
    for pause in pauses:
        if pause.first < identity and (pause.last is None or identity < pause.last):
            until = pause.last.isoformat() if pause.last else ""
            raise ClockError(
                f"The identity evidence came on {day_words(identity)}, after the clarification was asked on "
                f"{day_words(pause.first)} and before it was answered. The clock starts with the evidence, so a "
                f"clarification can pause it only from then on: give --clarify {identity.isoformat()}..{until}, or "
                "correct the dates.",
                field="identity",
            )


def _extension(question: Question, rule: Rule, notice: date | None) -> tuple[bool, list[str]]:
    """Whether the two further months count, and how that is said."""
    on = question.extended_on
    if not question.extend and on is None:
        return False, []
    if on is not None and notice is not None and on > notice:
        return False, [
            f"the notice of extension went out on {day_words(on)}, after {day_words(notice)}, when it had to: "
            f"nothing is extended ({rule.where['extension']})"
        ]
    more = plural(rule.extended_months - rule.months, "further month")
    if on is not None:
        went = f"the notice with its reasons went out in time, on {day_words(on)}"
        return True, [f"extended by {more}: {went} ({rule.where['extension']})"]
    if notice is None:
        return True, [f"extended by {more} ({rule.where['extension']})"]
    went = f"if the notice with its reasons went out by {day_words(notice)}"
    return True, [f"extended by {more}, {went} ({rule.where['extension']})"]


def _guidance(reading: _Reading, calendar: Calendar, said: list[str]) -> date:
    months, day = plural(reading.months, "month"), day_words(reading.date)
    if reading.exists:
        said.append(f"the corresponding date, {months} after {day_words(reading.start)}, is {day}")
    else:
        said.append(
            f"{months} after {day_words(reading.start)} there is no {reading.start.day} {reading.date:%B}: "
            f"the month's last day is {day}"
        )
    if reading.paused_days:
        said.append(f"moved on by {_those_days(reading.paused_days)}, to {day_words(reading.end)}")
    due, passed = calendar.roll(reading.end)
    said += passed
    said.append(f"by the regulator's guidance it is due on {day_words(due)}; calendar {calendar.name}")
    return due


def _internal(question: Question, start: date, paused: int, extended: bool, said: list[str]) -> date | None:
    days = question.days or question.figures.subject_access_target_days
    if days is None or question.kind is not Kind.SUBJECT_ACCESS:
        return None
    if extended:
        said.append(f"the scheme's own target of {plural(days, 'day')} no longer applies")
        return None
    target = start + timedelta(days=days + paused)
    said.append(f"the scheme's own target, {plural(days, 'day')} after the start, falls on {day_words(target)}")
    return target
