"""Every rule as effective-dated data: from which day until which it was law, where it stands, whether we read it there.

`verified` is true where the figure was read in legislation, in the regulator's guidance or in the published code, and
false where it is widely known but was not read again; a page marks such a rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from overt.clocks.errors import NotLawThen, UnknownKind
from overt.clocks.words import day_words


class Kind(StrEnum):
    SUBJECT_ACCESS = "subject-access"
    RIGHTS = "rights"
    DP_COMPLAINT = "dp-complaint"
    SCHEME_COMPLAINT = "scheme-complaint"
    HOUSING_COMPLAINT = "housing-complaint"
    FOI = "foi"
    EIR = "eir"
    BREACH = "breach"
    SURVEILLANCE_WRITTEN = "surveillance-written"
    SURVEILLANCE_ORAL = "surveillance-oral"
    RETENTION = "retention"
    EVIDENCE_MASTER = "evidence-master"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule while it was law. `until` is the first day on which it no longer was; None while it is."""

    kind: Kind
    version: str
    starts: date
    until: date | None
    source: str
    verified: bool
    months: int = 0
    extended_months: int = 0
    days: int = 0
    working_days: int = 0
    extended_working_days: int = 0
    hours: int = 0
    clarification_pauses: bool = False

    def in_force_on(self, day: date) -> bool:
        return self.starts <= day and (self.until is None or day < self.until)


_UK_GDPR = date(2018, 5, 25)
_DUAA_SAR = date(2026, 2, 5)
_DUAA_COMPLAINTS = date(2026, 6, 19)
_FOIA = date(2005, 1, 1)
_RIPA = date(2000, 9, 25)
_ALWAYS = date(2000, 1, 1)

RULES: tuple[Rule, ...] = (
    Rule(
        Kind.SUBJECT_ACCESS, "2018", _UK_GDPR, _DUAA_SAR,
        "UK GDPR Art. 12(3) and 15; DPA 2018 s.54 before its amendment", False,
        months=1, extended_months=3, clarification_pauses=True,
    ),
    Rule(
        Kind.SUBJECT_ACCESS, "2026", _DUAA_SAR, None,
        "UK GDPR Art. 15; DPA 2018 s.45 and s.54 as amended by the Data (Use and Access) Act 2025 s.76", True,
        months=1, extended_months=3, clarification_pauses=True,
    ),
    Rule(
        Kind.RIGHTS, "2018", _UK_GDPR, None, "UK GDPR Arts 12 and 16 to 21", False, months=1, extended_months=3,
    ),
    Rule(Kind.DP_COMPLAINT, "2026", _DUAA_COMPLAINTS, None, "DPA 2018 s.164A(3)", True, days=30),
    Rule(Kind.SCHEME_COMPLAINT, "code", _ALWAYS, None, "the scheme's code of practice", True),
    Rule(
        Kind.HOUSING_COMPLAINT, "2024", date(2024, 4, 1), None, "Housing Ombudsman complaint handling code 2024", False,
    ),
    Rule(Kind.FOI, "2000", _FOIA, None, "FOIA 2000 s.10(1), (2) and (6)", True, working_days=20),
    Rule(
        Kind.EIR, "2004", _FOIA, None, "Environmental Information Regulations 2004 regs 5(2) and 7(1)", False,
        working_days=20, extended_working_days=40,
    ),
    Rule(Kind.BREACH, "2018", _UK_GDPR, None, "UK GDPR Art. 33; DPA 2018 s.67", False, hours=72),
    Rule(Kind.SURVEILLANCE_WRITTEN, "2000", _RIPA, None, "RIPA 2000 s.43(3)(c)", True, months=3),
    Rule(Kind.SURVEILLANCE_ORAL, "2000", _RIPA, None, "RIPA 2000 s.43(3)(a) and (1A)", True, hours=72),
    Rule(Kind.RETENTION, "code", _ALWAYS, None, "the scheme's code of practice", True),
    Rule(Kind.EVIDENCE_MASTER, "code", _ALWAYS, None, "the scheme's code of practice", True),
)  # fmt: skip


def kind_named(name: str) -> Kind:
    """Raises UnknownKind, with the kinds there are."""
    try:
        return Kind(name)
    except ValueError:
        raise UnknownKind(
            f"There is no clock called {name}. There are: {', '.join(kind.value for kind in Kind)}."
        ) from None


def rule_in_force(kind: Kind, day: date, rules: Iterable[Rule] = RULES) -> Rule:
    """The rule that was law on a day. Raises NotLawThen with the day from which it was."""
    known = [rule for rule in rules if rule.kind is kind]
    for rule in known:
        if rule.in_force_on(day):
            return rule
    first = min(rule.starts for rule in known)
    raise NotLawThen(
        f"On {day_words(day)} the law did not know {kind.value}: it begins on {day_words(first)} ({known[0].source})."
    )
