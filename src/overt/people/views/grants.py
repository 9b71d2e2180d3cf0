"""Giving a role and taking it back."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from overt.access import services
from overt.access.doors import need
from overt.access.models import Grant
from overt.access.queries import scope_of, scopes
from overt.access.rules import Act, Role, check_appointment
from overt.accounts.requests import signed_in
from overt.people import queries
from overt.people.forms import GrantForm
from overt.shared.asking import Done, Question, ask, ask_on
from overt.shared.forms import ReasonForm


def give(request: HttpRequest, person_id: UUID) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.GRANT_ROLE)
    person = queries.access_person(user, person_id)

    def act(form: GrantForm) -> Done:
        data = form.cleaned_data
        services.grant_role(
            person,
            Role(data["role"]),
            by=user,
            reason=data["reason"],
            partner=data["partner"],
            group=data["group"],
            starts_at=form.starts_at(),
            ends_at=form.ends_at(),
        )
        words = f"{person.full_name} has the role of {data['role'].replace('_', ' ')}."
        return Done(words, reverse("person", args=[person.pk]))

    made = partial(GrantForm, granter=user)
    return ask_on(request, made, act, "people/give_role.html", lambda form: {"person": person})


def withdraw(request: HttpRequest, person_id: UUID, grant_id: UUID) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.GRANT_ROLE)
    person = queries.access_person(user, person_id)
    grant = get_object_or_404(Grant, pk=grant_id, user=person)
    check_appointment(scopes(user, Act.GRANT_ROLE), scope_of(grant), to_self=person.pk == user.pk)
    back = reverse("person", args=[person.pk])

    def act(form: ReasonForm) -> Done:
        services.withdraw_grant(grant, by=user, reason=form.cleaned_data["reason"])
        return Done(f"{person.full_name} no longer has this role.", back)

    question = Question(
        title=f"Withdraw the role of {grant.role.replace('_', ' ')}",
        caption=person.full_name,
        lead="It ends at once. The grant itself stays on record.",
        button="Withdraw role",
        danger=True,
    )
    return ask(request, ReasonForm, act, question, back=back)
