"""Holds for scripts: what is held, and holding it on a ground."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from footage.times import utc_90k, utc_text
from overt.access.doors import need
from overt.access.queries import may
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.evidence import queries, services
from overt.evidence.hold_words import is_due
from overt.evidence.holding import Grounds
from overt.evidence.models import Hold
from overt.evidence.moments import end_of_day
from overt.shared.api_types import Time
from overt.shared.rfc3339 import moment

router = Router(tags=["holds"])


class HoldIn(Schema):
    """A span of one camera, half-open, and why it is kept past its period."""

    camera: str = Field(min_length=1, max_length=12, description="A camera's number: 127, R2.")
    start: Time
    end: Time
    ground: str = Field(min_length=1, max_length=60, description="A code of the policy's hold_grounds.")
    case_reference: str = Field(min_length=1, max_length=80)
    requester: str = Field(min_length=1, max_length=120)
    review_on: date
    ends_on: date | None = Field(default=None, description="Its last day; without one it lasts until it is released.")
    reason: str = Field(default="", max_length=500)


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
    services.note_holds_seen(len(held), by=user)
    return [_out(hold) for hold in held]


@router.post("/holds", response={201: HoldOut}, summary="Hold footage on a ground")
def post_hold(request: HttpRequest, body: HoldIn) -> Status[HoldOut]:
    """From now on retention leaves the span alone.

    Codes: ground-missing, bad-ground, reason-missing, bad-span, span-in-future, no-footage, no-such-camera.
    """
    start, end = utc_90k(moment(body.start, "start")), utc_90k(moment(body.end, "end"))
    grounds = Grounds(body.ground, body.case_reference, body.requester, body.review_on)
    ends_at = end_of_day(body.ends_on) if body.ends_on else None
    user = signed_in(request)
    hold, _ = services.mark(user, body.camera, start, end, body.reason, grounds=grounds, ends_at=ends_at)
    return Status(201, _out(hold))


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
