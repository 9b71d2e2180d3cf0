"""Turns a room's error into a page or a problem document (RFC 9457), in one place, and writes refusals down."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from overt.access.log_actions import REFUSED, Attempt
from overt.accounts.models import User
from overt.logbook.services import log
from overt.shared.errors import BadInput, NotThere, OvertError, Refused
from overt.shared.problems import PROBLEM, is_api
from overt.web.errors import answer, plain_problem
from overt.web.races import as_refusal

#: Pages are read and posted. A view that looks for POST alone would take any other method for a read.
PAGE_METHODS = ("GET", "HEAD", "POST")


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (error := _unstorable(request)) is not None:
            return answer(request, error)
        if request.method not in PAGE_METHODS and not is_api(request):
            return HttpResponseNotAllowed(PAGE_METHODS)
        response = self.get_response(request)
        if is_api(request) and response.status_code >= 400 and not _is_problem(response):
            return plain_problem(response)  # an unknown address, or a method that the address does not have
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        told = error if isinstance(error, OvertError) else as_refusal(error)
        if told is None:
            return None
        note_refusal(request, told)
        return _told_on_form(request, told) or answer(request, told)


def note_refusal(request: HttpRequest, error: OvertError) -> None:
    """One logbook entry for an attempt that access stopped, in a transaction of its own (the act's was undone).

    Missing and forbidden are both written down: an entry for one of them alone would tell them apart by the clock.
    """
    user = getattr(request, "user", None)
    if not isinstance(error, (NotThere, Refused)) or not isinstance(user, User):
        return
    match = request.resolver_match
    facts = Attempt(path=match.route if match else "", method=request.method or "", code=error.code)
    subject = error.subject if isinstance(error.subject, models.Model) else None
    with transaction.atomic():
        log(REFUSED, subject, by=user, facts=facts)


def _told_on_form(request: HttpRequest, error: OvertError) -> HttpResponse | None:
    """The form that was being acted on, with this at its head and all that was typed in it (shared.asking)."""
    told: Callable[[OvertError], HttpResponse] | None = getattr(request, "told_on_form", None)
    if told is None:
        return None
    try:
        return told(error)
    except OvertError:
        return None  # what the page around the form tells of is gone, too


class HoldsNull(BadInput):
    """No text of ours holds the character NUL, and PostgreSQL would fail on it."""

    code = "holds-nul"
    status = 409


class TooLarge(OvertError):
    """More than DATA_UPLOAD_MAX_MEMORY_SIZE."""

    code = "too-large"
    status = 413
    title = "Too large"


def _unstorable(request: HttpRequest) -> OvertError | None:
    """What to answer to a NUL in an address (there is nothing there) or in JSON; forms refuse it on their own."""
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return NotThere("There is nothing at this address: it holds a character that no text has.")
    # The API reads a body as JSON, whatever it is said to be.
    if request.content_type != "application/json" and not is_api(request):
        return None
    try:
        holds = rb"\u0000" in request.body
    except RequestDataTooBig:
        return TooLarge("The request is larger than is taken. Send it in parts.")
    return HoldsNull("The text holds the character NUL (\\u0000). Leave it out.") if holds else None


def _is_problem(response: HttpResponse) -> bool:
    return response.get("Content-Type", "").startswith(PROBLEM)
