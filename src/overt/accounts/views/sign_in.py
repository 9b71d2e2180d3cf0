"""The sign-in page, signing out, and what a locked-out name is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from overt.accounts import services
from overt.accounts.addresses import client_address
from overt.accounts.forms import SignInForm
from overt.accounts.models import User, somebody_is_here
from overt.accounts.rules import SessionEnd
from overt.shared.problems import is_api, problem, wants_json

BACKEND = "django.contrib.auth.backends.ModelBackend"

_ENDED = {
    SessionEnd.IDLE: "You were signed out because nothing was done for a while.",
    SessionEnd.AGE: "You were signed out because the session had lasted a whole shift.",
    SessionEnd.EVERYWHERE: "You were signed out because this account was signed out everywhere.",
}


class SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        cause = self.request.session.pop("ended", None)
        ended = _ENDED[SessionEnd(cause)] if cause else ""
        return super().get_context_data(ended=ended, nobody_yet=not somebody_is_here(), **more)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        with transaction.atomic():
            services.note_sign_in(user, client_address(self.request))
            return super().form_valid(form)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        username = form.cleaned_data.get("username")
        if username and form.cleaned_data.get("password"):
            services.note_sign_in_failure(
                username,
                client_address(self.request),
                locked=bool(getattr(self.request, "axes_locked_out", False)),
                just_locked=_just_locked(self.request),
            )
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _just_locked(request: HttpRequest) -> bool:
    """Whether this failure was the one that reached the limit (a later one of the same lock counts higher)."""
    return getattr(request, "axes_failures_since_start", 0) == settings.AXES_FAILURE_LIMIT


class SignOut(LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if isinstance(request.user, User):
            services.note_sign_out(request.user)
        return super().post(request, *args, **kwargs)


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """What a name with too many failures is told: until when it has to wait. 429 with Retry-After."""
    username = str((credentials or {}).get("username") or request.POST.get("username", ""))
    until = _locked_until(username.strip().lower(), client_address(request))
    seconds = max(1, int((until - timezone.now()).total_seconds()) + 1)
    minutes = -(-seconds // 60)
    if is_api(request) or wants_json(request):
        words = f"Too many failed sign-ins with this name. Wait {minutes} minutes, or ask a manager."
        made: HttpResponse = problem(429, "locked-out", "Too many attempts", words)
    else:
        context = {"until": until, "minutes": minutes, "limit": settings.AXES_FAILURE_LIMIT}
        made = render(request, "accounts/locked_out.html", context, status=429)
    made["Retry-After"] = str(seconds)
    return made


def _locked_until(username: str, address: str) -> datetime:
    tries = AccessAttempt.objects.filter(username=username, ip_address=address).order_by("-attempt_time")
    last = tries.values_list("attempt_time", flat=True).first()
    return (last or timezone.now()) + settings.AXES_COOLOFF_TIME
