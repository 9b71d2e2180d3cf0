"""What a clock answers: every reading of the rule, the one to act on, and the working, ready to be read aloud."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from overt.clocks.kinds import PROFILES, Kind
from overt.clocks.law import Rule
from overt.clocks.words import LOCAL, moment_iso

Reading = date | datetime | None
#: Which reading a policy may choose to act on.
ACT_ON = ("earliest", "guidance", "literal", "internal")
_VERBS = {"acknowledged": "Acknowledge by", "answered": "Answer by"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One deadline worked out. `rule_until` is the first day on which the rule no longer is law."""

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
    read: str = ""
    act_on: str = "earliest"
    #: The day from which the thing may be done at all (a licence's renewal).
    opens: date | None = None
    #: What is done by the date ("acknowledged"), where the kind's own words do not fit every stage of it.
    done: str = ""

    @property
    def act(self) -> str:
        """How the date is headed: "Answer by", "Delete at", "Ends at 23:59 on"."""
        return _VERBS[self.done] if self.done else PROFILES[self.kind].act

    @property
    def ends(self) -> str:
        """How the working closes: "it must be answered by"."""
        return f"it must be {self.done} by" if self.done else PROFILES[self.kind].ends

    @property
    def differ(self) -> bool:
        """Whether the readings lead to different dates."""
        return len({reading for reading in self.readings.values() if reading is not None}) > 1

    @property
    def readings(self) -> dict[str, Reading]:
        return {"guidance": self.guidance, "literal": self.literal, "internal": self.internal}

    @property
    def acting(self) -> Reading:
        """The reading the policy chose, where the rule has it; else the earliest; None while the clock stands still."""
        chosen = self.readings.get(self.act_on)
        if chosen is not None:
            return chosen
        known = [reading for reading in self.readings.values() if reading is not None]
        return min(known, key=_moment) if known else None

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "readings": {name: iso(reading) for name, reading in self.readings.items()},
            "acting": iso(self.acting),
            "act": self.act,
            "act_on": self.act_on,
            "extension_notice_by": iso(self.extension_notice_by),
            "paused_days": self.paused_days,
            "opens": iso(self.opens),
            "derivation": list(self.derivation),
            "source": self.source,
            "rule_in_force": {"from": iso(self.rule_from), "until": iso(self.rule_until)},
            "rule_version": self.rule_version,
            "calendar": self.calendar,
            "verified": self.verified,
            "read": self.read,
        }


def answer_of(
    rule: Rule, said: Iterable[str], guidance: Reading, literal: Reading, *, calendar: str, internal: Reading = None,
    notice: date | None = None, paused: int = 0, source: str = "", verified: bool | None = None,
    opens: date | None = None, done: str = "",
) -> Answer:  # fmt: skip
    """An answer under a rule; `source` and `verified` where they are not its own, and then not its `read` either."""
    return Answer(
        rule.kind, guidance, literal, internal, notice, paused, tuple(said), source or rule.source, rule.version,
        rule.starts, rule.until, rule.verified if verified is None else verified, calendar, "" if source else rule.read,
        opens=opens, done=done,
    )  # fmt: skip


def iso(reading: Reading) -> str | None:
    if isinstance(reading, datetime):
        return moment_iso(reading)
    return reading.isoformat() if reading is not None else None


def _moment(reading: date | datetime) -> datetime:
    """A day counts to its end."""
    if isinstance(reading, datetime):
        return reading
    return datetime.combine(reading, time(23, 59, 59), tzinfo=LOCAL)
