"""Which cameras' sound is recorded, until when and why; and every order there was."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from overt.access.rules import Act
from overt.estate.models import Camera, SoundOrder
from overt.estate.sound.rules import OPEN, SoundNotAllowed, SoundState, check_policy
from overt.policy.queries import policy_in_force
from overt.shared.errors import NotThere

if TYPE_CHECKING:
    from overt.accounts.models import User


class NoSuchOrder(NotThere):
    """No order is open for this camera."""

    code = "no-sound-order"


def policy_allows(at: datetime | None = None) -> None:
    """Raises SoundNotAllowed where the policy in force has no exception to sound being off."""
    policy = policy_in_force(at)
    check_policy(policy.value("audio_default"), policy.codes("prohibited_technologies"))


def orders_in_force(now: datetime | None = None) -> dict[UUID, SoundOrder]:
    """By camera, the order by which its sound is recorded now; none whose time is over. Source: PROG-4.2.4."""
    moment = now or timezone.now()
    try:
        policy_allows(moment)
    except SoundNotAllowed:
        return {}
    rows = SoundOrder.objects.filter(state=SoundState.ON, until__gt=moment)
    return {order.camera_id: order for order in rows.select_related("camera", "asked_by", "decided_by")}


def was_sound_ever_on() -> bool:
    """Whether there may be sound to hear in any recording of this scheme."""
    return SoundOrder.objects.filter(state__in=[SoundState.ON, SoundState.ENDED]).exists()


def open_order(camera: Camera) -> SoundOrder | None:
    """What is asked for a camera, or in force."""
    rows = camera.sound_orders.filter(state__in=OPEN)
    found: SoundOrder | None = rows.select_related("asked_by", "decided_by", "camera").first()
    return found


def the_open_order(camera: Camera) -> SoundOrder:
    """Raises NoSuchOrder."""
    order = open_order(camera)
    if order is None:
        raise NoSuchOrder(f"No order is open for the sound of camera {camera.number}.")
    return order


def orders_for(user: User) -> QuerySet[SoundOrder]:
    """Every order for the cameras this person may know of, the newest first."""
    cameras = Camera.objects.visible_to(user, to=Act.SEE_CAMERA)
    rows = SoundOrder.objects.filter(camera__in=cameras).order_by("-asked_at")
    return rows.select_related("camera", "asked_by", "decided_by", "ended_by")
