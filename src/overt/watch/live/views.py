"""The live wall's page, and what both instruments know from the start."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from overt.access.doors import need
from overt.access.queries import may
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.watch.shapes import WatchData
from overt.watch.state import common_data


@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """The live wall. What it shows is in its address: `?layout=4&tiles=127,128,,129&selected=1`."""
    need(signed_in(request), Act.VIEW_LIVE)
    data = WatchData(**common_data(request), may_review=may(signed_in(request), Act.REVIEW))
    return render(request, "watch/live/wall.html", {"data": data.model_dump(mode="json")})
