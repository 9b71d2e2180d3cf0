"""Looking at recordings: opened with a reason where the policy asks for one, one camera and one day at a time.

Each camera and each day that a review comes to is an entry. A closed review gives no more addresses; those it gave
die within ten minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from overt.access.rules import Act
from overt.estate.models import Camera
from overt.estate.queries import access_camera
from overt.logbook.services import record
from overt.policy.queries import policy_in_force
from overt.shared.canonical import Json
from overt.shared.errors import BadInput, OvertError
from overt.watch import log_actions
from overt.watch.models import PlaybackReview, ReviewedDay
from overt.watch.rules import MOST_CAMERAS, REVIEW_LAPSE, day_span, has_lapsed
from overt.watch.tickets import SignedAddress, review_address

if TYPE_CHECKING:
    from overt.accounts.models import User


class ReviewOver(OvertError):
    """The review is closed, was left alone too long, or is another person's."""

    code = "review-over"
    status = 409
    title = "This review is closed"


class ReasonMissing(BadInput):
    """The policy asks for a reason before recordings are looked at."""

    code = "reason-missing"


class TooManyCameras(BadInput):
    """A review shows a few cameras in step."""

    code = "too-many-cameras"


def reason_needed() -> bool:
    """Whether this scheme's policy asks why before recordings are looked at."""
    return "review" in policy_in_force().reason_required_for


@transaction.atomic
def open_review(user: User, numbers: Sequence[str], day: date, reason: str) -> PlaybackReview:
    """Begin to look at recordings; a review still open is closed first, for one person has one at a time.

    Raises NoSuchCamera, ReasonMissing, TooManyCameras. Source: HERTS-16.1, BASS-8.2.1.8 (each access, with its reason).
    """
    words = " ".join(reason.split())[:500]
    if not words and reason_needed():
        raise ReasonMissing("Say why you need to look at recordings. It is written in the logbook with your name.")
    cameras = [access_camera(user, number, to=Act.REVIEW) for number in dict.fromkeys(numbers)]
    if not cameras:
        raise BadInput("Choose at least one camera.")
    _check_count(len(cameras))
    now = timezone.now()
    for old in PlaybackReview.objects.filter(viewer=user, closed_at=None):
        _close(old, now, by=user)
    review = PlaybackReview.objects.create(viewer=user, reason=words, opened_at=now, used_at=now)
    review.cameras.set(cameras)
    ReviewedDay.objects.create(review=review, day=day, added_at=now)
    facts: dict[str, Json] = {"cameras": [camera.number for camera in cameras], "day": day.isoformat()}
    record(log_actions.REVIEW_OPENED, review, by=user, reason=words, facts={**facts, **_one_camera(cameras)})
    return review


def current_review(user: User, now: datetime | None = None) -> PlaybackReview | None:
    """This person's open review, if it has not lapsed."""
    review = PlaybackReview.objects.filter(viewer=user, closed_at=None).first()
    if review is None or has_lapsed(review.used_at, now or timezone.now(), REVIEW_LAPSE):
        return None
    return review


@transaction.atomic
def add_camera(user: User, review_id: UUID, number: str) -> Camera:
    """Take another camera into an open review. Raises ReviewOver, NoSuchCamera, TooManyCameras."""
    review = _open(user, review_id)
    camera = access_camera(user, number, to=Act.REVIEW)
    if not review.cameras.filter(pk=camera.pk).exists():
        review.cameras.add(camera)
        facts = {"camera_id": str(camera.pk), "camera": camera.number}
        record(log_actions.REVIEW_CAMERA_ADDED, review, by=user, reason=review.reason, facts=facts)
    return camera


@transaction.atomic
def review_ticket(user: User, review_id: UUID, number: str, day: date) -> SignedAddress:
    """An address for one camera's recordings of one day; a day new to the review is an entry first.

    Raises ReviewOver, NoSuchCamera (also for a camera that was never added).
    """
    review = _open(user, review_id)
    camera = access_camera(user, number, to=Act.REVIEW)
    if not review.cameras.filter(pk=camera.pk).exists():
        raise ReviewOver(f"Camera {camera.number} is not part of this review. Add it first.")
    review.used_at = timezone.now()
    review.save(update_fields=["used_at"])
    _, new = ReviewedDay.objects.get_or_create(review=review, day=day, defaults={"added_at": review.used_at})
    if new:
        record(log_actions.REVIEW_DAY_ADDED, review, by=user, reason=review.reason, facts={"day": day.isoformat()})
    return review_address(camera, user, day_span(day, ZoneInfo(settings.TIME_ZONE)))


@transaction.atomic
def close_review(user: User, review_id: UUID) -> None:
    """End a review; one that is over already is no error."""
    review = _lock(user, review_id)
    if review is not None:
        _close(review, timezone.now(), by=user)


@transaction.atomic
def close_lapsed_reviews(now: datetime) -> int:
    """Close the reviews that were left alone; they end at their last use. Returns how many."""
    rows = PlaybackReview.objects.filter(closed_at=None, used_at__lt=now - REVIEW_LAPSE)
    lapsed = list(rows.select_for_update(of=("self",)))
    for review in lapsed:
        _close(review, review.used_at, by=None, lapsed=True)
    return len(lapsed)


def _lock(user: User, review_id: UUID) -> PlaybackReview | None:
    return PlaybackReview.objects.select_for_update().filter(pk=review_id, viewer=user, closed_at=None).first()


def _open(user: User, review_id: UUID) -> PlaybackReview:
    review = _lock(user, review_id)
    if review is None or has_lapsed(review.used_at, timezone.now(), REVIEW_LAPSE):
        raise ReviewOver("This review is closed. Open another and say why.")
    return review


def _close(review: PlaybackReview, moment: datetime, *, by: User | None, lapsed: bool = False) -> None:
    review.closed_at = moment
    review.save(update_fields=["closed_at"])
    seconds = max(0, round((moment - review.opened_at).total_seconds()))
    record(log_actions.REVIEW_CLOSED, review, by=by, facts={"seconds": seconds, "lapsed": lapsed})


def _one_camera(cameras: Sequence[Camera]) -> dict[str, str]:
    """A review of a single camera is filed under it; of several, each camera's number stands in the facts."""
    return {"camera_id": str(cameras[0].pk)} if len(cameras) == 1 else {}


def _check_count(count: int) -> None:
    if count > MOST_CAMERAS:
        raise TooManyCameras(f"At most {MOST_CAMERAS} cameras are shown in step. Choose fewer.")
