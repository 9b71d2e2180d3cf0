"""The register of reviews: who looked at which recordings, why, who else saw, and what came of it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from overt.access.doors import need
from overt.access.queries import may
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.logbook.services import log
from overt.watch import log_actions
from overt.watch.reviews.queries import reviews_visible_to

PAGE = 50


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Newest first; `?incomplete=1` only those whose result is missing. Source: BASS-9.3.7."""
    user = signed_in(request)
    if not may(user, Act.REVIEW):
        need(user, Act.READ_LOGBOOK)
    incomplete = request.GET.get("incomplete") == "1"
    rows = reviews_visible_to(user)
    if incomplete:
        rows = rows.filter(result="").exclude(closed_at=None).exclude(people_present="")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    with transaction.atomic():
        facts = log_actions.ReviewsListed(page.number, incomplete)
        log(log_actions.REVIEWS_LISTED, by=user, facts=facts)
    return render(request, "watch/reviews/register.html", {"page": page, "incomplete": incomplete})
