"""One's own password, API tokens, and every place one is signed in; the page of the account is people's."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from overt.accounts import services, sessions, tokens
from overt.accounts.forms import ChangePasswordForm, TokenForm
from overt.accounts.requests import signed_in
from overt.accounts.rules import TokenScope
from overt.shared.asking import Done, ask_on


@sensitive_post_parameters()
def change_password(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)

    def act(form: ChangePasswordForm) -> Done | None:
        if not user.check_password(form.cleaned_data["current"]):
            form.add_error("current", "This is not your current password.")
        elif user.check_password(form.cleaned_data["password"]):
            form.add_error("password", "This is the password you already have. Choose another.")
        else:
            _judge(form, user)
        if form.errors:
            return None
        services.change_password(user, form.cleaned_data["password"])
        update_session_auth_hash(request, user)
        sessions.begin(request.session, timezone.now())  # this session stays; every other one is over
        return Done("Your password is changed. You are signed out everywhere else.", "account")

    return ask_on(request, ChangePasswordForm, act, "accounts/change_password.html")


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    services.sign_out_everywhere(signed_in(request))
    logout(request)
    return redirect("sign-in")


@sensitive_post_parameters()
def add_token(request: HttpRequest) -> HttpResponse:
    """The token's text is on the answer to the form, once, and nowhere else."""
    user = signed_in(request)

    def act(form: TokenForm) -> HttpResponse | None:
        if not user.check_password(form.cleaned_data["current"]):
            form.add_error("current", "This is not your password.")
            return None
        scope = TokenScope(form.cleaned_data["scope"])
        token, text = tokens.create_token(user, form.cleaned_data["name"], form.expires_at(), scope)
        return _once(render(request, "accounts/token_made.html", {"token": token, "text": text}))

    return ask_on(request, TokenForm, act, "accounts/add_token.html")


@require_POST
def withdraw_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    user = signed_in(request)
    token = get_object_or_404(tokens.tokens_of(user), pk=token_id)
    tokens.withdraw_token(token, by=user)
    messages.success(request, f"The token “{token.name}” no longer works.")
    return redirect("account")


def _judge(form: ChangePasswordForm, user: object) -> None:
    try:
        validate_password(form.cleaned_data["password"], user)  # type: ignore[arg-type]  # it is our User
    except ValidationError as error:
        form.add_error("password", " ".join(error.messages))


def _once(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
