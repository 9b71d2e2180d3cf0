"""People, for those who look after them: the list, a person's page, adding, resetting, leaving."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from overt.access.doors import need
from overt.access.lapsing import lapses
from overt.access.models import Grant
from overt.access.queries import grants_not_over, may, scope_of, scopes
from overt.access.rules import Act, may_appoint
from overt.access.terms import role_terms
from overt.accounts.models import User
from overt.accounts.requests import signed_in
from overt.people import queries, services
from overt.people.forms import PersonForm
from overt.shared.asking import Done, Question, ask, ask_on
from overt.shared.errors import Refused
from overt.shared.forms import ReasonForm

_A_PAGE = 50


def _is_over(grant: Grant) -> bool:
    """Whether a role lapsed for want of confirmation."""
    at = lapses(grant, role_terms().every)
    return at is not None and at <= timezone.now()


class NotForYou(Refused):
    """None of this person's roles looks after people."""

    code = "not-yours"


def people(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    _need_either(user)
    rows = queries.people_visible_to(user)
    words = request.GET.get("q", "").strip()[:80]
    if words:
        rows = rows.filter(Q(full_name__icontains=words) | Q(username__icontains=words))
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "q": words, "may_add": may(user, Act.MANAGE_PEOPLE)}
    context["may_confirm"] = may(user, Act.GRANT_ROLE)
    return render(request, "people/people.html", context)


def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    user = signed_in(request)
    _need_either(user)
    found = queries.access_person(user, person_id)
    own = scopes(user, Act.GRANT_ROLE)
    grants = [(grant, user.pk != found.pk and may_appoint(own, scope_of(grant))) for grant in grants_not_over(found)]
    context = {
        "person": found,
        "grants": grants,
        "now": timezone.now(),
        "lapsed": {grant.pk for grant, _ in grants if _is_over(grant)},
        "may_grant": bool(own) and user.pk != found.pk and found.is_active,
        "may_manage": queries.may_manage(user, found),
    }
    return render(request, "people/person.html", context)


def add_person(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.MANAGE_PEOPLE)

    def act(form: PersonForm) -> HttpResponse:
        made, token = services.add_person(form.cleaned_data["username"], form.cleaned_data["full_name"], by=user)
        return _show_link(request, made, token)

    return ask_on(request, PersonForm, act, "people/add_person.html")


def reset_password(request: HttpRequest, person_id: UUID) -> HttpResponse:
    lead = "A one-time link is made and shown once. Every session and API token of this person ends."
    return _with_reason(request, person_id, services.reset_password, "Reset the password of", lead, "Reset password")


def mark_left(request: HttpRequest, person_id: UUID) -> HttpResponse:
    lead = "The person can no longer sign in. What they did stays in the logbook under their name."
    return _with_reason(request, person_id, services.mark_left, "Close the account of", lead, "Close account")


def mark_returned(request: HttpRequest, person_id: UUID) -> HttpResponse:
    lead = "The person may sign in again, by a one-time link that is shown once."
    return _with_reason(request, person_id, services.mark_returned, "Reopen the account of", lead, "Reopen account")


def _with_reason(
    request: HttpRequest, person_id: UUID, act: Callable[..., str | None], title: str, lead: str, button: str
) -> HttpResponse:
    """One question, the reason; then the act, and the one-time link where it made one."""
    user = signed_in(request)
    need(user, Act.MANAGE_PEOPLE)
    found = queries.access_person(user, person_id)
    queries.check_may_manage(user, found)
    back = reverse("person", args=[found.pk])

    def do(form: ReasonForm) -> Done | HttpResponse:
        token = act(found, by=user, reason=form.cleaned_data["reason"])
        if token is not None:
            return _show_link(request, found, token)
        return Done(f"The account of {found.full_name} is closed.", back)

    question = Question(f"{title} {found.full_name}", button, lead, danger=act is not services.mark_returned)
    return ask(request, ReasonForm, do, question, back=back)


def _show_link(request: HttpRequest, person: User, token: str) -> HttpResponse:
    link = request.build_absolute_uri(reverse("choose-password", args=[person.pk, token]))
    response = render(request, "people/link_made.html", {"person": person, "link": link})
    response["Cache-Control"] = "no-store"
    return response


def _need_either(user: User) -> None:
    if not queries.people_scopes(user):
        raise NotForYou("None of your roles looks after people or gives roles.")
