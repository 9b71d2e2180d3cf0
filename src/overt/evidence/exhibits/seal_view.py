"""Sealing: the form that works without script. The review page seals by the API."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.evidence.exhibits.services.opening import ClipWish, open_exhibit
from overt.evidence.forms import SealForm, given_in
from overt.shared.asking import Done, ask_on


@require_http_methods(["GET", "POST"])
def seal(request: HttpRequest) -> HttpResponse:
    """Open an exhibit of one clip and begin its sealing."""
    user = signed_in(request)
    need(user, Act.SEAL_EXHIBIT)

    def act(form: SealForm) -> Done:
        said = form.cleaned_data
        found, missing = open_exhibit(
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

    return ask_on(request, partial(SealForm, initial=given_in(request.GET)), act, "evidence/exhibits/seal.html")
