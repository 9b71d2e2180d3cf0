"""Where a code is behind or against the law of a day. Each rule names its source and the fix."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from overt.policy.rules.document import SchemePolicy
from overt.policy.rules.findings import Finding, Severity
from overt.policy.rules.laws import (
    BY_KEY,
    CERTIFICATION_CLOSED,
    COMPLAINTS_ROUTE_FROM,
    MAGISTRATE_FROM,
    NCA_FROM,
    ONE_MONTH_FROM,
    POLICE_DAYS,
    POLICE_DAYS_FROM,
)

Rule = Callable[[SchemePolicy, date], Iterator[Finding]]
_SCOTLAND = "scotland"
#: The shortest month: a limit of more days can run past one month.
_SHORTEST_MONTH = 28
_FREE = ("subject_access_first_copy", "subject_access_redaction", "subject_access")


def unlawful(policy: SchemePolicy, day: date) -> Iterator[Finding]:
    """Every finding of this module, for the law of a day."""
    for rule in _RULES:
        yield from rule(policy, day)


def _response_times(policy: SchemePolicy, day: date) -> Iterator[Finding]:
    """One month, not so many days: received on 31 January, thirty days end after the month has."""
    for name, what, source in (
        ("sar_response_days", "subject access", "UK GDPR Arts 12(3), 12A and 15; DPA 2018 s.54"),
        ("objection_response_days", "an objection", "UK GDPR Arts 12(3), 12A and 21"),
    ):
        term = policy.term(name)
        if day < ONE_MONTH_FROM or not isinstance(term.value, int):
            continue
        too_long = term.value > (1 if term.unit == "months" else _SHORTEST_MONTH)
        if too_long:
            yield Finding(
                f"{'sar' if name.startswith('sar') else 'objection'}-limit-not-one-month",
                Severity.ERROR,
                f"The code gives {term.value} {term.unit} to answer {what}; the law gives one month, and a month can be"
                " shorter.",
                f"Say one month ({name}: value 1, unit months), or at most {_SHORTEST_MONTH} days.",
                term.clauses, (name,), source,
            )  # fmt: skip


def _spoken_requests(policy: SchemePolicy, day: date) -> Iterator[Finding]:
    channels, dealt = policy.term("sar_channels"), policy.term("sar_correspondence")
    if day < ONE_MONTH_FROM:
        return
    source = "UK GDPR Art. 12 and 15 ask for no form; regulator's guidance on the right of access"
    fix = "Take a request in any form (sar_channels: [written, spoken]); answers may still be written."
    if channels.value is not None and "spoken" not in policy.codes("sar_channels"):
        says = "Subject access can be asked for in writing only; the law asks for no form, and a spoken request counts."
        yield Finding("sar-written-only", Severity.ERROR, says, fix, channels.clauses, ("sar_channels",), source)
    elif channels.value is None and dealt.value == "written":
        says = (
            "Every subject access request is dealt with in writing and no other way is named; a spoken request counts."
        )
        where = ("sar_correspondence", "sar_channels")
        yield Finding("sar-written-only", Severity.ERROR, says, fix, dealt.clauses, where, source)


def _complaints_route(policy: SchemePolicy, day: date) -> Iterator[Finding]:
    term = policy.term("dp_complaint_route")
    if day >= COMPLAINTS_ROUTE_FROM and term.value is None:
        yield Finding(
            "no-dp-complaints-route",
            Severity.ERROR,
            "The document names no route of its own for a complaint about data protection. Since 19 June 2026 a"
            " controller has to help people make one (by an electronic form and by other means, for example),"
            " acknowledge it within 30 days, and tell the outcome without undue delay.",
            "Name the route (dp_complaint_route), with an electronic form and the 30 days.",
            term.clauses or policy.term("complaints_owner_role").clauses,
            ("dp_complaint_route",),
            "DPA 2018 s.164A(2) to (4), inserted by the Data (Use and Access) Act 2025 s.103; SI 2026/82 reg. 3",
        )


def _certification(policy: SchemePolicy, day: date) -> Iterator[Finding]:
    term = policy.term("certification_mark_shown")
    if day >= CERTIFICATION_CLOSED and term.value is True:
        yield Finding(
            "certification-mark-withdrawn",
            Severity.ERROR,
            "The document relies on the commissioner's certificate and the use of its mark. The scheme of certification"
            " closed on 19 November 2025; its certificates no longer hold, and its marks may no longer be shown.",
            "Take the mark off signs, pages and letters, and set certification_mark_shown to false.",
            term.clauses,
            ("certification_mark_shown", "certification_validity_years"),
            "closure of the surveillance camera commissioner's third-party certification scheme, 19 November 2025",
        )


def _council_surveillance(policy: SchemePolicy, day: date) -> Iterator[Finding]:
    intrusive = policy.term("intrusive_surveillance_council_rank")
    if intrusive.value is not None:
        yield Finding(
            "council-intrusive-surveillance",
            Severity.ERROR,
            "A council officer is said to authorise intrusive surveillance. No council can: only the Secretary of State"
            " and the senior authorising officers of police and other listed forces may.",
            "Delete the rank (intrusive_surveillance_council_rank: null) and refuse such a request.",
            intrusive.clauses, ("intrusive_surveillance_council_rank",), "RIPA 2000 s.32(1) and (6)",
        )  # fmt: skip
    if day < MAGISTRATE_FROM or policy.nation == _SCOTLAND:
        return  # a Scottish council acts under an Act of its own, which asks no sheriff and knows the urgent oral way
    directed = policy.term("directed_surveillance_council_rank")
    if directed.value is not None and policy.value("council_magistrate_approval") is not True:
        yield Finding(
            "council-surveillance-without-magistrate",
            Severity.ERROR,
            "A council's directed surveillance is authorised by its own officer alone. It takes no effect until a"
            " magistrate has approved it.",
            "Say that a magistrate's approval is needed (council_magistrate_approval: true).",
            directed.clauses, ("directed_surveillance_council_rank", "council_magistrate_approval"),
            "RIPA 2000 ss. 32A and 32B, in force 1 November 2012 (SI 2012/2075 art. 4(b))",
        )  # fmt: skip
    oral = policy.term("urgent_oral_bodies")
    if "council" in policy.codes("urgent_oral_bodies"):
        yield Finding(
            "council-urgent-oral",
            Severity.ERROR,
            "The council is given an urgent authorisation by word of mouth. For a local authority there is none.",
            "Leave only the police in urgent_oral_bodies.",
            oral.clauses, ("urgent_oral_bodies",), "RIPA 2000 s.43(1A)",
        )  # fmt: skip


def _first_copy_is_free(policy: SchemePolicy, day: date) -> Iterator[Finding]:
    term = policy.term("fees")
    charged = [row for row in policy.rows("fees") if row["kind"] in _FREE and row["charge"] != "free"]
    if day >= ONE_MONTH_FROM and charged:
        clauses = tuple(dict.fromkeys(str(c) for row in charged for c in _list(row.get("clauses"))))
        yield Finding(
            "subject-access-charged",
            Severity.ERROR,
            "A charge may be made for a person's first copy, or for hiding others in it. The first copy is free; only"
            " further copies and manifestly unfounded or excessive requests may be charged.",
            "Set the charge to free, and keep fees for further copies.",
            clauses or term.clauses, ("fees",), "UK GDPR Art. 12(5) and 15(3)",
        )  # fmt: skip


def _agency(policy: SchemePolicy, day: date) -> Iterator[Finding]:
    term = policy.term("nca_duty")
    if day >= NCA_FROM and term.value == "must_be_met":
        yield Finding(
            "nca-request-not-a-duty",
            Severity.WARNING,
            "The code says that the law obliges it to give the National Crime Agency what it asks for. Section 7 lets"
            " a person disclose to the agency and breaks no confidence by it; it obliges nobody.",
            "Say that such a request may be met (nca_duty: may_be_met), through the same intake as the others.",
            term.clauses, ("nca_duty",), "Crime and Courts Act 2013 s.7(1) and (8)",
        )  # fmt: skip


def _controller(policy: SchemePolicy, day: date) -> Iterator[Finding]:
    term = policy.term("data_controller")
    post = policy.post(str(term.value)) if term.value else None
    if post is not None and post.kind == "post":
        yield Finding(
            "controller-is-a-post",
            Severity.WARNING,
            f"{post.name} is named as data controller. The controller is the body that decides why and how, here the"
            " owner; a person who works for it is not a controller of its data.",
            "Name the body as controller and the post as the one answerable for it inside.",
            term.clauses, ("data_controller",), "UK GDPR Art. 4(7); regulator's guidance on controllers",
        )  # fmt: skip


def _police_days(policy: SchemePolicy, day: date) -> Iterator[Finding]:
    term = policy.term("retention_days")
    if day >= POLICE_DAYS_FROM and isinstance(term.value, int) and term.value < POLICE_DAYS:
        yield Finding(
            "retention-below-police-31",
            Severity.NOTE,
            f"Recordings live for {term.value} days; the police ask for {POLICE_DAYS}. This is lawful, but a request"
            " that comes late in the month will find nothing.",
            f"Keep {term.value} days if they were weighed, or move to {POLICE_DAYS}.",
            term.clauses, ("retention_days",), "UK Police Requirements for Digital CCTV Systems, Home Office 09/05",
        )  # fmt: skip


def _references(policy: SchemePolicy, day: date) -> Iterator[Finding]:
    """Laws, codes and bodies that no longer stand, or never did. Source: BASS-4.7.4, HERTS-9.3, PROG-7.1."""
    for row in policy.rows("legal_references"):
        law = BY_KEY.get(str(row["law"]))
        clauses = tuple(str(one) for one in _list(row.get("clauses")))
        if law is None:
            says = f"Whether “{row['cited_as']}” still stands is not known here: {row['law']} is in no list of laws."
            fix = f"Use one of {', '.join(BY_KEY)}, or watch it yourself."
            yield Finding(f"law-unknown:{row['law']}", Severity.NOTE, says, fix, clauses, ("legal_references",))
        elif law.stale_on(day):
            gone = law.never or f"has not stood since {law.until:%-d %B %Y}"
            doubt = "" if law.verified or law.never else " (date not read again)"
            yield Finding(
                f"stale-law:{law.key}",
                Severity.WARNING,
                f"The document cites “{row['cited_as']}”: {law.name} {gone}{doubt}.",
                f"{law.instead}.",
                clauses, ("legal_references",), law.source,
            )  # fmt: skip


def _list(raw: object) -> tuple[object, ...]:
    return raw if isinstance(raw, tuple) else ()


_RULES: tuple[Rule, ...] = (
    _response_times,
    _spoken_requests,
    _complaints_route,
    _certification,
    _council_surveillance,
    _first_copy_is_free,
    _agency,
    _controller,
    _references,
    _police_days,
)
