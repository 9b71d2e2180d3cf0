"""What is asked of a clock, checked; and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from overt.clocks.calendars import Nation
from overt.clocks.errors import ClockError
from overt.clocks.law import Kind
from overt.clocks.pauses import Clarification
from overt.clocks.words import LOCAL, day_words, moment_iso


@dataclass(frozen=True, slots=True)
class Figures:
    """The scheme's own lengths; None where its code is silent, and then the clock refuses."""

    source: str = "the scheme's code of practice"
    subject_access_target_days: int | None = 28
    complaint_ack_working_days: int | None = None
    complaint_answer_working_days: int | None = None
    retention_days: int | None = None
    evidence_master_retention_years: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One deadline asked for. A moment is aware; a date is local. `received` may be either."""

    kind: Kind
    received: date | datetime
    identity: date | None = None
    fee_asked: date | None = None
    fee: date | None = None
    clarifications: tuple[Clarification, ...] = ()
    extend: bool = False
    nation: Nation = Nation.ENGLAND_AND_WALES
    holidays: tuple[date, ...] = ()
    stage: int | None = None
    acknowledged: date | None = None
    escalated: date | None = None
    days: int | None = None
    years: int | None = None
    as_of: date | None = None
    figures: Figures = field(default_factory=Figures)

    def __post_init__(self) -> None:
        day = self.received_day
        for name, value in (
            ("identity", self.identity),
            ("the fee", self.fee),
            ("the acknowledgement", self.acknowledged),
        ):
            if value is not None and value < day:
                raise ClockError(f"{name} is dated {day_words(value)}, before the request of {day_words(day)}.")
        if self.escalated is not None and self.escalated < day:
            raise ClockError(f"It was escalated on {day_words(self.escalated)}, before it was received.")
        for one in self.clarifications:
            if one.asked < day:
                raise ClockError(f"Clarification was asked on {day_words(one.asked)}, before the request was received.")
        for name, number in (("--days", self.days), ("--years", self.years)):
            if number is not None and not 1 <= number <= 36500:
                raise ClockError(f"{name} {number}: expected a whole number from 1.")

    @property
    def received_day(self) -> date:
        """The local day of receipt: 23:30 UTC in summer is the next day here."""
        if isinstance(self.received, datetime):
            return self.received.astimezone(LOCAL).date()
        return self.received

    @property
    def moment(self) -> datetime:
        """Raises ClockError where only a day is known: hours cannot be counted from a day."""
        if isinstance(self.received, datetime):
            return self.received
        raise ClockError(
            f"{self.kind.value} counts hours: give the time with its offset, for example "
            f"{self.received.isoformat()}T09:00+00:00."
        )


Reading = date | datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Every reading of the rule, the one to act on, and how it was worked out, ready to be read aloud."""

    kind: Kind
    guidance: Reading
    literal: Reading
    internal: Reading
    extension_notice_by: date | None
    paused_days: int
    derivation: tuple[str, ...]
    source: str
    rule_version: str
    rule_from: date
    rule_until: date | None
    verified: bool
    calendar: str

    @property
    def acting(self) -> Reading:
        """The earliest reading; None while the clock stands still."""
        known = [reading for reading in (self.guidance, self.literal, self.internal) if reading is not None]
        return min(known, key=_order) if self.guidance is not None else None

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "readings": {
                "guidance": iso(self.guidance), "literal": iso(self.literal), "internal": iso(self.internal),
            },
            "acting": iso(self.acting),
            "extension_notice_by": iso(self.extension_notice_by),
            "paused_days": self.paused_days,
            "derivation": list(self.derivation),
            "source": self.source,
            "rule_in_force": {"from": iso(self.rule_from), "until": iso(self.rule_until)},
            "rule_version": self.rule_version,
            "calendar": self.calendar,
            "verified": self.verified,
        }  # fmt: skip


def iso(reading: Reading) -> str | None:
    if isinstance(reading, datetime):
        return moment_iso(reading)
    return reading.isoformat() if reading is not None else None


def _order(reading: date | datetime) -> str:
    return iso(reading) or ""
