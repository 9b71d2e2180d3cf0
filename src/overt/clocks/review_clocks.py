"""What comes round again: licences, reviews of documents, and inspectors' visits. Calendar months, nothing rolls."""

from __future__ import annotations

from datetime import date, timedelta

from overt.clocks.answers import Answer, answer_of
from overt.clocks.day_clocks import by_hand
from overt.clocks.errors import FigureMissing
from overt.clocks.kinds import Kind
from overt.clocks.law import Rule
from overt.clocks.months import corresponding
from overt.clocks.questions import NO_POLICY, Question
from overt.clocks.words import day_words, plural

NO_CALENDAR = "none: every day counts"
#: The figure of each round that a policy may fix.
_ROUNDS = {
    Kind.DPIA_REVIEW: "dpia_review_months",
    Kind.CODE_REVIEW: "policy_review_months",
    Kind.ANNUAL_REVIEW: "annual_review_months",
}


def licence(question: Question, rule: Rule) -> Answer:
    """The register's expiry, and from when on renewal is open. Source: PSIA 2001 s.8(8); SI 2006/3411."""
    expires = question.received_day
    opens, _ = corresponding(expires, -rule.renewal_months)
    said = [
        f"by the public register it expires on {day_words(expires)}; a licence runs for {plural(rule.years, 'year')} "
        "(Private Security Industry Act 2001 s.8(8))",
        f"one that is asked for in its last {plural(rule.renewal_months, 'month')}, from {day_words(opens)}, is a "
        "renewal, and up to 3 months of what is left are added to the next (SI 2006/3411 art. 4)",
        "after its last day nobody does licensed work on it (s.3)",
    ]
    return answer_of(rule, said, expires, expires, calendar=NO_CALENDAR, opens=opens)


def review(question: Question, rule: Rule) -> Answer:
    """A year from the approval, unless the policy says otherwise (Progress reviews its policy every 36 months)."""
    months, source, verified = _months(question, rule)
    start = question.received_day
    due, exists = corresponding(start, months)
    said = [question.begun, f"{plural(months, 'month')} from then end on {day_words(due)}"]
    if not exists:
        said.append(f"there is no {start.day} {due:%B %Y}: the month's last day counts")
    if question.kind is not Kind.ANNUAL_REVIEW:
        said.append("a change in what it describes, or in the law, brings it forward")
    return answer_of(rule, said, due, due, calendar=NO_CALENDAR, source=source, verified=verified)


def visit(question: Question, rule: Rule) -> Answer:
    """Unannounced visits in each calendar month; a policy that does not say so has none due. Source: HERTS-22.4."""
    visits, source = _visits(question)
    last = question.received_day
    following, _ = corresponding(date(last.year, last.month, 1), rule.months + 1)
    due = following - timedelta(days=1)
    often = "at least once" if visits == 1 else f"{visits} times or more"
    said = [
        question.begun,
        f"inspectors come unannounced, {often} in each calendar month",
        f"the next month, {due:%B %Y}, ends on {day_words(due)}",
    ]
    return answer_of(rule, said, due, due, calendar=NO_CALENDAR, source=source)


def _visits(question: Question) -> tuple[int, str]:
    """How many in a month, and whose code says so. Raises FigureMissing where the policy asked does not."""
    figures = question.figures
    if figures.inspection_visits_per_month_min is not None:
        return figures.inspection_visits_per_month_min, figures.cited("inspection_visits_per_month_min")
    if figures.source != NO_POLICY:
        raise FigureMissing(f"{figures.source}: it does not say that inspectors come every month.", field="received")
    return 1, ""


def _months(question: Question, rule: Rule) -> tuple[int, str, bool | None]:
    """Given with the question, else the policy's, else the rule's own; no code gives one for the self-assessment."""
    figures = question.figures
    if question.months is not None or question.kind is Kind.SELF_ASSESSMENT:
        source, verified = by_hand(question.months, "")
        return question.months or rule.months, source, verified
    months, source = figures.figure(_ROUNDS[question.kind], rule.months, "how often it is reviewed", unit="months")
    return months, source, None
