"""Works a deadline out: which rule was law, every reading of it, the date to act on, and the working in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from overt.clocks import day_clocks, fixed_clocks, information_clocks, month_clocks, review_clocks
from overt.clocks.answers import Answer
from overt.clocks.kinds import Kind
from overt.clocks.law import Rule, rule_in_force
from overt.clocks.questions import Question
from overt.clocks.words import day_words, moment_words

_WORKERS: dict[Kind, Callable[[Question, Rule], Answer]] = {
    Kind.SUBJECT_ACCESS: month_clocks.work_out,
    Kind.RIGHTS: month_clocks.work_out,
    Kind.DP_COMPLAINT: day_clocks.dp_complaint,
    Kind.DP_COMPLAINT_OUTCOME: day_clocks.dp_complaint_outcome,
    Kind.SCHEME_COMPLAINT: day_clocks.scheme_complaint,
    Kind.HOUSING_COMPLAINT: day_clocks.housing_complaint,
    Kind.FOI: information_clocks.work_out,
    Kind.EIR: information_clocks.work_out,
    Kind.BREACH: fixed_clocks.elapsed_hours,
    Kind.SURVEILLANCE_WRITTEN: fixed_clocks.surveillance_written,
    Kind.SURVEILLANCE_ORAL: fixed_clocks.elapsed_hours,
    Kind.SURVEILLANCE_PRODUCT: fixed_clocks.surveillance_product,
    Kind.RETENTION: fixed_clocks.retention,
    Kind.EVIDENCE_MASTER: fixed_clocks.evidence_master,
    Kind.SIA_LICENCE: review_clocks.licence,
    Kind.DPIA_REVIEW: review_clocks.review,
    Kind.CODE_REVIEW: review_clocks.review,
    Kind.SELF_ASSESSMENT: review_clocks.review,
    Kind.ANNUAL_REVIEW: review_clocks.review,
    Kind.INSPECTION_VISIT: review_clocks.visit,
}
_CHOSEN = {"guidance": "the regulator's guidance", "literal": "the literal reading", "internal": "the scheme's target"}


def work_out(question: Question) -> Answer:
    """The answer to a question. Pure: the same question has the same answer, with the same version of the calendar.

    The law is that of `as_of`, else of the day it was received. Raises ClockError and its kin.
    """
    day = question.as_of or question.received_day
    rule = rule_in_force(question.kind, day, body=question.body, nation=question.nation)
    answer = replace(_WORKERS[question.kind](question, rule), act_on=question.figures.act_on)
    if answer.acting is None:
        return answer
    return replace(answer, derivation=(*answer.derivation, _last(answer, answer.acting)))


def _last(answer: Answer, acting: date | datetime) -> str:
    """The sentence that ends the working, and ends in the date it claims."""
    ends = answer.ends
    words = moment_words(acting) if isinstance(acting, datetime) else day_words(acting)
    if not answer.differ:
        return f"so {ends} {words}"
    if answer.readings.get(answer.act_on) is not None:
        return f"the scheme acts on {_CHOSEN[answer.act_on]}: {ends} {words}"
    return f"acting on the earliest of these, {ends} {words}"
