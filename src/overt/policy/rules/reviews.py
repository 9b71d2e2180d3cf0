"""When the code itself is due for review, and whether that day has passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from overt.clocks.months import corresponding
from overt.policy.rules.document import SchemePolicy, first_day
from overt.policy.rules.findings import Finding, Severity


def review_due(policy: SchemePolicy) -> date | None:
    """The last day for the next review: the printed one, else so many months after the day of issue; None if undated.

    A month without a day counts to its end. Source: HERTS-0.1, HERTS-9.3, BASS-2.1.e, SEVEN-SS.5, PROG-7.1.
    """
    if policy.review_due:
        return last_day(policy.review_due)
    months = policy.value("policy_review_months")
    issued = first_day(policy.issued)
    if issued is None or not isinstance(months, int):
        return None
    due, _ = corresponding(issued, months)
    return due if len(policy.issued) == 10 else last_day(due.isoformat()[:7])


def last_day(text: str) -> date:
    """The day of an ISO date, or the last day of an ISO month."""
    if len(text) == 10:
        return date.fromisoformat(text)
    first = date.fromisoformat(f"{text}-01")
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def overdue(policy: SchemePolicy, day: date) -> Iterator[Finding]:
    """An overdue review, or a document nobody can tell the age of."""
    term = policy.term("policy_review_months")
    due = review_due(policy)
    if due is None and isinstance(term.value, int):
        yield Finding(
            "review-undated",
            Severity.WARNING,
            f"The code is to be reviewed every {term.value} months, but bears no date: nobody can tell when.",
            "Date the document and name its next review.",
            term.clauses, ("policy_review_months",),
        )  # fmt: skip
    elif due is not None and due < day:
        yield Finding(
            "review-overdue",
            Severity.WARNING,
            f"The code's next review was due by {due:%-d %B %Y}.",
            "Review it, and give it a new date of issue and of review.",
            term.clauses, ("policy_review_months",),
        )  # fmt: skip
