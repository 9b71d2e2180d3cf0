"""Works a deadline out: which rule was law, every reading of it, the date to act on, and the working in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from overt.clocks import day_clocks, fixed_clocks, month_clocks
from overt.clocks.law import Kind, Rule, rule_in_force
from overt.clocks.questions import Answer, Question
from overt.clocks.words import day_words, moment_words

_WORKERS: dict[Kind, Callable[[Question, Rule], Answer]] = {
    Kind.SUBJECT_ACCESS: month_clocks.work_out,
    Kind.RIGHTS: month_clocks.work_out,
    Kind.DP_COMPLAINT: day_clocks.dp_complaint,
    Kind.SCHEME_COMPLAINT: day_clocks.scheme_complaint,
    Kind.HOUSING_COMPLAINT: day_clocks.housing_complaint,
    Kind.FOI: day_clocks.information_request,
    Kind.EIR: day_clocks.information_request,
    Kind.BREACH: fixed_clocks.elapsed_hours,
    Kind.SURVEILLANCE_WRITTEN: fixed_clocks.surveillance_written,
    Kind.SURVEILLANCE_ORAL: fixed_clocks.elapsed_hours,
    Kind.RETENTION: fixed_clocks.retention,
    Kind.EVIDENCE_MASTER: fixed_clocks.evidence_master,
}


def work_out(question: Question) -> Answer:
    """The answer to a question. Pure: the same question has the same answer, with the same version of the calendar.

    The law is that of `as_of`, else of the day it was received. Raises ClockError and its kin.
    """
    rule = rule_in_force(question.kind, question.as_of or question.received_day)
    answer = _WORKERS[question.kind](question, rule)
    if answer.acting is None:
        return answer
    acting = moment_words(answer.acting) if isinstance(answer.acting, datetime) else day_words(answer.acting)
    return replace(
        answer, derivation=(*answer.derivation, f"so the date to act on, the earliest of these, is {acting}")
    )
