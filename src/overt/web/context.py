"""What every page knows: the scheme's name, what this person may do, and the rooms that follow from it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from overt.access.queries import acts_of as acts_by_grants
from overt.policy.queries import policy_in_force
from overt.rooms import rooms


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the navigation, as this page shows it."""

    name: str
    href: str
    here: bool


def scheme(request: HttpRequest) -> dict[str, object]:
    acts = acts_of(request)
    return {
        "scheme_name": policy_in_force().scheme_name,
        "acts": acts,
        "rooms": menu_for(acts, request.path),
        "zone_words": "UK time" if settings.TIME_ZONE == "Europe/London" else settings.TIME_ZONE,
        "demo": settings.DEMO,
        "sign_out_url": _address_of("sign-out", "/sign-out/"),
    }


def acts_of(request: HttpRequest) -> set[str]:
    """The acts this person may carry out somewhere; empty for a stranger."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return set()
    return {act.value for act in acts_by_grants(user)}


def menu_for(acts: set[str], path: str) -> list[Entry]:
    """The rooms this person may enter, in their places; `here` for the one in which the page stands."""
    items = sorted((item for room in rooms() for item in room.menu if acts & item.acts), key=lambda item: item.place)
    return [Entry(item.name, item.href, path.startswith((item.href, item.also or item.href))) for item in items]


def _address_of(name: str, otherwise: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return otherwise
