"""Holds as one person may see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from overt.access.rules import Act
from overt.estate.models import Camera
from overt.evidence.errors import MayNot, NoSuchHold
from overt.evidence.holds.words import is_due
from overt.evidence.models import Hold

if TYPE_CHECKING:
    from overt.accounts.models import User


def holds_for(user: User) -> QuerySet[Hold]:
    """Holds on cameras where this person may hold footage or see exhibits."""
    cameras = Camera.objects.visible_to(user, to=Act.MARK_HOLD) | Camera.objects.visible_to(user, to=Act.SEE_EXHIBIT)
    return Hold.objects.filter(camera__in=cameras.values("pk")).select_related("camera", "placed_by", "exhibit")


def access_hold(user: User, hold_id: UUID) -> Hold:
    """A hold that this person may release: their own, or any on cameras whose evidence they manage.

    Raises NoSuchHold, or MayNot where they may see it only.
    """
    found = holds_for(user).filter(pk=hold_id).first()
    if found is None:
        error = NoSuchHold(f"There is no hold {hold_id}, or it is not yours to know of.")
        error.subject = Hold.objects.filter(pk=hold_id).first()
        raise error
    if not releasable(user, [found]):
        refused = MayNot("Somebody else placed this hold. They, or a supervisor, can release it.")
        refused.subject = found
        raise refused
    return found


def access_hold_to_ground(user: User, hold_id: UUID) -> Hold:
    """A hold of which this person may say why it is kept: any on cameras where they may hold footage themselves.

    Raises NoSuchHold, or MayNot where they may see it only.
    """
    found = holds_for(user).filter(pk=hold_id).first()
    if found is None:
        error = NoSuchHold(f"There is no hold {hold_id}, or it is not yours to know of.")
        error.subject = Hold.objects.filter(pk=hold_id).first()
        raise error
    if not groundable(user, [found]):
        refused = MayNot("You may see this hold, but your roles do not let you hold footage.")
        refused.subject = found
        raise refused
    return found


def groundable(user: User, holds: Sequence[Hold]) -> set[UUID]:
    """Those holds of which this person may say why they are kept."""
    cameras = set(Camera.objects.visible_to(user, to=Act.MARK_HOLD).values_list("pk", flat=True))
    return {hold.pk for hold in holds if hold.camera_id in cameras}


def releasable(user: User, holds: Sequence[Hold]) -> set[UUID]:
    """Which of these this person may release: their own, and all on cameras whose evidence they hand out."""
    cameras = {
        act: set(Camera.objects.visible_to(user, to=act).values_list("pk", flat=True))
        for act in (Act.MARK_HOLD, Act.EXPORT_BAG)
    }
    return {
        hold.pk
        for hold in holds
        if hold.camera_id in cameras[Act.EXPORT_BAG]
        or (hold.placed_by_id == user.pk and hold.camera_id in cameras[Act.MARK_HOLD])
    }


def holds_in_force(user: User, now: datetime) -> list[Hold]:
    """What is held now: without a ground first, the one that ends first on top; then by the day of review."""
    in_force = Q(expires_at=None) | Q(expires_at__gt=now)
    rows = holds_for(user).filter(in_force, released_at=None)
    return sorted(rows, key=_most_pressing)


def _most_pressing(hold: Hold) -> tuple[bool, str, datetime]:
    return hold.ground != "", str(hold.review_on or ""), hold.expires_at or hold.placed_at


def holds_waiting(user: User, now: datetime) -> list[Hold]:
    """The holds somebody has to act on: without a ground, or with their day of review come. Source: BASS-1.6.2."""
    return [hold for hold in holds_in_force(user, now) if not hold.ground or is_due(hold, now)]
