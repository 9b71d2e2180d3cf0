"""Turns what the node cut and what the records say into the typed facts of a bag."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from footage.contract import ClipReceipt, NodeHealth, gaps_of_span
from footage.times import utc_datetime, utc_shown
from overt.estate.models import Camera
from overt.evidence.bag.facts import CameraFacts, ClipFacts, ExhibitFacts, FileFacts, StillFacts, stamp
from overt.evidence.bag.index import read_index
from overt.evidence.models import Exhibit, ExhibitClip, Still
from overt.evidence.moments import zone
from overt.policy.queries import policy_in_force
from overt.shared.canonical import Json


def clip_facts(clip: ExhibitClip, receipt: ClipReceipt, paths: Sequence[Path]) -> ClipFacts:
    """A clip that was just cut; `paths` are its files as they are called in the bag."""
    files = tuple(
        FileFacts(replace(cut, path=path), read_index(path, cut.start_90k))
        for cut, path in zip(receipt.files, paths, strict=True)
    )
    gaps = tuple(gaps_of_span(receipt.gaps, clip.start_90k, clip.end_90k))
    offset = None if receipt.clock_offset_ms is None else round(receipt.clock_offset_ms)
    return ClipFacts(
        clip.position,
        camera_facts(clip.camera),
        clip.start_90k,
        clip.end_90k,
        files,
        gaps,
        receipt.sources,
        offset,
        _kept(clip),
    )


def _kept(clip: ExhibitClip) -> datetime:
    days = clip.camera.retention_days or policy_in_force().retention_days
    return utc_datetime(clip.end_90k) + timedelta(days=days)


def camera_facts(camera: Camera) -> CameraFacts:
    return CameraFacts(
        camera_id=str(camera.pk),
        number=camera.number,
        name=camera.name,
        kind=camera.get_kind_display(),
        partner=str(camera.partner),
        town=str(camera.town),
        latitude="" if camera.latitude is None else str(camera.latitude),
        longitude="" if camera.longitude is None else str(camera.longitude),
        bearing_degrees=camera.bearing_degrees,
    )


def exhibit_facts(
    exhibit: Exhibit, clips: Sequence[ClipFacts], health: NodeHealth | None, logbook: dict[str, Json]
) -> ExhibitFacts:
    """Everything exhibit.json says of a sealed exhibit."""
    sealed_at = exhibit.sealed_at
    assert sealed_at is not None  # set in the transaction that logged the sealing
    return ExhibitFacts(
        reference=exhibit.reference,
        scheme=policy_in_force().scheme_name,
        zone=zone(),
        reason=exhibit.reason,
        stills=tuple(still_facts(still) for still in stills_of(exhibit)),
        case_reference=exhibit.case_reference,
        requester=exhibit.requester,
        operator=exhibit.operator.full_name if exhibit.operator else "",
        opened_at=exhibit.opened_at,
        sealed_at=sealed_at,
        keep_until=exhibit.keep_until,
        clips=tuple(clips),
        parent=exhibit.parent.reference if exhibit.parent else "",
        holds=tuple(_hold(clip) for clip in exhibit.clips.select_related("hold__placed_by") if clip.hold),
        recorder=health_json(health, exhibit),
        software={"name": "Overt", "version": software_version(), "python": platform.python_version()},
        logbook=logbook,
        time_stamp_authority=settings.TIME_STAMP_AUTHORITY,
    )


def stills_of(exhibit: Exhibit) -> Sequence[Still]:
    return list(exhibit.stills.select_related("camera", "authoriser", "made_by").order_by("number"))


def still_name(still: Still) -> str:
    """JD-7_still-12_camera-127_20261122T021407360Z.jpg: as the recordings are named."""
    assert still.exhibit is not None
    moment = utc_shown(still.at_90k)
    when = f"{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03d}Z"
    return f"{still.exhibit.reference}_still-{still.number}_camera-{still.camera.number}_{when}.jpg"


def still_facts(still: Still) -> StillFacts:
    return StillFacts(
        still_name(still),
        still.number,
        still.camera.number,
        still.at_90k,
        still.start_90k,
        still.end_90k,
        still.sha512,
        still.necessity,
        still.authoriser.full_name,
        still.made_by.full_name,
        still.made_at,
    )


def _hold(clip: ExhibitClip) -> dict[str, Json]:
    hold = clip.hold
    assert hold is not None
    return {
        "id": str(hold.pk),
        "clip": clip.position,
        "placed_at": stamp(hold.placed_at),
        "placed_by": hold.placed_by.full_name if hold.placed_by else None,
        "reason": hold.reason,
        "ground": hold.ground or None,
        "case_reference": hold.case_reference or None,
        "requester": hold.requester or None,
        "review_on": str(hold.review_on) if hold.review_on else None,
        "expires_at": stamp(hold.expires_at) if hold.expires_at else None,
    }


def health_json(health: NodeHealth | None, exhibit: Exhibit) -> dict[str, Json]:
    """The recorder as it was when the exhibit was sealed."""
    if health is None:
        return {"asked_at": stamp(timezone.now()), "answered": False}
    mine = {clip.camera_id for clip in exhibit.clips.all()}
    cameras: list[dict[str, Any]] = [
        {
            "camera": str(camera.camera_id),
            "condition": camera.condition.value,
            "frames_lost": camera.frames_lost,
            "detail": camera.detail,
        }
        for camera in health.cameras
        if camera.camera_id in mine
    ]
    return {
        "asked_at": stamp(timezone.now()),
        "answered": True,
        "alive": health.alive,
        "alarms": list(health.alarms),
        "free_bytes": health.store_free_bytes,
        "cameras": cameras,
    }


def software_version() -> str:
    try:
        return version("overt")
    except PackageNotFoundError:
        return "unpackaged"
