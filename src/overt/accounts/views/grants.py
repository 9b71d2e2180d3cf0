"""Giving a role and taking it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from overt.access import services
from overt.access.doors import need
from overt.access.models import Grant
from overt.access.queries import scope_of, scopes
from overt.access.rules import Act, Role, check_appointment
from overt.accounts import queries
from overt.accounts.forms import GrantForm, ReasonForm
from overt.accounts.requests import signed_in
from overt.shared.problems import told_on


def give(request: HttpRequest, person_id: UUID) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.GRANT_ROLE)
    person = queries.access_person(user, person_id)
    form = GrantForm(request.POST or None, granter=user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with told_on(form):
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
            messages.success(request, f"{person.full_name} has the role of {data['role'].replace('_', ' ')}.")
            return redirect("person", person.pk)
    context = {"person": person, "form": form}
    return render(request, "accounts/give_role.html", context, status=422 if form.errors else 200)


def withdraw(request: HttpRequest, person_id: UUID, grant_id: UUID) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.GRANT_ROLE)
    person = queries.access_person(user, person_id)
    grant = get_object_or_404(Grant, pk=grant_id, user=person)
    check_appointment(scopes(user, Act.GRANT_ROLE), scope_of(grant), to_self=person.pk == user.pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            services.withdraw_grant(grant, by=user, reason=form.cleaned_data["reason"])
            messages.success(request, f"{person.full_name} no longer has this role.")
            return redirect("person", person.pk)
    context = {
        "title": f"Withdraw the role of {grant.role.replace('_', ' ')}",
        "caption": person.full_name,
        "lead": "It ends at once. The grant itself stays on record.",
        "form": form,
        "button": "Withdraw role",
        "back": f"/people/{person.pk}/",
        "danger": True,
    }
    return render(request, "web/ask.html", context, status=422 if form.errors else 200)
