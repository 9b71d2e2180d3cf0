"""A room's error as a page for people or a problem document (RFC 9457) for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from overt.shared.errors import BadInput, OvertError, Refused

PROBLEM = "application/problem+json"

_PLAIN = {
    400: ("bad-request", "The request could not be read."),
    404: ("not-found", "There is nothing at this address."),
    405: ("method-not-allowed", "This address does not take that method; see the Allow header."),
    413: ("too-large", "The request is larger than is taken."),
}


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def wants_json(request: HttpRequest) -> bool:
    """Whether a script of a page asks: the islands say so first thing in Accept."""
    return request.headers.get("Accept", "").startswith("application/json")


def answer(request: HttpRequest, error: OvertError) -> HttpResponse:
    if is_api(request) or wants_json(request):
        return problem(error.status, error.code, error.title, str(error))
    return render(request, "web/error.html", {"error": error}, status=error.status)


def problem(status: int, code: str, title: str, detail: str, **more: object) -> JsonResponse:
    """`application/problem+json` with a stable `code`."""
    body = {"type": f"about:blank#{code}", "title": title, "status": status, "detail": detail, "code": code, **more}
    return JsonResponse(body, status=status, content_type=PROBLEM)


def plain_problem(response: HttpResponse) -> JsonResponse:
    """The problem document for an error that Django answered before any room was asked; Allow is kept."""
    status = response.status_code
    code, detail = _PLAIN.get(status, ("error", "This could not be done."))
    made = problem(status, code, HTTPStatus(status).phrase, detail)
    if "Allow" in response:
        made["Allow"] = response["Allow"]
    return made


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(request, Refused("This form was open too long, or came from another site. Go back and try again."))


@contextmanager
def told_on(form: BaseForm) -> Iterator[None]:
    """What a service refuses to take becomes an error of the form, which the view then shows again (422)."""
    try:
        yield
    except BadInput as error:
        form.add_error(None, str(error))
