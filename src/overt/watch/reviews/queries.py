"""The reviews that one person may know of."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from footage.contract import (
    CameraId,
)
from overt.access.queries import may
from overt.access.rules import Act
from overt.estate.models import Camera
from overt.estate.node import node, node_health
from overt.shared.recordings import TimelineOut, timeline_out
from overt.watch.models import PlaybackReview
from overt.watch.rules import REVIEW_LAPSE, has_lapsed
from overt.watch.supervised.queries import still_counts

if TYPE_CHECKING:
    from overt.accounts.models import User


def reviews_visible_to(user: User) -> QuerySet[PlaybackReview]:
    """One's own, and those of which every camera is this reader's to read the logbook of."""
    rows = PlaybackReview.objects.select_related("viewer", "supervised__supervisor").prefetch_related("cameras", "days")
    others = Camera.objects.exclude(pk__in=Camera.objects.visible_to(user, to=Act.READ_LOGBOOK).values("pk"))
    seen = ~Q(cameras__in=others) if may(user, Act.READ_LOGBOOK) else Q(pk__in=[])
    return rows.filter(Q(viewer=user) | seen).distinct()


def is_still_open(review: PlaybackReview, now: datetime) -> bool:
    """Whether a review that nobody has closed still lets its viewer look: used lately, and its supervision not over."""
    if has_lapsed(review.used_at, now, REVIEW_LAPSE):
        return False
    return review.supervised is None or still_counts(review.supervised, now)


def camera_timeline(camera: Camera, start_90k: int, end_90k: int) -> TimelineOut:
    """What is known of one camera between two moments. Raises the engine's BadSpan."""
    return timeline_out(camera.number, node().timeline(CameraId(camera.pk), start_90k, end_90k))


def clock_offset_ms(camera: Camera) -> float | None:
    """How far the camera's clock is ahead of the server's, as last measured."""
    health = node_health()
    found = [h for h in (health.cameras if health else ()) if h.camera_id == camera.pk]
    return found[0].clock_offset_ms if found else None
