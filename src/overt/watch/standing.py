"""Whether what an address was given for still stands: what the gateway asks while it serves.

The rules themselves are asked again, not a list of what has been ended: so a right ends at the gateway in whichever way
it ends here (an account suspended, a session over, a role withdrawn, lapsed or withheld, a camera retired or moved, a
picture or a review closed, a supervision over), and no act can forget to say so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import Error as DatabaseError
from django.db import connections
from django.utils import timezone

from overt.access.rules import Act
from overt.accounts.sessions import in_use
from overt.estate.models import Camera
from overt.estate.queries import NoSuchCamera
from overt.shared.engine import Ticket, TicketAct
from overt.watch.models import LiveViewing, PlaybackReview
from overt.watch.reviews.queries import is_still_open
from overt.watch.supervised.queries import camera_to_review

if TYPE_CHECKING:
    from overt.accounts.models import User


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a ticket was given for: an opening of a camera or a review, in one session (its key in the database)."""

    look: UUID
    session: str

    def __str__(self) -> str:
        return f"{self.look}/{self.session}"

    @classmethod
    def of(cls, ticket: Ticket) -> Purpose:
        """Raises ValueError where the ticket names none."""
        return cls.read(ticket.under)

    @classmethod
    def read(cls, text: str) -> Purpose:
        """Raises ValueError where the text names none."""
        look, _, session = text.partition("/")
        return cls(UUID(look), session)


@dataclass(frozen=True, slots=True)
class _Claim:
    ticket: Ticket
    purpose: Purpose


def ended(tickets: Collection[Ticket]) -> set[Ticket]:
    """Those of the tickets whose right has ended. For a thread of its own, whose connection it keeps.

    Raises a database error where it cannot be told. Source: HERTS-2.1 (refused at the video gateway).
    """
    try:
        return set(tickets) - _standing(tickets, timezone.now())
    except DatabaseError:
        connections.close_all()  # the next question begins with a connection of its own
        raise


def _standing(tickets: Collection[Ticket], now: datetime) -> set[Ticket]:
    claims = sorted((claim for ticket in tickets if (claim := _claim(ticket))), key=lambda one: one.ticket.viewer)
    people = in_use({claim.purpose.session for claim in claims}, now)
    found: set[Ticket] = set()
    for viewer, of_one in groupby(claims, key=lambda one: one.ticket.viewer):
        theirs = [claim for claim in of_one if _is_of(people.get(claim.purpose.session), viewer)]
        if theirs:
            user = people[theirs[0].purpose.session]
            found.update(_live(user, [one for one in theirs if one.ticket.act == TicketAct.LIVE]))
            found.update(_reviewed(user, [one for one in theirs if one.ticket.act == TicketAct.REVIEW], now))
    return found


def _claim(ticket: Ticket) -> _Claim | None:
    try:
        return _Claim(ticket, Purpose.of(ticket))
    except ValueError:
        return None


def _is_of(user: User | None, viewer: str) -> bool:
    return user is not None and str(user.pk) == viewer


def _live(user: User, claims: Collection[_Claim]) -> Iterable[Ticket]:
    """Those on the wall still, of cameras that are in use and this person's to watch."""
    if not claims:
        return
    looks = [claim.purpose.look for claim in claims]
    rows = LiveViewing.objects.filter(pk__in=looks, viewer=user, closed_at=None)
    on_the_wall = dict(rows.values_list("pk", "camera_id"))
    cameras = Camera.objects.visible_to(user, to=Act.VIEW_LIVE).in_use().filter(pk__in=on_the_wall.values())
    visible = set(cameras.values_list("pk", flat=True))
    for claim in claims:
        camera = on_the_wall.get(claim.purpose.look)
        if camera == claim.ticket.camera_id and camera in visible:
            yield claim.ticket


def _reviewed(user: User, claims: Collection[_Claim], now: datetime) -> Iterable[Ticket]:
    """Those of open reviews, of cameras that belong to them and whose recordings are this person's to look at."""
    if not claims:
        return
    looks = [claim.purpose.look for claim in claims]
    rows = PlaybackReview.objects.filter(pk__in=looks, viewer=user, closed_at=None)
    related = rows.select_related("supervised__supervisor", "supervised__engineer").prefetch_related("cameras")
    cameras = {
        (review.pk, camera.pk)
        for review in related
        if is_still_open(review, now)
        for camera in review.cameras.all()
        if _may_review(user, camera, review)
    }
    for claim in claims:
        if (claim.purpose.look, claim.ticket.camera_id) in cameras:
            yield claim.ticket


def _may_review(user: User, camera: Camera, review: PlaybackReview) -> bool:
    try:
        return bool(camera_to_review(user, camera.number, review.supervised).pk == camera.pk)
    except NoSuchCamera:
        return False
