"""What the wall and the review page show: cameras with their state, what runs out, who is watching."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone

from footage.contract import (
    CameraCondition,
    CameraHealth,
    FootageError,
    NodeHealth,
    SoundCondition,
)
from footage.times import utc_90k, utc_datetime
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.estate.models import Camera
from overt.estate.node import node, node_health
from overt.rooms import Notice
from overt.shared.recordings import CameraNoteOut
from overt.watch.models import LiveViewing, PlaybackReview
from overt.watch.notices import notices_for
from overt.watch.rules import LIVE_LAPSE, REVIEW_LAPSE
from overt.watch.shapes import (
    CameraNow,
    EndingHold,
    ListedCamera,
    NoticeOut,
    RecorderNow,
    StateNow,
    Watcher,
)
from overt.watch.supervised.queries import supervision_of

if TYPE_CHECKING:
    from overt.accounts.models import User

#: A hold that ends within this time is said on the wall.
SOON = timedelta(days=7)
#: A hold that ends within this time is amber.
VERY_SOON = timedelta(days=1)


def listed_cameras(user: User) -> list[ListedCamera]:
    """The cameras this person may know of, by town and then the redeployable ones, with what they may do with each."""
    view = set(Camera.objects.visible_to(user, to=Act.VIEW_LIVE).values_list("pk", flat=True))
    review = set(Camera.objects.visible_to(user, to=Act.REVIEW).values_list("pk", flat=True))
    if (supervision := supervision_of(user)) is not None:
        review = set(supervision.cameras.values_list("pk", flat=True))
    rows = Camera.objects.visible_to(user).in_use().select_related("town").order_by("town__name", "number")
    return [
        ListedCamera(
            number=c.number,
            name=c.name,
            kind=c.get_kind_display(),
            town=_place(c),
            may_view=c.pk in view,
            may_review=c.pk in review,
        )
        for c in sorted(rows, key=lambda camera: camera.kind == Camera.Kind.MOBILE)
    ]


def _place(camera: Camera) -> str:
    """Under which heading a camera is listed: one that is moved about belongs to no town for long."""
    return "Redeployable" if camera.kind == Camera.Kind.MOBILE else camera.town.name


def state_now(user: User, now: datetime) -> StateNow:
    """What the rails and the strip show."""
    cameras = {c.pk: c for c in Camera.objects.visible_to(user).in_use()}
    health = node_health()
    return StateNow(
        now_90k=utc_90k(now),
        recorder=_recorder(health),
        cameras=[] if health is None else [_health(cameras[h.camera_id], h) for h in _known(health, cameras)],
        holds=_holds_ending(_in_evidence(user), now),
        notices=[_notice(notice) for notice in notices_for(user, now)],
        watching=watching(cameras, now),
    )


def _in_evidence(user: User) -> dict[UUID, Camera]:
    """The cameras of whose holds this person may know."""
    return {camera.pk: camera for camera in Camera.objects.visible_to(user, to=Act.SEE_EXHIBIT)}


def watching(cameras: Iterable[UUID], now: datetime) -> list[Watcher]:
    """Who is at these cameras now, live or in review, and since when."""
    known = set(cameras)
    live = LiveViewing.objects.filter(closed_at=None, renewed_at__gte=now - LIVE_LAPSE, camera_id__in=known)
    since: dict[str, tuple[datetime, set[str]]] = {}
    for row in live.select_related("viewer", "camera"):
        _add(since, row.viewer.full_name, row.opened_at, row.camera.number)
    reviews = PlaybackReview.objects.filter(closed_at=None, used_at__gte=now - REVIEW_LAPSE, cameras__in=known)
    for review in reviews.distinct().select_related("viewer"):
        _add(since, review.viewer.full_name, review.opened_at, "review")
    return [
        Watcher(name=name, since_90k=utc_90k(first), at=sorted(places))
        for name, (first, places) in sorted(since.items(), key=lambda item: item[1][0])
    ]


def _add(since: dict[str, tuple[datetime, set[str]]], name: str, moment: datetime, place: str) -> None:
    first, places = since.get(name, (moment, set()))
    since[name] = (min(first, moment), places | {place})


def _known(health: NodeHealth, cameras: dict[UUID, Camera]) -> list[CameraHealth]:
    return [h for h in health.cameras if h.camera_id in cameras]


def _recorder(health: NodeHealth | None) -> RecorderNow:
    if health is None:
        return RecorderNow(alive=False, alarms=[])
    return RecorderNow(alive=health.alive, alarms=list(health.alarms))


def _health(camera: Camera, health: CameraHealth) -> CameraNow:
    return CameraNow(
        number=camera.number,
        name=camera.name,
        condition=CameraCondition(health.condition),
        since_90k=health.since_90k,
        detail=health.detail,
        last_picture_90k=health.last_picture_90k,
        attempts=health.attempts,
        clock_offset_ms=health.clock_offset_ms,
        sound=health.sound is SoundCondition.RECORDING,
        notes=[CameraNoteOut(code=note.code, text=note.text) for note in health.notes],
    )


def _holds_ending(cameras: dict[UUID, Camera], now: datetime) -> list[EndingHold]:
    try:
        holds = node().holds()
    except (FootageError, OSError):
        return []
    ending = [(h.expires_90k, h) for h in holds if h.expires_90k is not None and h.camera_id in cameras]
    near = sorted((one for one in ending if now < utc_datetime(one[0]) <= now + SOON), key=lambda one: one[0])
    return [
        EndingHold(
            id=hold.hold_id,
            number=cameras[hold.camera_id].number,
            owner=hold.owner,
            start_90k=hold.start_90k,
            end_90k=hold.end_90k,
            expires_90k=expires_90k,
            tone="soon" if utc_datetime(expires_90k) <= now + VERY_SOON else "",
        )
        for expires_90k, hold in near
    ]


def _notice(notice: Notice) -> NoticeOut:
    return NoticeOut(
        heading=notice.heading,
        title=notice.title,
        detail=notice.detail,
        due_90k=None if notice.due is None else utc_90k(notice.due),
        tone=notice.tone,
        href=notice.href,
    )


def common_data(request: HttpRequest) -> dict[str, Any]:
    """The members of CommonData."""
    return {
        "csrf": get_token(request),
        "zone": settings.TIME_ZONE,
        "user": signed_in(request).full_name,
        "cameras": listed_cameras(signed_in(request)),
        "state": state_now(signed_in(request), timezone.now()),
    }
