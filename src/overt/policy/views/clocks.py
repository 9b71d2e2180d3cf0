"""The clock calculator: a deadline with its working, for anybody in the scheme. Nothing is stored."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.clocks.engine import work_out
from overt.clocks.kinds import PROFILES
from overt.clocks.questions import Answer
from overt.clocks.words import day_words, moment_words
from overt.policy.clock_page import ClockForm, kind_words
from overt.policy.queries import policy_in_force
from overt.shared.problems import told_on

_READINGS = (
    ("guidance", "By the regulator's guidance"),
    ("literal", "Read literally"),
    ("internal", "The scheme's own target"),
)


def clock(request: HttpRequest) -> HttpResponse:
    """Asked by query, so that a deadline with its working can be sent on as an address."""
    need(signed_in(request), Act.READ_POLICY)
    policy = policy_in_force()
    asked = bool(request.GET)
    form = ClockForm(request.GET or None, initial={"nation": policy.nation})
    answer = None
    if asked and form.is_valid():
        with told_on(form):
            answer = work_out(form.question(policy))
    context = {"form": form, "policy": policy, **(_told(answer) if answer else {})}
    return render(request, "policy/clock.html", context, status=422 if form.errors else 200)


def _told(answer: Answer) -> dict[str, object]:
    readings = [(words, getattr(answer, name)) for name, words in _READINGS]
    return {
        "answer": answer,
        "what": kind_words(answer.kind.value),
        "act": PROFILES[answer.kind].act,
        "acting": _words(answer.acting),
        "readings": [{"key": words, "value": _words(value)} for words, value in readings if value is not None],
        "notice_by": _words(answer.extension_notice_by),
        "sentences": [f"{one[0].upper()}{one[1:]}." for one in answer.derivation],
    }


def _words(reading: date | datetime | None) -> str:
    if reading is None:
        return ""
    return moment_words(reading) if isinstance(reading, datetime) else day_words(reading)
