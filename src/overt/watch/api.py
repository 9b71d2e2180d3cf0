"""What the wall and the review ask while they are open. Each question is its person's own, so no token may ask it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Status

from overt.access.doors import need
from overt.access.queries import may
from overt.access.rules import Act
from overt.accounts.api_auth import PAGE_AUTH
from overt.accounts.requests import signed_in
from overt.accounts.sessions import row_of
from overt.shared.api_types import UtcAsked
from overt.shared.recordings import TimelineOut
from overt.watch.live.services import close_live, open_live, renew_live, write_entry
from overt.watch.reviews.queries import camera_timeline
from overt.watch.reviews.services import add_camera, review_ticket
from overt.watch.shapes import (
    CameraIn,
    EntryIn,
    EntryWritten,
    LiveAddress,
    Opening,
    ReviewedCamera,
    StateNow,
    TicketIn,
    TicketOut,
    TypedNumber,
    ViewingClosed,
)
from overt.watch.state import state_now
from overt.watch.supervised.queries import camera_to_review, supervision_of

router = Router(tags=["watch"], auth=PAGE_AUTH)


@router.get("/watch/now", response=StateNow, url_name="watch-now", summary="What the rails show")
def get_now(request: HttpRequest) -> StateNow:
    """Asked for every few seconds by a page that is seen."""
    user = signed_in(request)
    need(user, Act.REVIEW if may(user, Act.REVIEW) else Act.VIEW_LIVE)
    return state_now(user, timezone.now())


@router.post("/watch/viewings", response={201: Opening}, summary="Put a camera on the wall")
def post_viewing(request: HttpRequest, body: CameraIn) -> Status[Opening]:
    """One opening, one logbook entry."""
    viewing, address = open_live(signed_in(request), body.camera, session=row_of(request.session))
    return Status(201, Opening(viewing=viewing.pk, address=address.address, expires=address.expires))


@router.post("/watch/viewings/{viewing_id}/renew", response=LiveAddress, summary="A fresh address for an opening")
def renew_viewing(request: HttpRequest, viewing_id: UUID) -> LiveAddress:
    address = renew_live(signed_in(request), viewing_id, session=row_of(request.session))
    return LiveAddress(address=address.address, expires=address.expires)


@router.post("/watch/viewings/{viewing_id}/close", response=ViewingClosed, summary="Take a camera off the wall")
def close_viewing(request: HttpRequest, viewing_id: UUID) -> ViewingClosed:
    """One that is over already is no error: a page may say goodbye twice."""
    close_live(signed_in(request), viewing_id)
    return ViewingClosed(viewing=viewing_id)


@router.post("/watch/entries", response={201: EntryWritten}, summary="Write a line of the occurrence book")
def post_entry(request: HttpRequest, body: EntryIn) -> Status[EntryWritten]:
    user = signed_in(request)
    need(user, Act.WRITE_ENTRY)
    act = Act.VIEW_LIVE if may(user, Act.VIEW_LIVE) else Act.REVIEW
    number = write_entry(user, body.text, number=body.camera or "", at_90k=body.at_90k, to=act)
    return Status(201, EntryWritten(number=number))


@router.get("/watch/timelines/{number}", response=TimelineOut, summary="The time line of a camera under review")
def get_timeline(
    request: HttpRequest, number: Path[TypedNumber], start: Query[UtcAsked], end: Query[UtcAsked]
) -> TimelineOut:
    """Of any length; 409 bad-span where the end is not later than the start."""
    user = signed_in(request)
    camera = camera_to_review(user, number, supervision_of(user))
    return camera_timeline(camera, start, end)


@router.post("/watch/reviews/{review_id}/tickets", response={201: TicketOut}, summary="An address for recordings")
def post_ticket(request: HttpRequest, review_id: UUID, body: TicketIn) -> Status[TicketOut]:
    """One camera and one day of an open review; a day that is new to it is an entry first."""
    session = row_of(request.session)
    found = review_ticket(signed_in(request), review_id, body.camera, body.day, session=session)
    span = {"start_90k": found.start_90k, "end_90k": found.end_90k}
    return Status(201, TicketOut(address=found.address, expires=found.expires, **span))


@router.post("/watch/reviews/{review_id}/cameras", response={201: ReviewedCamera}, summary="Add a camera to a review")
def post_review_camera(request: HttpRequest, review_id: UUID, body: CameraIn) -> Status[ReviewedCamera]:
    camera = add_camera(signed_in(request), review_id, body.camera)
    return Status(201, ReviewedCamera(number=camera.number, name=camera.name))
