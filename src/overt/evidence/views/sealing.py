"""Sealing: the form that works without script, and what the review page sends."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.evidence import services
from overt.evidence.forms import SealForm, given_in
from overt.evidence.services import ClipWish
from overt.evidence.shapes import clips_of, reason_of, stills_of
from overt.shared.asking import Done, ask_on
from overt.watch.body import json_body, text_of


@require_http_methods(["GET", "POST"])
def seal(request: HttpRequest) -> HttpResponse:
    """Open an exhibit and begin its sealing: JSON of the island, or the form with one clip."""
    user = signed_in(request)
    need(user, Act.SEAL_EXHIBIT)
    if request.content_type == "application/json":
        return _seal_json(request)

    def act(form: SealForm) -> Done:
        said = form.cleaned_data
        found, missing = services.open_exhibit(
            user,
            said["reference"],
            said["reason"],
            [ClipWish(said["camera"], said["start"], said["end"], said["hold_id"])],
            case=said["case_reference"],
            requester=said["requester"],
            stills=said["stills"],
        )
        gaps = f" Something is missing from the span: {missing[0].words}." if missing else ""
        return Done(f"{found.reference} is being sealed.{gaps}", found)

    return ask_on(request, partial(SealForm, initial=given_in(request.GET)), act, "evidence/seal.html")


def _seal_json(request: HttpRequest) -> JsonResponse:
    body = json_body(request)
    wishes = clips_of(body)
    found, missing = services.open_exhibit(
        signed_in(request),
        text_of(body, "reference"),
        reason_of(body),
        wishes,
        case=text_of(body, "case_reference", required=False),
        requester=text_of(body, "requester", required=False),
        stills=stills_of(body),
    )
    gaps = [gap.as_json() for gap in missing]
    answer = {"reference": found.reference, "url": found.get_absolute_url(), "state": found.state, "gaps": gaps}
    return JsonResponse(answer, status=202)
