"""What cameras have to say on the first page."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from overt.access.rules import Act
from overt.estate.models import Camera
from overt.rooms import Task

if TYPE_CHECKING:
    from overt.accounts.models import User


def first_camera(user: User, acts: Collection[str]) -> list[Task]:
    """A new installation begins here."""
    if Act.MANAGE_CAMERA not in acts or Camera.objects.exists():
        return []
    return [
        Task("Add the first camera", "/cameras/add/", "Its partner and town come first; then it is tried and recorded")
    ]
