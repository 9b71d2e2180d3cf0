"""Ends sessions: after idleness, after a shift's length, and where the person signed out everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from overt.accounts import services, sessions
from overt.accounts.models import User
from overt.shared.problems import is_api, problem

#: What somebody with another's password may still do.
_BEFORE_CHANGE = {"change-password", "sign-out"}


class SessionLifeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User):
            self._go_on_or_end(request, request.user)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or not user.must_change_password:
            return None
        if request.resolver_match is not None and request.resolver_match.url_name in _BEFORE_CHANGE:
            return None
        if is_api(request):
            return problem(403, "password-must-change", "Set your own password", "Sign in and set your own password.")
        return redirect("change-password")

    def _go_on_or_end(self, request: HttpRequest, user: User) -> None:
        now = timezone.now()
        cause = sessions.ended(request.session, user, now)
        if cause is None:
            sessions.touch(request.session, now)
            return
        services.note_session_end(user, cause)
        logout(request)
        request.session["ended"] = cause.value  # told once, on the sign-in page
