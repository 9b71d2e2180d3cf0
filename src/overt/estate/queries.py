"""Cameras for a person: the one door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q

from overt.access.rules import Act
from overt.estate.cameras.states import STATES, CameraState, States
from overt.estate.managers import CameraQuerySet
from overt.estate.models import Camera
from overt.estate.rules import number_key
from overt.estate.sound.queries import orders_in_force
from overt.shared.errors import NotThere

if TYPE_CHECKING:
    from overt.accounts.models import User


class NoSuchCamera(NotThere):
    """There is no such camera, or it is not this person's to know of."""

    code = "no-such-camera"
    field = "camera"

    def __init__(self, asked: object, hidden: Camera | None) -> None:
        super().__init__(f"There is no camera {asked}, or it is not yours to use for this.")
        self.subject = hidden


def access_camera(user: User, camera: UUID | str, *, to: Act) -> Camera:
    """The camera of this id or number, for an act. Raises NoSuchCamera, whichever the reason.

    Source: HERTS-2.1 (only with a role and a grant that counts now).
    """
    row = _named(Camera.objects.visible_to(user, to=to), camera)
    if row is None:
        # Looked up again whether it exists or not, so that the two answers take the same work.
        raise NoSuchCamera(camera, _named(Camera.objects.all(), camera))
    return row


@dataclass(frozen=True, slots=True)
class CameraFilter:
    """What a list of cameras is narrowed and ordered by; empty words do not count."""

    words: str = ""
    town: str = ""
    state: str = ""
    sort: str = "town"
    backwards: bool = False
    sounding: bool = False  # only those whose sound is recorded now

    @property
    def sound(self) -> str:
        """The same as a word of the address."""
        return "on" if self.sounding else ""


SORTS = ("town", "number", "name", "partner", "state")


def cameras_listed(user: User, states: States, wanted: CameraFilter) -> list[tuple[Camera, CameraState]]:
    """The cameras this person may know of, each with its state; retired ones only when asked for."""
    rows = Camera.objects.visible_to(user).select_related("partner", "town").prefetch_related("groups")
    if wanted.words:
        words = Q(number__icontains=wanted.words) | Q(name__icontains=wanted.words)
        rows = rows.filter(words | Q(town__name__icontains=wanted.words) | Q(partner__name__icontains=wanted.words))
    if wanted.town:
        rows = rows.filter(town__name=wanted.town)
    if wanted.sounding:
        rows = rows.filter(pk__in=orders_in_force())
    listed = [(camera, states.of(camera)) for camera in rows]
    listed = [one for one in listed if one[1].key == wanted.state or (not wanted.state and one[1].key != "retired")]
    listed.sort(key=lambda one: number_key(one[0].number))
    return sorted(listed, key=_key(wanted.sort), reverse=wanted.backwards)


def _key(sort: str) -> Callable[[tuple[Camera, CameraState]], Any]:
    keys: dict[str, Callable[[tuple[Camera, CameraState]], Any]] = {
        "number": lambda one: number_key(one[0].number),
        "name": lambda one: one[0].name.lower(),
        "partner": lambda one: one[0].partner.name.lower(),
        "state": lambda one: list(STATES).index(one[1].key),
    }
    return keys.get(sort, lambda one: one[0].town.name.lower())


def _named(rows: CameraQuerySet, camera: UUID | str) -> Camera | None:
    found = rows.filter(pk=camera) if isinstance(camera, UUID) else rows.filter(number__iexact=camera)
    row: Camera | None = found.select_related("partner", "town").first()
    return row
