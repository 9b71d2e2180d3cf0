"""The page on which the first person of an installation is made."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from overt.accounts.addresses import client_address
from overt.accounts.services import note_sign_in
from overt.accounts.views.sign_in import BACKEND
from overt.people.first_run import check_first_run, make_first_person
from overt.people.forms import FirstPersonForm
from overt.shared.problems import refusals_on


@sensitive_post_parameters()
def first_run(request: HttpRequest) -> HttpResponse:
    """The page behind the one-time address printed at the first start; otherwise there is nothing here."""
    token = request.GET.get("token", "")
    check_first_run(token)
    form = FirstPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refusals_on(form):
            user = make_first_person(token, data["username"], data["full_name"], data["password"])
            login(request, user, backend=BACKEND)
            note_sign_in(user, client_address(request))
            return redirect("home")
    status = 422 if form.errors else 200
    response = render(request, "people/first_run.html", {"form": form}, status=status)
    response["Cache-Control"] = "no-store"
    return response
