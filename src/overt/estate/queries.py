"""Cameras for a person: the one door."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from overt.access.rules import Act
from overt.estate.managers import CameraQuerySet
from overt.estate.models import Camera
from overt.shared.errors import NotThere

if TYPE_CHECKING:
    from overt.accounts.models import User


class NoSuchCamera(NotThere):
    """There is no such camera, or it is not this person's to know of."""

    code = "no-such-camera"

    def __init__(self, asked: object, hidden: Camera | None) -> None:
        super().__init__(f"There is no camera {asked}, or it is not yours to use for this.")
        self.subject = hidden


def access_camera(user: User, camera: UUID | str, *, to: Act) -> Camera:
    """The camera of this id or number, for an act. Raises NoSuchCamera, whichever the reason."""
    row = _named(Camera.objects.visible_to(user, to=to), camera)
    if row is None:
        # Looked up again whether it exists or not, so that the two answers take the same work.
        raise NoSuchCamera(camera, _named(Camera.objects.all(), camera))
    return row


def _named(rows: CameraQuerySet, camera: UUID | str) -> Camera | None:
    found = rows.filter(pk=camera) if isinstance(camera, UUID) else rows.filter(number__iexact=camera)
    row: Camera | None = found.select_related("partner", "town").first()
    return row
