"""The page behind a one-time link: its person chooses a password."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters

from overt.accounts import links
from overt.accounts.forms import NewPasswordForm
from overt.shared.asking import Done, ask_on


@sensitive_post_parameters()
def choose_password(request: HttpRequest, person_id: UUID, token: str) -> HttpResponse:
    person = links.person_of(person_id, token)

    def act(form: NewPasswordForm) -> Done | None:
        try:
            validate_password(form.cleaned_data["password"], person)
        except ValidationError as error:
            form.add_error("password", " ".join(error.messages))
            return None
        links.use_link(person_id, token, form.cleaned_data["password"])
        return Done("Your password is set. Sign in with it.", "sign-in")

    response = ask_on(request, NewPasswordForm, act, "accounts/choose_password.html", lambda form: {"person": person})
    response["Cache-Control"] = "no-store"
    return response
