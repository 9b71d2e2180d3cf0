"""Breaches: the list, one with its answer, and reporting one."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from overt.access.doors import need
from overt.access.queries import may
from overt.access.rules import Act
from overt.accounts.models import User
from overt.people.queries import access_person, may_manage, people_visible_to
from overt.accounts.requests import signed_in
from overt.logbook import breaches
from overt.logbook.errors import BadBreach
from overt.logbook.log_actions import BREACHES_LISTED, BreachesListed
from overt.logbook.models import CodeBreach
from overt.logbook.recording import log
from overt.shared.asking import Done, ask_on
from overt.shared.forms import DayField, PlainForm
from overt.shared.local_times import moments_of, skipped_words

PAGE = 50


class ReportForm(PlainForm):
    words = forms.CharField(
        label="What happened?",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What broke the code, a procedure or the safety of data, or may have. Plain facts, as far as known.",
    )
    day = DayField(label="Day it was noticed")
    time = forms.TimeField(
        label="Time it was noticed", help_text="On the clock that day.", widget=forms.TimeInput(attrs={"type": "time"})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("day") and data.get("time"):
            local, zone = datetime.combine(data["day"], data["time"]), ZoneInfo(settings.TIME_ZONE)
            found = moments_of(local, zone)
            if found:  # of an hour that comes twice the first: a breach is reported too early rather than too late
                data["detected_at"] = found[0].astimezone(zone)
            else:
                self.add_error("time", skipped_words(local, zone))
        return data


class AnswerForm(PlainForm):
    words = forms.CharField(
        label="What was found out, and what is done about it?",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="It is written in the logbook with your name, and stays with the breach.",
    )


class OutcomeForm(AnswerForm):
    """For a breach of the code by somebody."""

    outcome = forms.ChoiceField(label="What came of it?", choices=CodeBreach.Outcome.choices, widget=forms.RadioSelect)
    reference = forms.CharField(
        label="Reference", max_length=80, required=False, help_text="Of the proceedings, where there are any."
    )


def breach_list(request: HttpRequest) -> HttpResponse:
    """Those this person may read, newest first."""
    user = signed_in(request)
    need(user, Act.SEE_CAMERA)
    page = Paginator(breaches.breaches_visible_to(user), PAGE).get_page(request.GET.get("page"))
    with transaction.atomic():
        log(BREACHES_LISTED, by=user, facts=BreachesListed(page.number))
    return render(request, "logbook/breaches.html", {"page": page})


def report(request: HttpRequest) -> HttpResponse:
    """Anybody with a role reports; whoever must answer is told at once."""
    user = signed_in(request)
    need(user, Act.SEE_CAMERA)
    now = timezone.localtime()

    def act(form: ReportForm) -> Done:
        made = breaches.report_breach(user, form.cleaned_data["words"], form.cleaned_data["detected_at"])
        return Done("Reported. Those who must answer see it on their first page and on the wall.", made)

    made = partial(ReportForm, initial={"day": now.date().isoformat(), "time": now.strftime("%H:%M")})
    return ask_on(request, made, act, "logbook/report_breach.html")


def breach(request: HttpRequest, number: int) -> HttpResponse:
    """One breach; whoever may answers it here."""
    user = signed_in(request)
    found = breaches.access_breach(user, number)
    if request.method == "POST":
        need(user, Act.ANSWER_BREACH)

    def act(form: AnswerForm | OutcomeForm) -> Done:
        breaches.answer_breach(found, by=user, **form.cleaned_data)
        return Done("Answered.", found)

    def context(form: AnswerForm | OutcomeForm) -> dict[str, Any]:
        may_answer = found.answered_at is None and may(user, Act.ANSWER_BREACH)
        late = found.delay >= timedelta(minutes=1)
        return {"breach": found, "late": late, "may_answer": may_answer, "people": _to_suspend(user, found)}

    made = OutcomeForm if found.kind == CodeBreach.Kind.REPORTED else AnswerForm
    return ask_on(request, made, act, "logbook/breach.html", context)


def suspend(request: HttpRequest, number: int) -> HttpResponse:
    """Close the account of whom the breach concerns, now. Who answers breaches need not look after people."""
    user = signed_in(request)
    need(user, Act.MANAGE_PEOPLE)
    found = breaches.access_breach(user, number)
    person = access_person(user, _key(request.POST.get("person", "")))
    breaches.suspend_for(found, person, by=user)
    messages.success(request, f"{person.full_name} can open nothing any more.")
    return redirect(found)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadBreach("Choose whose access is suspended.") from None


def _to_suspend(user: User, found: CodeBreach) -> list[User]:
    """Whom this person may suspend for a breach; nobody for one that the system found."""
    if found.kind != CodeBreach.Kind.REPORTED or not may(user, Act.ANSWER_BREACH):
        return []
    return [person for person in people_visible_to(user).filter(is_active=True) if may_manage(user, person)]
