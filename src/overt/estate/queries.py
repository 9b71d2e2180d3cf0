"""Cameras for a person: the one door."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from overt.access.rules import Act
from overt.estate.models import Camera
from overt.shared.errors import NotThere

if TYPE_CHECKING:
    from overt.accounts.models import User


class NoSuchCamera(NotThere):
    """There is no such camera, or it is not this person's to know of."""

    code = "no-such-camera"


def access_camera(user: User, camera: UUID | str, *, to: Act) -> Camera:
    """The camera of this id or number, for an act. Raises NoSuchCamera, whichever the reason."""
    rows = Camera.objects.visible_to(user, to=to)
    found = rows.filter(pk=camera) if isinstance(camera, UUID) else rows.filter(number__iexact=camera)
    row = found.select_related("partner", "town").first()
    if row is None:
        raise NoSuchCamera(f"There is no camera {camera}, or it is not yours to use for this.")
    return row
