"""Every rule as effective-dated data: from when until when it was law, where it stands, whether it was read there.

`verified` is true where the figure was read in legislation, in the regulator's guidance or in a published code, and
false where it is widely known, or known from somebody's account of it, but was not read in its own text; a page marks
such a rule. `read` says what was read. See docs/design/clocks.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from overt.clocks.errors import NoSuchRoute, NotLawThen, UnknownKind
from overt.clocks.kinds import Body, Kind
from overt.clocks.words import day_words

__all__ = ["GONE", "RULES", "Body", "Gone", "Kind", "Rule", "kind_named", "rule_in_force"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule while it was law. `until` is the first day on which it no longer was; None while it is."""

    kind: Kind
    version: str
    starts: date
    until: date | None
    source: str
    verified: bool
    read: str = ""
    months: int = 0
    extended_months: int = 0
    days: int = 0
    working_days: int = 0
    extended_working_days: int = 0
    acknowledge_working_days: int = 0
    stage_two_working_days: int = 0
    hours: int = 0
    years: int = 0
    renewal_months: int = 0
    clarification_pauses: bool = False
    #: For which body; None for everybody.
    body: Body | None = None
    #: Before its first rule there was no such clock in law (and not merely none that is kept here).
    new_in_law: bool = False

    def in_force_on(self, day: date) -> bool:
        return self.starts <= day and (self.until is None or day < self.until)

    def is_for(self, body: Body) -> bool:
        return self.body is None or self.body is body


@dataclass(frozen=True, slots=True)
class Gone:
    """A way that the law closed to a body, from which day on, and the sentence that says so."""

    kind: Kind
    body: Body
    starts: date
    sentence: str


_UK_GDPR = date(2018, 5, 25)
_DUAA_TIME = date(2026, 2, 5)
_DUAA_COMPLAINTS = date(2026, 6, 19)
_FOIA = date(2005, 1, 1)
_RIPA = date(2000, 9, 25)
_MAGISTRATES = date(2012, 11, 1)
_HOUSING = date(2024, 4, 1)
_ALWAYS = date(2000, 1, 1)
_CODE = "the scheme's code of practice"

RULES: tuple[Rule, ...] = (
    Rule(
        Kind.SUBJECT_ACCESS, "2018", _UK_GDPR, _DUAA_TIME,
        "UK GDPR Arts 12(3) and 15 and DPA 2018 s.54, before their amendment in 2026", False,
        months=1, extended_months=3, clarification_pauses=True,
    ),
    Rule(
        Kind.SUBJECT_ACCESS, "2026", _DUAA_TIME, None,
        "UK GDPR Arts 12, 12A and 15; DPA 2018 ss. 45 and 54 as amended by the Data (Use and Access) Act 2025 s.76",
        True, "DPA 2018 s.54(1) to (3D) as amended; the regulator's guidance on the right of access",
        months=1, extended_months=3, clarification_pauses=True,
    ),
    Rule(
        Kind.RIGHTS, "2018", _UK_GDPR, _DUAA_TIME, "UK GDPR Arts 12 and 16 to 21, before their amendment in 2026",
        False, months=1, extended_months=3,
    ),
    Rule(
        Kind.RIGHTS, "2026", _DUAA_TIME, None, "UK GDPR Arts 12, 12A and 16 to 21", False,
        months=1, extended_months=3,
    ),
    Rule(
        Kind.DP_COMPLAINT, "2026", _DUAA_COMPLAINTS, None, "DPA 2018 s.164A(3)", True,
        "the regulator's guidance on data-protection complaints", days=30, new_in_law=True,
    ),
    Rule(
        Kind.DP_COMPLAINT_OUTCOME, "2026", _DUAA_COMPLAINTS, None, "DPA 2018 s.164A(4) and (5)", True,
        "the regulator's guidance on data-protection complaints", new_in_law=True,
    ),
    Rule(Kind.SCHEME_COMPLAINT, "code", _ALWAYS, None, _CODE, True),
    Rule(
        Kind.HOUSING_COMPLAINT, "2024", _HOUSING, None,
        "Housing Ombudsman complaint handling code 2024, paras 6.2 to 6.4 and 6.11 to 6.15", False,
        acknowledge_working_days=5, working_days=10, stage_two_working_days=20,
    ),
    Rule(
        Kind.FOI, "2000", _FOIA, None, "FOIA 2000 ss. 1(3) and 10(1), (2) and (6)", True,
        "FOIA 2000 s.10(1) to (3) and (6); the regulator's line to take LTT47", working_days=20, new_in_law=True,
    ),
    Rule(
        Kind.EIR, "2004", _FOIA, None, "Environmental Information Regulations 2004 regs 5(2), 7 and 9", False,
        working_days=20, extended_working_days=40,
    ),
    Rule(Kind.BREACH, "2018", _UK_GDPR, None, "UK GDPR Art. 33; DPA 2018 s.67", False, hours=72),
    Rule(
        Kind.SURVEILLANCE_WRITTEN, "2000", _RIPA, None, "RIPA 2000 ss. 43(3)(c) and 45", True,
        "RIPA 2000 s.43 and its explanatory notes", months=3, body=Body.POLICE, new_in_law=True,
    ),
    Rule(
        Kind.SURVEILLANCE_WRITTEN, "2000-council", _RIPA, _MAGISTRATES, "RIPA 2000 ss. 43(3)(c) and 45", True,
        "RIPA 2000 s.43 and its explanatory notes", months=3, body=Body.COUNCIL, new_in_law=True,
    ),
    Rule(
        Kind.SURVEILLANCE_WRITTEN, "2012-council", _MAGISTRATES, None, "RIPA 2000 ss. 32A, 32B, 43(3)(c) and 45", True,
        "RIPA 2000 ss. 32A and 43", months=3, body=Body.COUNCIL,
    ),
    Rule(
        Kind.SURVEILLANCE_ORAL, "2000", _RIPA, None, "RIPA 2000 s.43(1)(a) and (3)(a)", True,
        "RIPA 2000 s.43(1) to (3)", hours=72, body=Body.POLICE, new_in_law=True,
    ),
    Rule(
        Kind.SURVEILLANCE_ORAL, "2000-council", _RIPA, _MAGISTRATES, "RIPA 2000 s.43(1)(a) and (3)(a)", True,
        "RIPA 2000 s.43(1) to (3)", hours=72, body=Body.COUNCIL, new_in_law=True,
    ),
    Rule(
        Kind.SURVEILLANCE_PRODUCT, "code", _ALWAYS, None, "the code of practice of Bassetlaw, 11.2", True,
        "BASS-11.2.l", years=5,
    ),
    Rule(Kind.RETENTION, "code", _ALWAYS, None, _CODE, True),
    Rule(Kind.EVIDENCE_MASTER, "code", _ALWAYS, None, _CODE, True),
    Rule(
        Kind.SIA_LICENCE, "sia", _ALWAYS, None, "Security Industry Authority: renewing a licence", False,
        years=3, renewal_months=4,
    ),
    Rule(Kind.DPIA_REVIEW, "code", _ALWAYS, None, "the codes of Hertfordshire and Progress", True, months=12),
    Rule(
        Kind.CODE_REVIEW, "code", _ALWAYS, None, "the codes of Hertfordshire, Bassetlaw and Sevenoaks", True,
        months=12,
    ),
    Rule(Kind.SELF_ASSESSMENT, "code", _ALWAYS, None, _CODE, False, months=12),
    Rule(
        Kind.ANNUAL_REVIEW, "code", _ALWAYS, None, "the codes of Hertfordshire, Bassetlaw, Sevenoaks and Progress",
        True, months=12,
    ),
    Rule(
        Kind.INSPECTION_VISIT, "code", _ALWAYS, None, "the code of practice of Hertfordshire, 22.4", True, "HERTS-22.4",
        months=1,
    ),
)  # fmt: skip

GONE: tuple[Gone, ...] = (
    Gone(
        Kind.SURVEILLANCE_ORAL, Body.COUNCIL, _MAGISTRATES,
        "A local authority has no urgent oral route: since Thu 1 Nov 2012 section 43(1A) of the Regulation of "
        "Investigatory Powers Act 2000 takes it away. Apply in writing and to the magistrate (surveillance-written "
        "--body council).",
    ),
)  # fmt: skip


def kind_named(name: str) -> Kind:
    """Raises UnknownKind, with the kinds there are."""
    try:
        return Kind(name)
    except ValueError:
        raise UnknownKind(
            f"There is no clock called {name}. There are: {', '.join(kind.value for kind in Kind)}."
        ) from None


def rule_in_force(
    kind: Kind, day: date, rules: Iterable[Rule] = RULES, *, body: Body = Body.POLICE, gone: Iterable[Gone] = GONE
) -> Rule:
    """The rule that was law on a day. Raises NoSuchRoute for a way closed to a body, else NotLawThen."""
    for closed in gone:
        if closed.kind is kind and closed.body is body and day >= closed.starts:
            raise NoSuchRoute(closed.sentence)
    known = [rule for rule in rules if rule.kind is kind and rule.is_for(body)]
    for rule in known:
        if rule.in_force_on(day):
            return rule
    first = min(known, key=lambda rule: rule.starts)
    if first.new_in_law:
        raise NotLawThen(
            f"On {day_words(day)} the law did not know {kind.value}: it begins on {day_words(first.starts)} "
            f"({first.source})."
        )
    raise NotLawThen(
        f"The rules kept here for {kind.value} begin on {day_words(first.starts)} ({first.source}); "
        f"look up by hand what held on {day_words(day)}."
    )
