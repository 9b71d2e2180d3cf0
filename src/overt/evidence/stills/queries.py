"""Stills as one person may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from overt.access.rules import Act
from overt.estate.models import Camera
from overt.evidence.errors import MayNot, NoSuchStill
from overt.evidence.models import Still

if TYPE_CHECKING:
    from overt.accounts.models import User


def cameras_for(user: User, act: Act) -> QuerySet[Camera]:
    return Camera.objects.visible_to(user, to=act)


def may_with_camera(user: User, camera: Camera, act: Act) -> bool:
    """Whether to offer somebody an act on what a camera recorded."""
    return cameras_for(user, act).filter(pk=camera.pk).exists()


def stills_for(user: User) -> QuerySet[Still]:
    """The stills of cameras whose exhibits this person may see, the newest first."""
    rows = Still.objects.filter(camera__in=cameras_for(user, Act.SEE_EXHIBIT).values("pk"))
    return rows.select_related("camera__town", "made_by", "authoriser", "place", "exhibit").order_by("-number")


def access_still(user: User, number: int, *, to: Act = Act.SEE_EXHIBIT) -> Still:
    """A still, for an act on its camera. Raises NoSuchStill, or MayNot where they may know of it and not more."""
    found = stills_for(user).filter(number=number).first()
    if found is None:
        error = NoSuchStill("There is no such still, or it is not yours to know of.")
        error.subject = Still.objects.filter(number=number).first()
        raise error
    if to != Act.SEE_EXHIBIT and not may_with_camera(user, found.camera, to):
        refused = MayNot(f"You may know of still {number}, but your roles do not reach to this.")
        refused.subject = found
        raise refused
    return found
