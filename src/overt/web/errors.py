"""A room's error as a page for people or a problem document (RFC 9457) for scripts."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.defaults import server_error

from overt.shared.errors import OvertError, Refused
from overt.shared.problems import PROBLEM, is_api, problem, wants_json
from overt.shared.typed import typed_in
from overt.web.races import as_refusal

__all__ = ["PROBLEM", "answer", "csrf_failure", "plain_problem", "problem", "server_failed"]

_PLAIN = {
    400: ("bad-request", "The request could not be read."),
    404: ("not-found", "There is nothing at this address."),
    405: ("method-not-allowed", "This address does not take that method; see the Allow header."),
    500: ("server-failed", "The server failed; its log has the details."),
    413: ("too-large", "The request is larger than is taken."),
}


def answer(request: HttpRequest, error: OvertError) -> HttpResponse:
    if is_api(request) or wants_json(request):
        return problem(error.status, error.code, error.title, str(error))
    typed = typed_in(request) if request.method == "POST" else None
    own = typed is not None and typed.person == str(getattr(getattr(request, "user", None), "pk", ""))
    context = {"error": error, "rows": typed.rows if typed is not None and own else []}
    return render(request, "web/error.html", context, status=error.status)


def plain_problem(response: HttpResponse) -> JsonResponse:
    """The problem document for an error that Django answered before any room was asked; Allow is kept."""
    status = response.status_code
    code, detail = _PLAIN.get(status, ("error", "This could not be done."))
    made = problem(status, code, HTTPStatus(status).phrase, detail)
    if "Allow" in response:
        made["Allow"] = response["Allow"]
    return made


def server_failed(request: HttpRequest) -> HttpResponse:
    """Django's last resort: two acts that met outside a view (in a session's row), or a fault of ours.

    Source: https://docs.djangoproject.com/en/5.2/ref/urls/#handler500 (called while the error is being handled).
    """
    error = sys.exc_info()[1]
    told = as_refusal(error) if error is not None else None
    if told is not None:
        return answer(request, told)
    return server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is not this session's; what its own person typed is shown again (web.kept)."""
    request.csrf_failed = True  # type: ignore[attr-defined]
    return answer(request, Refused("This form was open too long, or came from another site. Go back and try again."))
