"""Every rule as effective-dated data: from when until when it was law, where it stands, whether it was read there.

`verified` is true where the figure was read in legislation, in the regulator's guidance or in a published code, and
false where it is widely known, or known from somebody's account of it, but was not read in its own text; a page marks
such a rule. `read` says what was read. See docs/design/clocks.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from overt.clocks import cites
from overt.clocks.calendars import Nation
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
    #: The pause stood in the regulator's guidance and not in the text, so the literal reading does not know it.
    pauses_by_guidance: bool = False
    #: How long a fee may be awaited, from its notice.
    fee_months: int = 0
    fee_working_days: int = 0
    #: For which body; None for everybody.
    body: Body | None = None
    #: In which nation; None where no other rule of the kind is that nation's own.
    nation: Nation | None = None
    #: The sections to read out with the steps.
    where: cites.Cites = field(default_factory=dict, hash=False)
    #: Before its first rule there was no such clock in law (and not merely none that is kept here).
    new_in_law: bool = False

    def in_force_on(self, day: date) -> bool:
        return self.starts <= day and (self.until is None or day < self.until)

    def is_for(self, body: Body, nation: Nation) -> bool:
        return self.body in (None, body) and self.nation in (None, nation)


@dataclass(frozen=True, slots=True)
class Gone:
    """A way that the law closed to a body, from which day on, and the sentence that says so."""

    kind: Kind
    body: Body
    starts: date
    sentence: str
    #: Where it stays open.
    except_in: Nation | None = None


_UK_GDPR = date(2018, 5, 25)
_DUAA_TIME = date(2026, 2, 5)
_DUAA_COMPLAINTS = date(2026, 6, 19)
_FOIA = date(2005, 1, 1)
_RIPA = date(2000, 9, 25)
_RIPSA = date(2000, 9, 29)
_MAGISTRATES = date(2012, 11, 1)
_HOUSING = date(2024, 4, 1)
_SIA = date(2007, 2, 1)
_ALWAYS = date(2000, 1, 1)
_CODE = "the scheme's code of practice"

RULES: tuple[Rule, ...] = (
    Rule(
        Kind.SUBJECT_ACCESS, "2018", _UK_GDPR, _DUAA_TIME,
        "UK GDPR Arts 12(3) and 15 and DPA 2018 ss. 45 and 54, as they stood for a request received before 5 February "
        "2026", True, "DPA 2018 s.54 as enacted; Art. 12(3) as 2025 Act s.76(2) found it; SI 2026/82 reg. 4; of the "
        "guidance of that time only accounts",
        months=1, extended_months=3, clarification_pauses=True, pauses_by_guidance=True, where=cites.MONTH_2018,
    ),
    Rule(
        Kind.SUBJECT_ACCESS, "2026", _DUAA_TIME, None,
        "UK GDPR Arts 12, 12A and 15; DPA 2018 ss. 45 and 54 as amended by the Data (Use and Access) Act 2025 s.76",
        True, "DPA 2018 s.54 as amended; 2025 Act s.76; SI 2026/82 regs 2(h) and 4; the regulator's pages on the time "
        "limits", months=1, extended_months=3, clarification_pauses=True, where=cites.MONTH_2026,
    ),
    Rule(
        Kind.RIGHTS, "2018", _UK_GDPR, _DUAA_TIME,
        "UK GDPR Arts 12(3) and 16 to 21 and DPA 2018 ss. 46 to 48 and 54, as they stood for a request received before "
        "5 February 2026", True, "DPA 2018 s.54 as enacted; Art. 12(3) as 2025 Act s.76(2) found it; SI 2026/82 reg. 4",
        months=1, extended_months=3, where=cites.MONTH_2018,
    ),
    Rule(
        Kind.RIGHTS, "2026", _DUAA_TIME, None,
        "UK GDPR Arts 12(3), 12A and 16 to 21; DPA 2018 ss. 46 to 48 and 54 as amended", True,
        "Art. 12(3) as amended; 2025 Act s.76(3), which inserts Art. 12A; the regulator's page on the time limits",
        months=1, extended_months=3, where=cites.MONTH_2026,
    ),
    Rule(
        Kind.DP_COMPLAINT, "2026", _DUAA_COMPLAINTS, None, "DPA 2018 s.164A(3); SI 2026/82 reg. 7", True,
        "2025 Act s.103(2), which inserts s.164A; SI 2026/82 regs 3 and 7; the guidance on a government page",
        days=30, new_in_law=True,
    ),
    Rule(
        Kind.DP_COMPLAINT_OUTCOME, "2026", _DUAA_COMPLAINTS, None, "DPA 2018 s.164A(4) and (5); SI 2026/82 reg. 7",
        True, "2025 Act s.103(2), which inserts s.164A; SI 2026/82 regs 3 and 7", new_in_law=True,
    ),
    Rule(Kind.SCHEME_COMPLAINT, "code", _ALWAYS, None, _CODE, True),
    Rule(
        Kind.HOUSING_COMPLAINT, "2024", _HOUSING, None,
        "Housing Ombudsman complaint handling code 2024, paras 6.2 to 6.5 and 6.11 to 6.15", True,
        "the Ombudsman's page on the times of both stages; paras 6.2 to 6.5 and 6.11 as landlords reprint them; the 20 "
        "further days of stage two in landlords' accounts only",
        acknowledge_working_days=5, working_days=10, stage_two_working_days=20,
    ),
    Rule(
        Kind.FOI, "2000", _FOIA, None, "FOIA 2000 ss. 1(3), 9(2) and 10(1), (2) and (6)", True,
        "FOIA 2000 ss. 1, 9 and 10 as amended; the regulator's line to take LTT47", working_days=20,
        fee_months=3, new_in_law=True, where=cites.FOI,
    ),
    Rule(
        Kind.FOI, "2002-scotland", _FOIA, None,
        "Freedom of Information (Scotland) Act 2002 ss. 1(3), 9(3), 10(1) and (3) and 73", True,
        "the Act of 2002, ss. 9 and 10 as amended and s.73 as enacted", working_days=20, fee_months=3,
        nation=Nation.SCOTLAND, new_in_law=True, where=cites.FOI_SCOTLAND,
    ),
    Rule(
        Kind.EIR, "2004", _FOIA, None, "Environmental Information Regulations 2004 regs 5(2), 7, 8(4) to (6) and 9",
        True, "SI 2004/3391 regs 2(1) and 5 to 9 as made; the regulator's guidance on the time limits",
        working_days=20, extended_working_days=40, fee_working_days=60, where=cites.EIR,
    ),
    Rule(
        Kind.EIR, "2004-scotland", _FOIA, None, "Environmental Information (Scotland) Regulations 2004 regs 5(2) and 7",
        False, "the Scottish Information Commissioner's page on answering a request; the dates in decision 087/2019",
        working_days=20, extended_working_days=40, nation=Nation.SCOTLAND, where=cites.EIR_SCOTLAND,
    ),
    Rule(
        Kind.BREACH, "2018", _UK_GDPR, None, "UK GDPR Art. 33(1); DPA 2018 s.67(1)", True,
        "DPA 2018 s.67 as enacted; UK GDPR Art. 33 in reprints; the regulator's page on reporting a breach", hours=72,
    ),
    Rule(
        Kind.SURVEILLANCE_WRITTEN, "2000", _RIPA, None, "RIPA 2000 ss. 43(3)(c), 43(9) and 45", True,
        "RIPA 2000 ss. 43 and 45 as amended", months=3, body=Body.POLICE, new_in_law=True, where=cites.RIPA,
    ),
    Rule(
        Kind.SURVEILLANCE_WRITTEN, "2000-council", _RIPA, _MAGISTRATES, "RIPA 2000 ss. 43(3)(c), 43(9) and 45", True,
        "RIPA 2000 ss. 43 and 45 as they stood before 1 November 2012",
        months=3, body=Body.COUNCIL, new_in_law=True, where=cites.RIPA,
    ),
    Rule(
        Kind.SURVEILLANCE_WRITTEN, "2012-council", _MAGISTRATES, None,
        "RIPA 2000 ss. 32A(2), 32B, 43(3)(c), 43(9)(c) and 45", True,
        "RIPA 2000 ss. 32A, 43 and 45 as amended; the note on their start in SI 2012/2075",
        months=3, body=Body.COUNCIL, where=cites.RIPA_APPROVED,
    ),
    Rule(
        Kind.SURVEILLANCE_WRITTEN, "2000-scotland", _RIPSA, None,
        "Regulation of Investigatory Powers (Scotland) Act 2000 ss. 19(3)(c), 19(9) and 20", True,
        "the Act of 2000 (asp 11), ss. 19 and 20 as amended; not the order that brought it in", months=3,
        nation=Nation.SCOTLAND, new_in_law=True, where=cites.RIPSA,
    ),
    Rule(
        Kind.SURVEILLANCE_ORAL, "2000-scotland", _RIPSA, None,
        "Regulation of Investigatory Powers (Scotland) Act 2000 s.19(1)(a) and (3)(a)", True,
        "the Act of 2000 (asp 11), s.19 as amended; not the order that brought it in", hours=72,
        nation=Nation.SCOTLAND, new_in_law=True, where=cites.RIPSA,
    ),
    Rule(
        Kind.SURVEILLANCE_ORAL, "2000", _RIPA, None, "RIPA 2000 s.43(1)(a) and (3)(a)", True,
        "RIPA 2000 s.43 as amended", hours=72, body=Body.POLICE, new_in_law=True, where=cites.RIPA,
    ),
    Rule(
        Kind.SURVEILLANCE_ORAL, "2000-council", _RIPA, _MAGISTRATES, "RIPA 2000 s.43(1)(a) and (3)(a)", True,
        "RIPA 2000 s.43 as it stood before 1 November 2012",
        hours=72, body=Body.COUNCIL, new_in_law=True, where=cites.RIPA,
    ),
    Rule(
        Kind.SURVEILLANCE_PRODUCT, "code", _ALWAYS, None, "the code of practice of Bassetlaw, 11.2", True,
        "BASS-11.2.l", years=5,
    ),
    Rule(Kind.RETENTION, "code", _ALWAYS, None, _CODE, True),
    Rule(Kind.EVIDENCE_MASTER, "code", _ALWAYS, None, _CODE, True),
    Rule(
        Kind.SIA_LICENCE, "2007", _SIA, None,
        "Private Security Industry Act 2001 s.8(8); SI 2006/3411 art. 4(2) and (3)", True,
        "the notes on section 8; SI 2006/3411 arts 1 and 4; the Authority's words on renewing, as others repeat them",
        years=3, renewal_months=4,
    ),
    Rule(Kind.DPIA_REVIEW, "code", _ALWAYS, None, "the codes of Hertfordshire and Progress", True, months=12),
    Rule(
        Kind.CODE_REVIEW, "code", _ALWAYS, None, "the codes of Hertfordshire, Bassetlaw and Sevenoaks", True,
        months=12,
    ),
    Rule(
        Kind.SELF_ASSESSMENT, "code", _ALWAYS, None, "the product's own round of a year; no published code gives one",
        False, months=12,
    ),
    Rule(
        Kind.ANNUAL_REVIEW, "code", _ALWAYS, None, "the codes of Bassetlaw, Sevenoaks and Progress", True, months=12,
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
        "Investigatory Powers Act 2000 gives none where a magistrate has to approve. Apply in writing and to the "
        "magistrate (surveillance-written --body council).", except_in=Nation.SCOTLAND,
    ),
)  # fmt: skip


def kind_named(name: str) -> Kind:
    """Raises UnknownKind, with the kinds there are."""
    try:
        return Kind(name)
    except ValueError:
        raise UnknownKind(
            f"There is no clock called {name}. There are: {', '.join(kind.value for kind in Kind)}.", field="kind"
        ) from None


def rule_in_force(
    kind: Kind,
    day: date,
    rules: Iterable[Rule] = RULES,
    *,
    body: Body = Body.POLICE,
    nation: Nation = Nation.ENGLAND_AND_WALES,
    gone: Iterable[Gone] = GONE,
) -> Rule:
    """The rule that was law on a day, a nation's own before that of the others.

    Raises NoSuchRoute for a way closed to a body, else NotLawThen.
    """
    for closed in gone:
        shut = closed.kind is kind and closed.body is body and nation is not closed.except_in
        if shut and day >= closed.starts:
            raise NoSuchRoute(closed.sentence, field="body")
    known = [rule for rule in rules if rule.kind is kind and rule.is_for(body, nation)]
    known = [rule for rule in known if rule.nation is not None] or known
    for rule in known:
        if rule.in_force_on(day):
            return rule
    first = min(known, key=lambda rule: rule.starts)
    if first.new_in_law:
        raise NotLawThen(
            f"On {day_words(day)} the law did not know {kind.value}: it begins on {day_words(first.starts)} "
            f"({first.source}).",
            field="received",
        )
    raise NotLawThen(
        f"The rules kept here for {kind.value} begin on {day_words(first.starts)} ({first.source}); "
        f"look up by hand what held on {day_words(day)}.",
        field="received",
    )
