"""Lost property for scripts."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from overt.access.doors import need
from overt.accounts.requests import signed_in
from overt.lost_property.models import Thing
from overt.lost_property.room import HAND_IN

router = Router(tags=["lost property"])


@router.get("/lost-property", response=list[str])
def things(request: HttpRequest) -> list[str]:
    need(signed_in(request), HAND_IN)
    return [thing.words for thing in Thing.objects.order_by("handed_in_at")]
