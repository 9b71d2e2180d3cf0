"""Exhibits for scripts: seal, ask, fetch the bag."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from ninja import Field, Path, Query, Router, Schema, Status

from footage.times import utc_90k, utc_text
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.evidence import services
from overt.evidence.download import bag_response
from overt.evidence.hold_api import router as holds
from overt.evidence.models import Exhibit
from overt.evidence.queries import access_exhibit, seconds_left
from overt.evidence.services import ClipWish
from overt.shared.api_types import Time
from overt.shared.recordings import FileOut, GapOut
from overt.shared.rfc3339 import moment

router = Router(tags=["exhibits"])
router.add_router("", holds)

Reference = Annotated[str, Field(min_length=1, max_length=40, description="An exhibit's reference: JD-7.")]


class ClipIn(Schema):
    """A span of one camera, half-open. `hold_id` names a hold that covers it already."""

    camera: str = Field(min_length=1, max_length=12, description="A camera's number: 127, R2.")
    start: Time
    end: Time
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


class ClipOut(Schema):
    camera: str
    start: Time
    end: Time
    files: list[FileOut]
    gaps: list[GapOut]
    clock_offset_ms: int | None = Field(description="The camera's clock minus the server's; null where not measured.")


class ExhibitOut(Schema):
    """An exhibit. `state` is sealing, sealed or failed; `failure` says why it failed."""

    reference: str
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


@router.post("/exhibits", response={202: ExhibitOut}, summary="Seal footage as an exhibit")
def post_exhibit(request: HttpRequest, response: HttpResponse, body: ExhibitIn) -> Status[ExhibitOut]:
    """Begins the sealing and answers at once; ask for the exhibit until its state is sealed or failed.

    Codes: bad-reference, reference-used (409), reason-missing, bad-span, span-in-future, no-footage, no-such-camera.
    """
    wishes = [_wish(clip) for clip in body.clips]
    found, _ = services.open_exhibit(
        signed_in(request),
        body.reference,
        body.reason,
        wishes,
        case=body.case_reference,
        requester=body.requester,
        stills=body.stills,
    )
    response["Location"] = f"/api/v1/exhibits/{found.reference}"
    return Status(202, _out(found))


@router.get("/exhibits/{reference}", response=ExhibitOut, summary="An exhibit")
def get_exhibit(request: HttpRequest, reference: Path[Reference]) -> ExhibitOut:
    """Each look at an exhibit is a logbook entry."""
    user = signed_in(request)
    found = access_exhibit(user, reference)
    services.note_seen(found, by=user)
    return _out(found)


@router.get(
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
def get_bag(
    request: HttpRequest,
    reference: Path[Reference],
    reason: Annotated[
        str, Query(max_length=500, description="Why, where the policy asks; or the header X-Reason.")
    ] = "",
) -> HttpResponseBase:
    """Each download is a logbook entry, with its reason, that names the cameras and the times.

    409 wrong-state before it is sealed, 409 reason-required where the policy asks why and nothing is said.
    """
    user = signed_in(request)
    found = access_exhibit(user, reference, to=Act.EXPORT_BAG)
    why = reason or request.headers.get("X-Reason", "")
    return bag_response(services.note_download(found, by=user, reason=why), found.reference)


def _wish(clip: ClipIn) -> ClipWish:
    start, end = utc_90k(moment(clip.start, "start")), utc_90k(moment(clip.end, "end"))
    return ClipWish(clip.camera, start, end, clip.hold_id)


def _out(found: Exhibit) -> ExhibitOut:
    return ExhibitOut(
        reference=found.reference,
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
        clips=[
            ClipOut(
                camera=clip.camera.number,
                start=utc_text(clip.start_90k),
                end=utc_text(clip.end_90k),
                files=[FileOut(**cut.as_json()) for cut in clip.files_cut],
                gaps=[GapOut(**gap.as_json()) for gap in clip.gaps_found],
                clock_offset_ms=clip.clock_offset_ms,
            )
            for clip in found.clips.select_related("camera")
        ],
    )


def _iso(value: object) -> str | None:
    return value.isoformat() if hasattr(value, "isoformat") else None
