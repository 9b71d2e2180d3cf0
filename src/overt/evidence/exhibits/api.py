"""Exhibits for scripts: seal, ask, fetch the bag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from ninja import Field, Path, Query, Router, Schema, Status

from footage.contract import Gap
from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.api_auth import PAGE_AUTH
from overt.accounts.requests import signed_in
from overt.evidence.copies.download import bag_response
from overt.evidence.copies.export import note_download
from overt.evidence.exhibits.looks import note_seen
from overt.evidence.exhibits.queries import access_exhibit, seconds_left
from overt.evidence.exhibits.services.opening import ClipRequest, open_exhibit
from overt.evidence.models import Exhibit, ExhibitClip
from overt.shared.api_types import Moment, Number, Time, count_of
from overt.shared.recordings import ClipOut

router = Router(tags=["exhibits"])

Reference = Annotated[str, Field(min_length=1, max_length=40, description="An exhibit's reference: JD-7.")]


class ClipIn(Schema):
    """A span of one camera, half-open. `hold_id` names a hold that covers it already."""

    camera: Number
    start: Moment
    end: Moment
    hold_id: UUID | None = None


class ExhibitIn(Schema):
    reference: str = Field(min_length=1, max_length=40)
    reason: str = Field(default="", max_length=500)
    case_reference: str = Field(default="", max_length=80, description="Empty: the exhibit's own reference.")
    requester: str = Field(default="", max_length=120, description="Who asked for it. Empty: whoever seals.")
    clips: list[ClipIn] = Field(min_length=1, max_length=50)
    stills: list[Annotated[int, Field(ge=1, lt=2**31)]] = Field(
        default=[], max_length=50, description="Numbers of stills of these clips, to be sealed with them."
    )


class ExhibitOut(Schema):
    """An exhibit. `state` is sealing, sealed or failed; `failure` says why it failed."""

    reference: str
    url: str = Field(description="Its page.")
    state: str
    reason: str
    case_reference: str
    requester: str
    operator: str
    opened_at: Time
    sealed_at: Time | None
    keep_until: Time | None
    time_stamped_at: Time | None
    verified_at: Time | None
    verified: str = Field(description="good, altered, another answer of the verifier, or empty while not verified.")
    key_fingerprint: str
    tagmanifest_sha512: str
    size_bytes: int
    seconds_left: int | None
    failure: str
    clips: list[ClipOut]


class ProgressOut(Schema):
    """`done` of `total` parts of the work are behind; `seconds_left` is null while that is unknown."""

    state: str
    done: int
    total: int
    seconds_left: int | None
    failure: str


@router.post("/exhibits", response={202: ExhibitOut}, summary="Seal footage as an exhibit")
def post_exhibit(request: HttpRequest, response: HttpResponse, body: ExhibitIn) -> Status[ExhibitOut]:
    """Begins the sealing and answers at once; ask for the exhibit until its state is sealed or failed.

    Codes: bad-reference, reference-used (409), reason-missing, bad-span, span-in-future, no-footage, no-such-camera.
    """
    user = signed_in(request)
    need(user, Act.SEAL_EXHIBIT)
    wishes = [_wish(clip) for clip in body.clips]
    found, missing = open_exhibit(
        user,
        body.reference,
        body.reason,
        wishes,
        case=body.case_reference,
        requester=body.requester,
        stills=body.stills,
    )
    response["Location"] = f"/api/v1/exhibits/{found.reference}"
    return Status(202, _out(found, missing))


@router.get("/exhibits/{reference}", response=ExhibitOut, summary="An exhibit")
def get_exhibit(request: HttpRequest, reference: Path[Reference]) -> ExhibitOut:
    """Each look at an exhibit is a logbook entry."""
    user = signed_in(request)
    found = access_exhibit(user, reference)
    note_seen(found, by=user)
    return _out(found)


@router.get(
    "/exhibits/{reference}/progress",
    response=ProgressOut,
    url_name="exhibit-progress",
    auth=PAGE_AUTH,
    summary="How far its sealing is",
)
def get_progress(request: HttpRequest, reference: Path[Reference]) -> ProgressOut:
    """Asked for again and again by the page that shows it, whose opening was the entry."""
    found = access_exhibit(signed_in(request), reference)
    return ProgressOut(
        state=found.state,
        done=found.progress_done,
        total=found.progress_total,
        seconds_left=seconds_left(found, timezone.now()),
        failure=found.failure,
    )


@router.post(
    "/exhibits/{reference}/bag",
    summary="The sealed bag as a ZIP",
    openapi_extra={
        "responses": {
            200: {
                "description": "The bag's files, each under the reference as a folder; not compressed.",
                "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def take_bag(
    request: HttpRequest,
    reference: Path[Reference],
    reason: Annotated[
        str, Query(max_length=500, description="Why, where the policy asks; or the header X-Reason.")
    ] = "",
) -> HttpResponseBase:
    """Each download is a copy with its number, and a logbook entry that names its reason, the cameras and the times.

    409 wrong-state before it is sealed, 409 reason-missing where the policy asks why and nothing is said.
    """
    user = signed_in(request)
    found = access_exhibit(user, reference, to=Act.EXPORT_BAG)
    why = reason or request.headers.get("X-Reason", "")
    return bag_response(note_download(found, by=user, reason=why), found.reference)


def _wish(clip: ClipIn) -> ClipRequest:
    return ClipRequest(clip.camera, count_of(clip.start, "start"), count_of(clip.end, "end"), clip.hold_id)


def _out(found: Exhibit, missing: Sequence[Gap] = ()) -> ExhibitOut:
    """`missing`: what its cameras' time lines lacked when it was opened, where that is all that is known yet."""
    return ExhibitOut(
        reference=found.reference,
        url=found.get_absolute_url(),
        state=found.state,
        reason=found.reason,
        case_reference=found.case_reference,
        requester=found.requester,
        operator=found.operator.full_name if found.operator else "",
        opened_at=found.opened_at.isoformat(),
        sealed_at=_iso(found.sealed_at),
        keep_until=_iso(found.keep_until),
        time_stamped_at=_iso(found.time_stamped_at),
        verified_at=_iso(found.verified_at),
        verified=found.verified_answer,
        key_fingerprint=found.key_fingerprint,
        tagmanifest_sha512=found.tags_sha512,
        size_bytes=found.size_bytes,
        seconds_left=seconds_left(found, timezone.now()),
        failure=found.failure,
        clips=[_clip(clip, missing) for clip in found.clips.select_related("camera")],
    )


def _clip(clip: ExhibitClip, missing: Sequence[Gap]) -> ClipOut:
    mine = [g for g in missing if g.camera_id == clip.camera_id and clip.start_90k <= g.start_90k < clip.end_90k]
    receipt = clip.receipt if clip.gaps else replace(clip.receipt, gaps=tuple(mine))
    return ClipOut(**receipt.as_json() | {"camera": clip.camera.number})


def _iso(value: object) -> str | None:
    return value.isoformat() if hasattr(value, "isoformat") else None
