"""What reviews have to say: supervisions under way, to both people in them, and reviews without a result."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from overt.rooms import Notice, Task
from overt.shared.moments import short_text
from overt.watch.models import PlaybackReview, SupervisedPlayback
from overt.watch.reviews.services import current_review
from overt.watch.supervised.queries import supervision_of

if TYPE_CHECKING:
    from overt.accounts.models import User

#: So many reviews without a result are named one by one.
AT_MOST = 3


def review_notices(user: User, now: datetime) -> list[Notice]:
    supervision = supervision_of(user, now)
    watched = SupervisedPlayback.objects.filter(supervisor=user, ended_at=None, ends_at__gt=now)
    return [
        *([_to_engineer(supervision)] if supervision else []),
        *(_to_supervisor(one) for one in watched.select_related("engineer")),
        *_without_result(user),
    ]


def open_review(user: User, acts: Collection[str]) -> list[Task]:
    """The way back to a review that this person has not closed."""
    review = current_review(user)
    if review is None:
        return []
    detail = f"Open since {short_text(review.opened_at)}" + (f", for “{review.reason}”" if review.reason else "")
    return [Task("Go back to your review", "/review/", detail, "Open", "held")]


def _to_engineer(supervision: SupervisedPlayback) -> Notice:
    detail = f"Under the eye of {supervision.supervisor.full_name}: {supervision.purpose}"
    return Notice(
        "Recordings", f"Look at recordings of {_numbers(supervision)}", detail, supervision.ends_at, "soon", "/review/"
    )


def _to_supervisor(supervision: SupervisedPlayback) -> Notice:
    title = f"{supervision.engineer.full_name} may look at recordings of {_numbers(supervision)}"
    return Notice(
        "Under your eye",
        title,
        supervision.purpose,
        supervision.ends_at,
        "soon",
        f"/review/supervised/{supervision.pk}/",
    )


def _without_result(user: User) -> list[Notice]:
    rows = PlaybackReview.objects.filter(viewer=user, result="").exclude(closed_at=None).exclude(people_present="")
    return [
        Notice(
            "Reviews",
            "Say what your review found",
            f"“{review.reason}”, closed without a result" if review.reason else "Closed without a result",
            tone="soon",
            href=f"/review/{review.pk}/close/",
        )
        for review in rows.order_by("closed_at")[:AT_MOST]
    ]


def _numbers(supervision: SupervisedPlayback) -> str:
    return ", ".join(supervision.cameras.order_by("number").values_list("number", flat=True))
