"""The first page after signing in: what this person needs next, and how the system stands for those who may see it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from overt.access.queries import grants_in_force
from overt.access.rules import Act, Role
from overt.accounts.requests import signed_in
from overt.web.context import acts_of
from overt.web.home import standing, tasks_for


def home(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    acts = acts_of(request)
    roles = [Role(role).value.replace("_", " ").capitalize() for role in {g.role for g in grants_in_force(user)}]
    context = {
        "tasks": tasks_for(user, acts),
        "standing": standing(user, timezone.now()) if Act.SEE_SYSTEM.value in acts else None,
        "roles": sorted(roles),
    }
    return render(request, "web/home.html", context)
