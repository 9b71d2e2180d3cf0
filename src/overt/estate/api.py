"""Cameras for scripts: the list, a camera, its timeline, a single picture."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Field, Path, Query, Router, Schema

from footage.contract import CameraId, SoundCondition
from footage.times import utc_90k, utc_text
from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.estate.cameras.states import CameraState, states_now
from overt.estate.log_actions import FRAME_SEEN, FrameSeen
from overt.estate.models import Camera, SoundOrder
from overt.estate.node import node
from overt.estate.queries import CameraFilter, access_camera, cameras_listed
from overt.estate.sound.queries import orders_in_force
from overt.logbook.services import log
from overt.policy.queries import policy_in_force
from overt.policy.reasons import for_act
from overt.shared.api_types import Number, Time
from overt.shared.errors import BadInput
from overt.shared.lines import printable
from overt.shared.recordings import CameraNoteOut, TimelineOut, timeline_out
from overt.shared.rfc3339 import moment

router = Router(tags=["cameras"])

LONGEST_TIMELINE = timedelta(days=31)


class BadRange(BadInput):
    """The range ends before it begins, or is longer than is answered at once."""

    code = "bad-span"


class SoundOut(Schema):
    """By what order a camera's sound is recorded, and how it is: recording, silent, unavailable or off."""

    until: Time = Field(description="It ends then by itself.")
    case_reference: str
    asked_by: str
    approved_by: str
    condition: str
    detail: str


class CameraOut(Schema):
    """A camera and how it is now. `state` is its condition; `since` when that began."""

    number: str
    name: str
    kind: str = Field(description="fixed, ptz or mobile")
    town: str
    partner: str
    groups: list[str]
    latitude: float | None
    longitude: float | None
    bearing_degrees: int | None
    recorded: bool
    retention_days: int = Field(description="The camera's own period where it is shorter than the scheme's.")
    state: str
    since: Time | None
    detail: str
    notes: list[CameraNoteOut] = Field(
        description="What the recorder noticed, in the order in which it would be mended."
    )
    sound: SoundOut | None = Field(description="null: its sound is off, as every camera's is without an order.")


@router.get("/cameras", response=list[CameraOut], summary="The cameras you may know of")
def list_cameras(request: HttpRequest) -> list[CameraOut]:
    need(signed_in(request), Act.SEE_CAMERA)
    listed = cameras_listed(signed_in(request), states_now(), CameraFilter(sort="number"))
    days = policy_in_force().retention_days
    sounding = orders_in_force()
    return [_camera(camera, state, days, sounding.get(camera.pk)) for camera, state in listed]


@router.get("/cameras/{number}", response=CameraOut, summary="A camera")
def get_camera(request: HttpRequest, number: Path[Number]) -> CameraOut:
    camera = access_camera(signed_in(request), number, to=Act.SEE_CAMERA)
    days, sounding = policy_in_force().retention_days, orders_in_force()
    return _camera(camera, states_now().of(camera), days, sounding.get(camera.pk))


@router.get("/cameras/{number}/timeline", response=TimelineOut, summary="What was recorded, what was not, and why")
def get_timeline(request: HttpRequest, number: Path[Number], start: Query[Time], end: Query[Time]) -> TimelineOut:
    """Spans, gaps with their causes and holds between two moments, at most 31 days apart."""
    camera = access_camera(signed_in(request), number, to=Act.REVIEW)
    first, last = moment(start, "start"), moment(end, "end")
    _check_range(first, last)
    found = node().timeline(CameraId(camera.pk), utc_90k(first), utc_90k(last))
    return timeline_out(camera.number, found)


@router.get(
    "/cameras/{number}/frame",
    summary="The picture shown at a moment",
    openapi_extra={
        "responses": {
            200: {
                "description": "A JPEG; the header X-At tells the picture's own time.",
                "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def get_frame(
    request: HttpRequest,
    number: Path[Number],
    at: Query[Time],
    reason: Annotated[
        str, Query(max_length=500, description="Why, where the policy asks; or the header X-Reason.")
    ] = "",
    width: Annotated[int | None, Query(ge=16, le=4096, description="At most this many pixels wide.")] = None,
) -> HttpResponse:
    """Looking at a recorded picture is reviewing: it takes the same role and leaves the same kind of entry."""
    user = signed_in(request)
    camera = access_camera(user, number, to=Act.REVIEW)
    when = moment(at, "at")
    words = "Say why you look at recordings: reason=... in the address, or the header X-Reason."
    why = for_act(Act.REVIEW, printable(reason or request.headers.get("X-Reason", "")), words)
    still = node().still(CameraId(camera.pk), utc_90k(when), max_width=width)
    with transaction.atomic():
        log(FRAME_SEEN, camera, by=user, reason=why, facts=FrameSeen(still.at_90k))
    response = HttpResponse(still.jpeg, content_type="image/jpeg")
    response["X-At"] = utc_text(still.at_90k)
    response["Cache-Control"] = "no-store"
    return response


def _check_range(first: datetime, last: datetime) -> None:
    if last <= first:
        raise BadRange("The range ends before it begins: end must come after start.")
    if last - first > LONGEST_TIMELINE:
        raise BadRange("At most 31 days are answered at once. Ask for them in parts.")


def _camera(camera: Camera, state: CameraState, days: int, order: SoundOrder | None) -> CameraOut:
    return CameraOut(
        number=camera.number,
        name=camera.name,
        kind=camera.kind,
        town=camera.town.name,
        partner=camera.partner.name,
        groups=sorted(group.name for group in camera.groups.all()),
        latitude=None if camera.latitude is None else float(camera.latitude),
        longitude=None if camera.longitude is None else float(camera.longitude),
        bearing_degrees=camera.bearing_degrees,
        recorded=camera.recorded and camera.retired_at is None,
        retention_days=camera.retention_days or days,
        state=state.key,
        since=None if state.since is None else utc_text(utc_90k(state.since)),
        detail=state.detail,
        notes=[CameraNoteOut(code=note.code, text=note.text) for note in state.notes],
        sound=None if order is None else _sound(order, state),
    )


def _sound(order: SoundOrder, state: CameraState) -> SoundOut:
    health = state.health
    return SoundOut(
        until=utc_text(utc_90k(order.until)),
        case_reference=order.case_reference,
        asked_by=str(order.asked_by),
        approved_by=str(order.decided_by),
        condition=health.sound.value if health else SoundCondition.OFF.value,
        detail=health.sound_detail if health else "",
    )
