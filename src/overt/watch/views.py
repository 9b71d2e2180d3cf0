"""The wall: its page, and the small answers its island asks for."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from overt.access.doors import need
from overt.access.queries import may
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.watch import queries, services
from overt.watch.body import json_body, text_of, whole_of
from overt.watch.tickets import SignedAddress


@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """The live wall. What it shows is in its address: `?layout=4&tiles=127,128,,129&selected=1`."""
    need(signed_in(request), Act.VIEW_LIVE)
    return render(request, "watch/wall.html", {"data": _wall_data(request)})


@require_GET
def now(request: HttpRequest) -> JsonResponse:
    """What the rails show, asked for every few seconds by a page that is seen."""
    need(signed_in(request), Act.REVIEW if may(signed_in(request), Act.REVIEW) else Act.VIEW_LIVE)
    return JsonResponse(queries.state_now(signed_in(request), timezone.now()))


@require_POST
def open_live(request: HttpRequest) -> JsonResponse:
    """`{camera}` -> `{viewing, address, expires}`. One opening, one logbook entry."""
    viewing, address = services.open_live(signed_in(request), text_of(json_body(request), "camera"))
    return JsonResponse({"viewing": str(viewing.pk), **_address(address)}, status=201)


@require_POST
def renew_live(request: HttpRequest, viewing_id: UUID) -> JsonResponse:
    """A fresh address for an opening: `{address, expires}`."""
    return JsonResponse(_address(services.renew_live(signed_in(request), viewing_id)))


@require_POST
def close_live(request: HttpRequest, viewing_id: UUID) -> JsonResponse:
    """Say goodbye to an opening."""
    services.close_live(signed_in(request), viewing_id)
    return JsonResponse({})


@require_POST
def write_entry(request: HttpRequest) -> JsonResponse:
    """`{text, camera?, at_90k?}` -> `{number}`: a line of the occurrence book."""
    body = json_body(request)
    need(signed_in(request), Act.WRITE_ENTRY)
    act = Act.VIEW_LIVE if may(signed_in(request), Act.VIEW_LIVE) else Act.REVIEW
    at_90k = whole_of(body, "at_90k") if body.get("at_90k") is not None else None
    camera = text_of(body, "camera", required=False)
    number = services.write_entry(signed_in(request), text_of(body, "text"), number=camera, at_90k=at_90k, to=act)
    return JsonResponse({"number": number}, status=201)


def common_data(request: HttpRequest) -> dict[str, object]:
    """What both instruments know from the start."""
    return {
        "csrf": get_token(request),
        "zone": settings.TIME_ZONE,
        "user": signed_in(request).full_name,
        "cameras": [asdict(camera) for camera in queries.listed_cameras(signed_in(request))],
        "state": queries.state_now(signed_in(request), timezone.now()),
    }


def _wall_data(request: HttpRequest) -> dict[str, object]:
    return common_data(request) | {"may_review": may(signed_in(request), Act.REVIEW)}


def _address(address: SignedAddress) -> dict[str, object]:
    return {"address": address.address, "expires": address.expires}
