"""What every page knows: the scheme's name, what this person may do, and the rooms that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from overt.access.queries import acts_of as acts_by_grants
from overt.access.rules import Act
from overt.policy.queries import policy_in_force


@dataclass(frozen=True, slots=True)
class Room:
    """An entry of the navigation: where it leads, and the acts of which one is needed to be shown it."""

    name: str
    href: str
    acts: frozenset[Act]
    here: bool = False
    also: str = ""  # another address under which its pages stand


ROOMS = (
    Room("Watch", "/watch/", frozenset({Act.VIEW_LIVE})),
    Room("Review", "/review/", frozenset({Act.REVIEW})),
    Room("Evidence", "/exhibits/", frozenset({Act.SEE_EXHIBIT})),
    Room("Cameras", "/cameras/", frozenset({Act.SEE_CAMERA})),
    Room("Logbook", "/logbook/", frozenset({Act.READ_LOGBOOK})),
    Room("Policy", "/policy/", frozenset({Act.READ_POLICY}), also="/clocks/"),
    Room("People", "/people/", frozenset({Act.MANAGE_PEOPLE, Act.GRANT_ROLE})),
)


def scheme(request: HttpRequest) -> dict[str, object]:
    acts = acts_of(request)
    return {
        "scheme_name": policy_in_force().scheme_name,
        "acts": acts,
        "rooms": rooms_for(acts, request.path),
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


def rooms_for(acts: set[str], path: str) -> list[Room]:
    return [replace(r, here=path.startswith((r.href, r.also or r.href))) for r in ROOMS if acts & r.acts]


def _address_of(name: str, otherwise: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return otherwise
