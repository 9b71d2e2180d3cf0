"""Exhibits and holds as one person may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from overt.access.rules import Act
from overt.estate.models import Camera
from overt.evidence.copies.rules import CopyKind, CopyState
from overt.evidence.errors import MayNot, NoSuchCopy, NoSuchExhibit, NoSuchHold, NoSuchPlace, NoSuchStill
from overt.evidence.exhibits.rules import ExhibitState
from overt.evidence.holds.words import is_due
from overt.evidence.models import Copy, Exhibit, ExhibitClip, Hold, Still, StoragePlace

if TYPE_CHECKING:
    from overt.accounts.models import User


def exhibits_for(user: User, *, to: Act = Act.SEE_EXHIBIT) -> QuerySet[Exhibit]:
    """Exhibits every camera of which is this person's to use for the act: one foreign clip hides the whole."""
    mine = Camera.objects.visible_to(user, to=to).values("pk")
    foreign = ExhibitClip.objects.exclude(camera__in=mine).values("exhibit")
    return Exhibit.objects.filter(clips__camera__in=mine).exclude(pk__in=foreign).distinct()


def access_exhibit(user: User, reference: str, *, to: Act = Act.SEE_EXHIBIT) -> Exhibit:
    """The exhibit of this reference, for an act.

    Raises NoSuchExhibit where it is missing or not this person's to know of, MayNot where they may see it and not more.
    """
    wanted = Q(reference=reference.upper())
    rows = exhibits_for(user).select_related("operator", "parent")
    found = rows.filter(wanted).first()
    if found is None:
        error = NoSuchExhibit(f"There is no exhibit {reference}, or it is not yours to know of.")
        error.subject = Exhibit.objects.filter(wanted).first()
        raise error
    if to != Act.SEE_EXHIBIT and not exhibits_for(user, to=to).filter(pk=found.pk).exists():
        refused = MayNot(f"You may see exhibit {found.reference}, but your roles do not reach to this.")
        refused.subject = found
        raise refused
    return found


def may_with(user: User, exhibit: Exhibit, act: Act) -> bool:
    """Whether to offer somebody an act on an exhibit."""
    return exhibits_for(user, to=act).filter(pk=exhibit.pk).exists()


def access_copy(user: User, reference: str, number: int, *, to: Act = Act.SEE_EXHIBIT) -> Copy:
    """A copy of an exhibit, for an act. Raises NoSuchExhibit, NoSuchCopy or MayNot."""
    exhibit = access_exhibit(user, reference, to=to)
    found = exhibit.copies.select_related("exhibit", "place", "made_by", "tested_by").filter(number=number).first()
    if found is None:
        raise NoSuchCopy(f"Exhibit {exhibit.reference} has no copy {number}.")
    return found


#: What the media register is filtered by.
COPY_STATES = {
    "here": "In the room",
    "out": "Out of storage",
    "handed-over": "Handed over",
    "destroyed": "Destroyed",
    "due": "Master past its date",
}


def copies_register(user: User, state: str = "") -> QuerySet[Copy]:
    """The copies of all exhibits this person may see, the newest first. Source: BASS-9.3.a, BASS-6.2.3.c.1."""
    rows = Copy.objects.filter(exhibit__in=exhibits_for(user).values("pk"))
    rows = rows.select_related("exhibit", "place", "made_by", "tested_by").order_by("-made_at", "exhibit", "-number")
    wanted = {
        "here": Q(state__in=[CopyState.KEPT, CopyState.OUT]),
        "out": Q(state=CopyState.OUT),
        "handed-over": Q(state=CopyState.HANDED_OVER),
        "destroyed": Q(state=CopyState.DESTROYED),
        "due": Q(kind=CopyKind.MASTER, keep_until__lte=timezone.now()) & ~Q(state=CopyState.DESTROYED),
    }
    return rows.filter(wanted[state]) if state in wanted else rows


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


def access_place(place_id: UUID) -> StoragePlace:
    """A storage place; who may see its page is the page's to ask. Raises NoSuchPlace."""
    found = StoragePlace.objects.prefetch_related("keepers").filter(pk=place_id).first()
    if found is None:
        raise NoSuchPlace("There is no such storage place.")
    return found


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


def access_hold_to_say(user: User, hold_id: UUID) -> Hold:
    """A hold of which this person may say why it is kept: any on cameras where they may hold footage themselves.

    Raises NoSuchHold, or MayNot where they may see it only.
    """
    found = holds_for(user).filter(pk=hold_id).first()
    if found is None:
        error = NoSuchHold(f"There is no hold {hold_id}, or it is not yours to know of.")
        error.subject = Hold.objects.filter(pk=hold_id).first()
        raise error
    if not sayable(user, [found]):
        refused = MayNot("You may see this hold, but your roles do not let you hold footage.")
        refused.subject = found
        raise refused
    return found


def sayable(user: User, holds: Sequence[Hold]) -> set[UUID]:
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the register is filtered by; empty words do not filter."""

    words: str = ""
    state: str = ""


def register(user: User, wanted: Wanted) -> QuerySet[Exhibit]:
    """The exhibits a person may see, newest first. Source: BASS-9.3.a (a register of the whole life)."""
    rows = exhibits_for(user).select_related("operator").prefetch_related("clips__camera")
    if wanted.words:
        words = Q(reference__icontains=wanted.words) | Q(reason__icontains=wanted.words)
        words |= Q(case_reference__icontains=wanted.words)
        cameras = Q(clips__camera__number__iexact=wanted.words) | Q(clips__camera__name__icontains=wanted.words)
        rows = rows.filter(words | cameras).distinct()
    if wanted.state in {state.value for state in ExhibitState}:
        rows = rows.filter(state=wanted.state)
    elif wanted.state == "altered":
        rows = rows.exclude(verified_answer__in=["", "good"])
    return rows.order_by("-opened_at", "reference")


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


def seconds_left(exhibit: Exhibit, now: datetime) -> int | None:
    """How long the sealing will take from now, at the rate so far; None while that is unknown."""
    if exhibit.state != ExhibitState.SEALING or not exhibit.progress_done or exhibit.progress_since is None:
        return None
    spent = (now - exhibit.progress_since).total_seconds()
    return max(1, round(spent / exhibit.progress_done * (exhibit.progress_total - exhibit.progress_done)))
