"""Holds: what is held, holding it on a ground, and what the review page marks and lets go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from footage.contract import Gap
from footage.times import utc_text
from overt.access.doors import need
from overt.access.queries import may
from overt.access.rules import Act
from overt.accounts.api_auth import PAGE_AUTH
from overt.accounts.requests import signed_in
from overt.evidence.holds import queries, services
from overt.evidence.holds.rules import Grounds
from overt.evidence.holds.services import note_holds_seen
from overt.evidence.holds.words import is_due
from overt.evidence.models import Hold
from overt.evidence.moments import end_of_day
from overt.shared.api_types import Moment, Number, Time, Utc, count_of
from overt.shared.recordings import GapOut

router = Router(tags=["holds"])


class HoldIn(Schema):
    """A span of one camera, half-open, and why it is kept past its period."""

    camera: Number
    start: Moment
    end: Moment
    ground: str = Field(min_length=1, max_length=60, description="A code of the policy's hold_grounds.")
    case_reference: str = Field(min_length=1, max_length=80)
    requester: str = Field(min_length=1, max_length=120)
    review_on: date
    ends_on: date | None = Field(default=None, description="Its last day; without one it lasts until it is released.")
    reason: str = Field(default="", max_length=500)


class MarkIn(Schema):
    """A span of one camera that is marked in review. Why it is kept is said whole, or later."""

    camera: Number
    start: Moment
    end: Moment
    reason: str = Field(default="", max_length=500)
    ground: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    case_reference: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    requester: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    review_on: date | None = None
    ends_on: date | None = None


class MarkOut(Schema):
    """A mark is a hold from the moment it is made. One that is not `grounded` ends with the footage's own period."""

    hold_id: UUID
    until: Time | None = Field(description="Null: until it is released.")
    camera: str
    start_90k: Utc
    end_90k: Utc
    grounded: bool
    url: str = Field(description="Where to say why it is kept.")
    gaps: list[GapOut]


class ReleaseIn(Schema):
    reason: str = Field(default="", max_length=500)


class ReleaseOut(Schema):
    hold_id: UUID
    state: str


class HoldOut(Schema):
    """A hold. Without a `ground` it was marked in review, and does not outlive the footage's own period."""

    id: str
    camera: str
    start: Time
    end: Time
    ground: str
    case_reference: str
    requester: str
    review_on: date | None
    review_due: bool
    until: Time | None = Field(description="Null: until it is released.")
    reason: str
    exhibit: str | None


@router.get("/holds", response=list[HoldOut], summary="What is held now")
def get_holds(request: HttpRequest) -> list[HoldOut]:
    """What waits for somebody comes first. Each look is a logbook entry."""
    user = signed_in(request)
    if not may(user, Act.MARK_HOLD):
        need(user, Act.SEE_EXHIBIT)
    held = queries.holds_in_force(user, timezone.now())
    note_holds_seen(len(held), by=user)
    return [_out(hold) for hold in held]


@router.post("/holds", response={201: HoldOut}, summary="Hold footage on a ground")
def post_hold(request: HttpRequest, body: HoldIn) -> Status[HoldOut]:
    """From now on retention leaves the span alone.

    Codes: ground-missing, bad-ground, reason-missing, bad-span, span-in-future, no-footage, no-such-camera.
    """
    start, end = count_of(body.start, "start"), count_of(body.end, "end")
    grounds = Grounds(body.ground, body.case_reference, body.requester, body.review_on)
    ends_at = end_of_day(body.ends_on) if body.ends_on else None
    user = signed_in(request)
    hold, _ = services.mark(user, body.camera, start, end, body.reason, grounds=grounds, ends_at=ends_at)
    return Status(201, _out(hold))


@router.post("/marks", response={201: MarkOut}, auth=PAGE_AUTH, summary="Hold what was marked in review")
def post_mark(request: HttpRequest, body: MarkIn) -> Status[MarkOut]:
    """As POST /holds, but for the ground, which may be given later.

    Codes: ground-missing, bad-ground, reason-missing, bad-span, span-in-future, no-footage, no-such-camera.
    """
    user = signed_in(request)
    need(user, Act.MARK_HOLD)
    hold, missing = services.mark(
        user,
        body.camera,
        count_of(body.start, "start"),
        count_of(body.end, "end"),
        body.reason,
        grounds=_grounds(body),
        ends_at=end_of_day(body.ends_on) if body.ends_on else None,
    )
    return Status(201, _mark(hold, missing))


@router.post("/holds/{hold_id}/release", response=ReleaseOut, auth=PAGE_AUTH, summary="Let held footage go")
def release_hold(request: HttpRequest, hold_id: UUID, body: ReleaseIn) -> ReleaseOut:
    """Codes: no-such-hold, reason-missing, wrong-state."""
    user = signed_in(request)
    hold = queries.access_hold(user, hold_id)
    services.release_hold(hold, by=user, reason=body.reason)
    return ReleaseOut(hold_id=hold.pk, state="released")


def _grounds(body: MarkIn) -> Grounds | None:
    """Why footage is kept, where anything of it is said."""
    if not (body.ground or body.case_reference or body.requester or body.review_on):
        return None
    return Grounds(body.ground or "", body.case_reference or "", body.requester or "", body.review_on)


def _mark(hold: Hold, missing: Sequence[Gap]) -> MarkOut:
    return MarkOut(
        hold_id=hold.pk,
        until=hold.expires_at.isoformat() if hold.expires_at else None,
        camera=hold.camera.number,
        start_90k=hold.start_90k,
        end_90k=hold.end_90k,
        grounded=bool(hold.ground),
        url=f"/exhibits/holds/{hold.pk}/",
        gaps=[GapOut(**gap.as_json()) for gap in missing],
    )


def _out(hold: Hold) -> HoldOut:
    return HoldOut(
        id=str(hold.pk),
        camera=hold.camera.number,
        start=utc_text(hold.start_90k),
        end=utc_text(hold.end_90k),
        ground=hold.ground,
        case_reference=hold.case_reference,
        requester=hold.requester,
        review_on=hold.review_on,
        review_due=is_due(hold, timezone.now()),
        until=hold.expires_at.isoformat() if hold.expires_at else None,
        reason=hold.reason,
        exhibit=hold.exhibit.reference if hold.exhibit else None,
    )
