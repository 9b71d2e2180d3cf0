"""The register of stills, and each step of one still's life."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.estate.queries import access_camera
from overt.evidence.forms import given_in
from overt.evidence.models import Still, StoragePlace
from overt.evidence.stills import queries, services
from overt.evidence.stills.forms import DestroyStillForm, PoliceForm, StillForm
from overt.evidence.stills.queries import access_still
from overt.evidence.stills.services import caption, note_stills_seen
from overt.evidence.storage.views import no_location
from overt.policy.queries import policy_in_force
from overt.shared.asking import Done, ask_on
from overt.shared.paper import render_paper

_PER_PAGE = 50
_BOTH = require_http_methods(["GET", "POST"])


@require_GET
def stills(request: HttpRequest) -> HttpResponse:
    """The register, with how many each person made and what for. Source: BASS-9.5.d, HERTS-25.1, BASS-9.5.a."""
    user = signed_in(request)
    need(user, Act.SEE_EXHIBIT)
    rows = queries.stills_for(user)
    counts = rows.values("made_by__full_name", "necessity").annotate(count=Count("pk"))
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    note_stills_seen(page.paginator.count, by=user)
    context = {
        "page": page,
        "counts": counts.order_by("made_by__full_name", "-count", "necessity"),
        "lines": [(one, caption(one.number, one.camera, one.at_90k, one.start_90k, one.end_90k)) for one in page],
        "may_take": bool(queries.cameras_for(user, Act.SEAL_EXHIBIT)),
    }
    return render(request, "evidence/stills/stills.html", context)


@_BOTH
def take(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.SEAL_EXHIBIT)
    if number := request.GET.get("camera", ""):
        # Whom to offer as authoriser tells of the camera: one that is not this person's is one there is not.
        access_camera(user, number, to=Act.SEAL_EXHIBIT)

    if request.method == "GET" and not StoragePlace.objects.exists():
        return no_location(request, "Take a still", "A print lies in a storage location from the day it is made.")

    def act(form: StillForm) -> Done:
        made = services.take_still(user, form.wanted())
        return Done(f"Still {made.number} is in the register.", made)

    return ask_on(
        request, partial(StillForm, user=user, initial=given_in(request.GET)), act, "evidence/stills/take.html"
    )


@require_GET
def still(request: HttpRequest, number: int) -> HttpResponse:
    user = signed_in(request)
    found = access_still(user, number)
    note_stills_seen(1, by=user)
    return render(request, "evidence/stills/still.html", _about(request, found))


@require_GET
def picture(request: HttpRequest, number: int) -> HttpResponse:
    """The picture with its caption, for whoever may look at recordings of the camera."""
    user = signed_in(request)
    found = access_still(user, number, to=Act.REVIEW)
    response = HttpResponse(services.note_still_seen(found, by=user), content_type="image/jpeg")
    response["Content-Disposition"] = f'inline; filename="still-{found.number}.jpg"'
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def sheet(request: HttpRequest, number: int) -> HttpResponse:
    """The still on paper."""
    found = access_still(signed_in(request), number, to=Act.REVIEW)
    return render_paper(request, "evidence/stills/sheet.html", _about(request, found))


@_BOTH
def hand_over(request: HttpRequest, number: int) -> HttpResponse:
    found = access_still(signed_in(request), number, to=Act.EXPORT_BAG)

    def act(form: PoliceForm) -> str:
        services.hand_to_police(found, form.handover(), by=signed_in(request))
        return f"Still {number} is with the police."

    return _step(request, found, PoliceForm, "Hand it to the police", act)


@_BOTH
def destroy(request: HttpRequest, number: int) -> HttpResponse:
    found = access_still(signed_in(request), number, to=Act.MANAGE_EVIDENCE)

    def act(form: DestroyStillForm) -> str:
        services.destroy_still(found, by=signed_in(request), **form.cleaned_data)
        return f"It is written down that still {number} was destroyed."

    return _step(request, found, DestroyStillForm, "Write down its destruction", act)


def _step(
    request: HttpRequest, found: Still, made: Callable[..., Any], title: str, act: Callable[[Any], str]
) -> HttpResponse:

    def context(form: Any) -> dict[str, Any]:
        return {**_about(request, found), "title": title}

    return ask_on(request, made, lambda form: Done(act(form), found), "evidence/stills/step.html", context)


def _about(request: HttpRequest, found: Still) -> dict[str, Any]:
    user = signed_in(request)
    return {
        "still": found,
        "caption": caption(found.number, found.camera, found.at_90k, found.start_90k, found.end_90k),
        "scheme": policy_in_force().scheme_name,
        "here": found.state == "in_cabinet",
        "may_look": queries.may_with_camera(user, found.camera, Act.REVIEW) and found.state != "destroyed",
        "may_export": queries.may_with_camera(user, found.camera, Act.EXPORT_BAG),
        "may_manage": queries.may_with_camera(user, found.camera, Act.MANAGE_EVIDENCE),
        "may_leave": policy_in_force().in_effect("stills_may_leave_control_room") is True,
    }
