"""Where a setting goes beyond a clause that it names itself: kept longer than the ceiling, done more seldom than asked.

The figures are the catalogue's. A code that fixes another figure by words of its own names those, or no clause; one
that says "60 days, by PROG-4.2.10" says what that clause forbids, and nobody can accept it as it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from overt.clauses.catalogue import catalogue
from overt.policy.rules.document import SchemePolicy
from overt.policy.rules.findings import Finding, Severity

#: The clauses whose figure is the most that a code under them may say, by setting.
AT_MOST = {
    "retention_days": ("HERTS-24.1", "BASS-1.6.1.c", "SEVEN-PIA.7", "SEVEN-PIA.8.a", "SEVEN-SC.6", "PROG-4.2.10"),
    "sar_response_days": ("BASS-8.9.b", "BASS-8.9.f"),
    "objection_response_days": ("BASS-8.11.c",),
    "complaint_ack_working_days": ("BASS-6.6.c",),
    "complaint_answer_working_days": ("BASS-6.6.e",),
    "policy_review_months": ("HERTS-9.3", "BASS-2.1.e", "SEVEN-SS.5", "PROG-7.1"),
    "dpia_review_months": ("HERTS-7.2", "PROG-4.2.2.b"),
    "annual_review_months": ("SEVEN-0.1", "PROG-4.2.30"),
    "system_review_months": ("PROG-4.2.28",),
    "independent_assessment_months": ("BASS-6.4.a",),
    "justification_review_months": ("BASS-6.4.d",),
    "external_inspection_months": ("SEVEN-SC.1.b",),
    "camera_location_review_months": ("SEVEN-OR.3.a",),
    "ups_service_months": ("SEVEN-OR.11.a",),
    "performance_indicator_interval_months": ("SEVEN-SS.3.a",),
    "public_statistics_interval_months": ("HERTS-16.3",),
    "owner_report_interval_months": ("HERTS-16.4",),
    "certification_validity_years": ("SEVEN-SC.10.a",),
}

#: The clauses whose figure is the least.
AT_LEAST = {
    "retention_days": ("HERTS-24.1",),  # a recording missing before its day is a gap
    "evidence_master_retention_years": ("BASS-1.6.3.c",),
    "ripa_material_retention_years": ("BASS-11.2.l",),
    "function_checks_per_day": ("BASS-6.2.2.f", "SEVEN-OR.10.a"),
    "inspection_visits_per_month_min": ("HERTS-22.4",),
    "monitored_hours_per_day": ("HERTS-1.3",),
    "monitored_days_per_year": ("SEVEN-SS.1.a",),
    "recording_fps": ("BASS-1.6.1.b",),
}

#: Clauses with a figure that limits nothing: what is printed, an example, or "wherever that is possible".
NO_LIMIT = ("HERTS-0.1", "BASS-7.4.b", "BASS-8.9.h", "BASS-C.4.1.3", "BASS-11.2.m")

#: A month is at least so many days: one is within thirty days, two are not.
_SHORTEST_MONTH = 28


def beyond(policy: SchemePolicy) -> Iterator[Finding]:
    """An error that cannot be accepted for each setting beyond a clause that it names.

    Source: PROG-4.2.10 (values above the ceiling are refused), BASS-1.6.1.c, BASS-1.6.3.c, HERTS-24.1.
    """
    for limits, words in ((AT_MOST, "at most"), (AT_LEAST, "at least")):
        for name, clauses in limits.items():
            term = policy.term(name)
            said = _in_days(term.value, term.unit) if name.endswith("_response_days") else term.value
            for clause in (one for one in clauses if one in term.clauses and isinstance(said, int)):
                figure = catalogue()[clause].parameter[name]
                if said > figure if words == "at most" else said < figure:
                    yield _finding(name, f"{term.value} {term.unit}".strip(), clause, f"{words} {figure}")


def _in_days(value: object, unit: str) -> object:
    return value * _SHORTEST_MONTH if isinstance(value, int) and unit == "months" else value


def _finding(name: str, said: str, clause: str, limit: str) -> Finding:
    return Finding(
        f"beyond-clause:{name}",
        Severity.ERROR,
        f"{name} is {said} by {clause}, which allows {limit}: {' '.join(catalogue()[clause].says.split())}",
        f"Keep to {limit}. Where your own code fixes another figure, name its clauses, or none, in place of {clause}.",
        (clause,), (name,), final=True,
    )  # fmt: skip
