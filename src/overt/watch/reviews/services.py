"""Looking at recordings: opened with a reason where the policy asks for one, one camera and one day at a time.

Each camera and each day that a review comes to is an entry. A closed review gives no more addresses, and those it gave
die with it.
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
from overt.logbook.services import log
from overt.policy.reasons import for_act
from overt.shared.errors import BadInput
from overt.watch import log_actions
from overt.watch.errors import PeopleMissing, ResultMissing, ReviewOver, TooManyCameras
from overt.watch.models import PlaybackReview, ReviewedDay, SupervisedPlayback
from overt.watch.reviews.queries import is_still_open
from overt.watch.rules import MOST_CAMERAS, NOBODY_ELSE, REVIEW_LAPSE, day_span
from overt.watch.standing import Purpose
from overt.watch.supervised.queries import camera_to_review, supervision_of
from overt.watch.tickets import SignedAddress, review_address

if TYPE_CHECKING:
    from overt.accounts.models import User


@transaction.atomic
def open_review(user: User, numbers: Sequence[str], day: date, reason: str, *, present: str) -> PlaybackReview:
    """Begin to look at recordings; a review still open is closed first, for one person has one at a time.

    `present` says who else can see the screen, or rules.NOBODY_ELSE. Raises NoSuchCamera, ReasonMissing, PeopleMissing,
    TooManyCameras. Source: HERTS-16.1, BASS-8.2.1.8 (each access, with its reason), BASS-9.4.b (none without reason
    and people present).
    """
    words, people = _line(reason, 500), _line(present, 500)
    supervision = supervision_of(user)
    if supervision is not None:
        words = supervision.purpose
        people = (
            supervision.supervisor.full_name
            if people in {"", NOBODY_ELSE}
            else f"{supervision.supervisor.full_name}, {people}"
        )
    for_act(Act.REVIEW, words, "Say why you need to look at recordings. It is written in the logbook with your name.")
    if not people:
        raise PeopleMissing("Say who else can see the screen, or that nobody else can.")
    cameras = [camera_to_review(user, number, supervision) for number in dict.fromkeys(numbers)]
    if not cameras:
        raise BadInput("Choose at least one camera.")
    _check_count(len(cameras))
    now = timezone.now()
    for old in PlaybackReview.objects.filter(viewer=user, closed_at=None):
        _close(old, now, by=user)
    review = PlaybackReview.objects.create(
        viewer=user, reason=words, people_present=people, opened_at=now, used_at=now, supervised=supervision
    )
    review.cameras.set(cameras)
    ReviewedDay.objects.create(review=review, day=day, added_at=now)
    facts = log_actions.ReviewOpened(tuple(camera.number for camera in cameras), day, review.supervised_id)
    personal = {"people_present": people} | ({"supervisor": supervision.supervisor.full_name} if supervision else {})
    log(
        log_actions.REVIEW_OPENED, review, by=user, reason=words, facts=facts, cameras=cameras, personal=personal
    )  # fmt: skip
    return review


def current_review(user: User, now: datetime | None = None) -> PlaybackReview | None:
    """This person's open review, if it has not lapsed."""
    review = PlaybackReview.objects.filter(viewer=user, closed_at=None).select_related("supervised").first()
    return review if review is not None and is_still_open(review, now or timezone.now()) else None


def own_review(user: User, review_id: UUID) -> PlaybackReview:
    """A review of this person's, open or over. Raises ReviewOver."""
    review = PlaybackReview.objects.filter(pk=review_id, viewer=user).first()
    if review is None:
        raise ReviewOver("There is no such review of yours.")
    return review


@transaction.atomic
def add_camera(user: User, review_id: UUID, number: str) -> Camera:
    """Take another camera into an open review. Raises ReviewOver, NoSuchCamera, TooManyCameras."""
    review = _open(user, review_id)
    camera = camera_to_review(user, number, review.supervised)
    if not review.cameras.filter(pk=camera.pk).exists():
        review.cameras.add(camera)
        facts = log_actions.ReviewCameraAdded(camera.number, review.supervised_id)
        log(
            log_actions.REVIEW_CAMERA_ADDED, review, by=user, reason=review.reason, facts=facts, cameras=[camera]
        )  # fmt: skip
    return camera


@transaction.atomic
def review_ticket(user: User, review_id: UUID, number: str, day: date, *, session: str) -> SignedAddress:
    """An address for one camera's recordings of one day, in one session; a day new to the review is an entry first.

    Raises ReviewOver, NoSuchCamera (also for a camera that was never added).
    """
    review = _open(user, review_id)
    camera = camera_to_review(user, number, review.supervised)
    if not review.cameras.filter(pk=camera.pk).exists():
        raise ReviewOver(f"Camera {camera.number} is not part of this review. Add it first.")
    review.used_at = timezone.now()
    review.save(update_fields=["used_at"])
    _, new = ReviewedDay.objects.get_or_create(review=review, day=day, defaults={"added_at": review.used_at})
    if new:
        facts = log_actions.ReviewDayAdded(day, review.supervised_id)
        log(log_actions.REVIEW_DAY_ADDED, review, by=user, reason=review.reason, facts=facts)
    until = review.supervised.ends_at if review.supervised else None
    purpose = Purpose(review.pk, session)
    return review_address(camera, user, day_span(day, ZoneInfo(settings.TIME_ZONE)), purpose, until=until)


@transaction.atomic
def close_review(user: User, review_id: UUID, result: str) -> None:
    """End a review with what it found; one that lapsed gets its result. Twice is no error.

    Raises ReviewOver for another person's, ResultMissing. Source: BASS-9.3.7 (not complete without a result).
    """
    words = _line(result, 1000)
    if not words:
        raise ResultMissing("Say what was found, or that nothing was.")
    review = PlaybackReview.objects.select_for_update().filter(pk=review_id, viewer=user).first()
    if review is None:
        raise ReviewOver("There is no such review of yours.")
    now = timezone.now()
    if review.closed_at is None:
        _close(review, now, by=user)
    if review.result:
        return
    review.result, review.result_at = words, now
    review.save(update_fields=["result", "result_at"])
    log(log_actions.REVIEW_RESULT, review, by=user, personal={"result": words})


@transaction.atomic
def close_lapsed_reviews(now: datetime) -> int:
    """Close the reviews that were left alone; they end at their last use. Returns how many."""
    rows = PlaybackReview.objects.filter(closed_at=None, used_at__lt=now - REVIEW_LAPSE)
    lapsed = list(rows.select_for_update(of=("self",)))
    for review in lapsed:
        _close(review, review.used_at, by=None, lapsed=True)
    return len(lapsed)


@transaction.atomic
def close_reviews_under(supervision: SupervisedPlayback, moment: datetime) -> None:
    """The supervision is over, and so is what was being looked at under it."""
    for review in supervision.reviews.filter(closed_at=None).select_for_update(of=("self",)):
        _close(review, moment, by=None)


def _open(user: User, review_id: UUID) -> PlaybackReview:
    rows = PlaybackReview.objects.select_for_update(of=("self",)).select_related("supervised__supervisor")
    review = rows.filter(pk=review_id, viewer=user, closed_at=None).first()
    if review is None or not is_still_open(review, timezone.now()):
        raise ReviewOver("This review is closed. Open another and say why.")
    return review


def _line(text: str, longest: int) -> str:
    return " ".join(text.split())[:longest]


def _close(review: PlaybackReview, moment: datetime, *, by: User | None, lapsed: bool = False) -> None:
    review.closed_at = moment
    review.save(update_fields=["closed_at"])
    seconds = max(0, round((moment - review.opened_at).total_seconds()))
    facts = log_actions.ReviewClosed(seconds, lapsed, review.supervised_id)
    log(log_actions.REVIEW_CLOSED, review, by=by, facts=facts)


def _check_count(count: int) -> None:
    if count > MOST_CAMERAS:
        raise TooManyCameras(f"At most {MOST_CAMERAS} cameras are shown in step. Choose fewer.")
