"""Breaches: the list, one with its answer, and reporting one."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

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
from overt.accounts.requests import signed_in
from overt.breaches import services
from overt.breaches.errors import BadBreach
from overt.breaches.forms import AnswerForm, OutcomeForm, ReportForm
from overt.breaches.log_actions import BREACHES_LISTED, BreachesListed
from overt.breaches.models import CodeBreach
from overt.breaches.queries import access_breach, breaches_visible_to
from overt.logbook.recording import log
from overt.people.queries import access_person, may_manage, people_visible_to
from overt.shared.asking import Done, ask_on

PAGE = 50


def breach_list(request: HttpRequest) -> HttpResponse:
    """Those this person may read, newest first."""
    user = signed_in(request)
    need(user, Act.SEE_CAMERA)
    page = Paginator(breaches_visible_to(user), PAGE).get_page(request.GET.get("page"))
    with transaction.atomic():
        log(BREACHES_LISTED, by=user, facts=BreachesListed(page.number))
    return render(request, "breaches/breaches.html", {"page": page})


def report(request: HttpRequest) -> HttpResponse:
    """Anybody with a role reports; whoever must answer is told at once."""
    user = signed_in(request)
    need(user, Act.SEE_CAMERA)
    now = timezone.localtime()

    def act(form: ReportForm) -> Done:
        made = services.report_breach(user, form.cleaned_data["words"], form.cleaned_data["detected_at"])
        return Done("Reported. Those who must answer see it on their first page and on the wall.", made)

    made = partial(ReportForm, initial={"day": now.date().isoformat(), "time": now.strftime("%H:%M")})
    return ask_on(request, made, act, "breaches/report_breach.html")


def breach(request: HttpRequest, number: int) -> HttpResponse:
    """One breach; whoever may answers it here."""
    user = signed_in(request)
    found = access_breach(user, number)
    if request.method == "POST":
        need(user, Act.ANSWER_BREACH)

    def act(form: AnswerForm | OutcomeForm) -> Done:
        services.answer_breach(found, by=user, **form.cleaned_data)
        return Done("Answered.", found)

    def context(form: AnswerForm | OutcomeForm) -> dict[str, Any]:
        may_answer = found.answered_at is None and may(user, Act.ANSWER_BREACH)
        late = found.delay >= timedelta(minutes=1)
        return {"breach": found, "late": late, "may_answer": may_answer, "people": _to_suspend(user, found)}

    made = OutcomeForm if found.kind == CodeBreach.Kind.REPORTED else AnswerForm
    return ask_on(request, made, act, "breaches/breach.html", context)


def suspend(request: HttpRequest, number: int) -> HttpResponse:
    """Close the account of whom the breach concerns, now. Who answers breaches need not look after people."""
    user = signed_in(request)
    need(user, Act.MANAGE_PEOPLE)
    found = access_breach(user, number)
    person = access_person(user, _key(request.POST.get("person", "")))
    services.suspend_for(found, person, by=user)
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
