"""Whatever an inspector opens is an entry in the logbook: a page, a file, an answer of the API."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from overt.access.log_actions import INSPECTED, Inspected
from overt.access.queries import grants_in_force
from overt.access.rules import Role
from overt.accounts.models import User
from overt.estate.models import Camera
from overt.logbook.recording import numbers_written
from overt.logbook.services import log
from overt.rooms import rooms


class InspectionMiddleware:
    """Writes the entry before the answer leaves; where it cannot be written, nothing is shown.

    Source: HERTS-22.1 (everything an inspector opens is itself logged).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with numbers_written() as numbers:
            response = self.get_response(request)
        if response.status_code == 200 and request.method == "GET" and not numbers:
            _note(request)
        return response


def _note(request: HttpRequest) -> None:
    """The entry, where an inspector asked and the room that answered wrote none of its own."""
    user, match = getattr(request, "user", None), request.resolver_match
    if not isinstance(user, User) or match is None or _is_repeated(match):
        return
    if not any(grant.role == Role.INSPECTOR.value for grant in grants_in_force(user)):
        return
    subject = _subject(match)
    # The address of a person's page holds the person's key, which is personal content: the subject says it.
    path = match.route if isinstance(subject, User) else request.path
    with transaction.atomic():
        log(INSPECTED, subject, by=user, facts=Inspected(path))


def _is_repeated(match: ResolverMatch) -> bool:
    """Whether an open page asks this again by itself, showing no more than the page, whose opening is an entry."""
    return any(match.url_name in room.repeated for room in rooms())


def _subject(match: ResolverMatch) -> models.Model | None:
    """The camera or the person that the page was about; anything else is told by the path."""
    if person := match.kwargs.get("person_id"):
        return User.objects.filter(pk=person).first()
    # Versions of the policy and entries of the logbook have numbers too: theirs are whole numbers.
    number = match.kwargs.get("number")
    return Camera.objects.filter(number__iexact=number).first() if isinstance(number, str) else None
