"""What is asked of a clock, checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from overt.clocks.answers import ACT_ON, Answer, Reading, iso
from overt.clocks.calendars import FIRST_YEAR, LAST_YEAR, Nation
from overt.clocks.errors import ClockError, FigureMissing
from overt.clocks.kinds import BY_THE_HOUR, OPTIONS, PROFILES, Body, Kind
from overt.clocks.pauses import Clarification
from overt.clocks.words import LOCAL, day_words, moment_words

__all__ = ["Answer", "Figures", "Question", "Reading", "iso"]

#: The source of figures that no policy gave.
NO_POLICY = "the scheme's code of practice"
#: The source of figures before the scheme's first policy: nobody's code.
NONE_IN_FORCE = "the product's own document, for no policy is in force"
#: Longer than any scheme keeps anything, short of where calendars end.
_MOST = {"days": 36500, "months": 1200, "years": 100}


@dataclass(frozen=True, slots=True)
class Figures:
    """The scheme's own lengths; None where its code is silent, and then the clock refuses.

    Where no policy was asked at all (`source` is the plain one), a rule that has a figure of its own uses it.
    """

    source: str = NO_POLICY
    subject_access_target_days: int | None = 28
    complaint_ack_working_days: int | None = None
    complaint_answer_working_days: int | None = None
    retention_days: int | None = None
    evidence_master_retention_years: int | None = None
    dp_complaint_outcome_days: int | None = None
    surveillance_product_retention_years: int | None = None
    dpia_review_months: int | None = None
    policy_review_months: int | None = None
    annual_review_months: int | None = None
    inspection_visits_per_month_min: int | None = None
    #: The reading the scheme acts on: "earliest", "guidance", "literal" or "internal".
    act_on: str = "earliest"
    #: The clauses that fix a figure, under the figure's name.
    clauses: Mapping[str, str] = field(default_factory=dict)

    def cited(self, name: str) -> str:
        """The policy, with the clauses that fix a figure in brackets: "... code of practice (BASS-8.9.f)"."""
        clauses = self.clauses.get(name)
        return f"{self.source} ({clauses})" if clauses else self.source

    def figure(self, name: str, own: int | None, what: str, *, unit: str) -> tuple[int, str]:
        """What the policy states, and where; without a policy the rule's own, if it has one, and no source.

        Silence raises FigureMissing: null refuses rather than allows.
        """
        stated: int | None = getattr(self, name)
        if stated is not None:
            return stated, self.cited(name)
        if self.source != NO_POLICY:
            raise FigureMissing(f"{self.source}: it does not say {what}; give --{unit}.", field=unit)
        if own is None:
            raise FigureMissing(f"The scheme's code does not say {what}. Give --policy or --{unit}.", field=unit)
        return own, ""

    def __post_init__(self) -> None:
        if self.act_on not in ACT_ON:
            raise ClockError(f"The policy acts on {self.act_on}: expected one of {', '.join(ACT_ON)}.")


@dataclass(frozen=True, slots=True)
class Question:
    """One deadline asked for. A moment is aware; a date is local. `received` may be either.

    `extended_on` is the day on which the notice of extension went out, where it is known; it implies `extend`.
    """

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
    extended_on: date | None = None
    months: int | None = None
    body: Body = Body.POLICE

    def __post_init__(self) -> None:
        self._check_options()
        self._check_range()
        self._check_order()
        for name, most in _MOST.items():
            number = getattr(self, name)
            if number is not None and not 1 <= number <= most:
                raise ClockError(f"{OPTIONS[name]} {number}: expected a whole number from 1 to {most}.", field=name)

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
            f"{self.received.isoformat()}T09:00+00:00.",
            field="received",
        )

    @property
    def begun(self) -> str:
        """How the first date is said; a time also says its local day, where its own offset says another."""
        begins = PROFILES[self.kind].begins
        if not isinstance(self.received, datetime):
            return f"{begins} {day_words(self.received)}"
        said = f"{begins} {moment_words(self.received)}"
        if self.kind not in BY_THE_HOUR and self.received.date() != self.received_day:
            said += f" (given as {self.received.date().isoformat()} {self.received:%H:%M %Z}; the local day counts)"
        return said

    def _check_options(self) -> None:
        takes = PROFILES[self.kind].takes
        given = {
            "identity": self.identity, "fee": self.fee or self.fee_asked, "clarifications": self.clarifications,
            "extend": self.extend or self.extended_on, "stage": self.stage, "acknowledged": self.acknowledged,
            "escalated": self.escalated, "days": self.days, "months": self.months, "years": self.years,
            "body": None if self.body is Body.POLICE else self.body,
        }  # fmt: skip
        for name, value in given.items():
            if value and name not in takes:
                raise ClockError(_NOT_TAKEN.get(name, "{option} says nothing to {kind}: leave it out.").format(
                    option=OPTIONS[name], kind=self.kind.value
                ), field=name)  # fmt: skip

    def _check_range(self) -> None:
        for name, day in self._days():
            if not FIRST_YEAR <= day.year < LAST_YEAR:
                raise ClockError(f"{day.isoformat()}: expected a day from {FIRST_YEAR} to {LAST_YEAR - 1}.", field=name)

    def _days(self) -> Iterator[tuple[str, date]]:
        yield "received", self.received if not isinstance(self.received, datetime) else self.received.date()
        for name in ("identity", "fee_asked", "fee", "acknowledged", "escalated", "extended_on", "as_of"):
            if (day := getattr(self, name)) is not None:
                yield name, day
        yield from (("holidays", day) for day in self.holidays)
        for one in self.clarifications:
            yield "asked", one.asked
            yield "answered", one.answered or one.asked

    def _check_order(self) -> None:
        first = self.received_day
        for name, what in _DATED.items():
            day = getattr(self, name)
            if day is not None and day < first:
                raise ClockError(
                    f"{what} dated {day_words(day)}, before the request of {day_words(first)}.", field=name
                )
        if self.escalated is not None and self.escalated < first:
            raise ClockError(
                f"It was escalated on {day_words(self.escalated)}, before it was received.", field="escalated"
            )
        for one in self.clarifications:
            if one.asked < first:
                raise ClockError(
                    f"Clarification was asked on {day_words(one.asked)}, before the request was received.",
                    field="asked",
                )


#: What comes after the request, and how each begins a sentence.
_DATED = {
    "identity": "The identity evidence is",
    "fee_asked": "The fees notice is",
    "fee": "The fee is",
    "acknowledged": "The acknowledgement is",
    "extended_on": "The notice of extension is",
}


_NOT_TAKEN = {
    "extend": "{kind} has no extension to a fixed day: leave {option} out.",
    "clarifications": "{kind} is not paused by a clarification: only subject access is paused by one, and a request "
    "for information begins afresh with its answer. Leave {option} out.",
    "identity": "{kind} does not wait for identity evidence: leave {option} out.",
    "fee": "{kind} does not wait for a fee: leave {option} out.",
}
