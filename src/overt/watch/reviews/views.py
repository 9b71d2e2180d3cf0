"""Review: the question before it, the instrument, and its end. What the instrument asks for is in api.py."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from footage.times import utc_90k, utc_shown
from overt.access.doors import need
from overt.access.queries import may
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.estate.sound.queries import was_sound_ever_on
from overt.policy.reasons import asked_for
from overt.shared.asking import Done, ask_on
from overt.shared.local_times import BadMoment, check_day
from overt.shared.moments import count_in
from overt.watch.models import PlaybackReview
from overt.watch.reviews.forms import ResultForm, ReviewForm
from overt.watch.reviews.services import close_review, current_review, open_review, own_review
from overt.watch.rules import day_of
from overt.watch.shapes import OpenReview, ReviewData
from overt.watch.state import common_data, listed_cameras
from overt.watch.supervised.queries import supervision_of

if TYPE_CHECKING:
    from overt.accounts.models import User


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """The instrument at `?cameras=127,129&at=…`, or the question why, where no review is open for these cameras."""
    _need_review(signed_in(request))
    numbers = _numbers(request)
    open_one = current_review(signed_in(request)) if request.method == "GET" else None
    if open_one is not None and "new" not in request.GET and not hasattr(request, "typed"):
        known = list(open_one.cameras.order_by("number").values_list("number", flat=True))
        if set(numbers) <= set(known):
            return _instrument(request, open_one, numbers or known)
    made = partial(ReviewForm, initial=_initial(request), reason_needed=_reason_needed(request))
    return ask_on(request, made, partial(_open, request), "watch/reviews/question.html", partial(_around, request))


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Ask what the review found; then end it and go to the wall, or to the first page."""
    user = signed_in(request)

    def act(form: ResultForm) -> Done:
        close_review(user, review_id, form.cleaned_data["result"])
        return Done("", "/watch/" if may(user, Act.VIEW_LIVE) else "/")

    return ask_on(
        request, ResultForm, act, "watch/reviews/close.html", lambda form: {"review": own_review(user, review_id)}
    )


def _need_review(user: User) -> None:
    """A role to look at recordings, or a supervisor's eye. Raises NotYours."""
    if supervision_of(user) is None:
        need(user, Act.REVIEW)


def _reason_needed(request: HttpRequest) -> bool:
    """Whoever looks under a supervisor's eye has its purpose for a reason."""
    return asked_for(Act.REVIEW) and supervision_of(signed_in(request)) is None


def _open(request: HttpRequest, form: ReviewForm) -> Done:
    at: datetime = form.cleaned_data["at"]
    numbers: list[str] = form.cleaned_data["cameras"]
    said = form.cleaned_data["reason"]
    open_review(signed_in(request), numbers, day_of(at, _zone()), said, present=form.people())
    return Done("", f"/review/?{urlencode({'cameras': ','.join(numbers), 'at': str(utc_90k(at))})}")


def _around(request: HttpRequest, form: ReviewForm) -> dict[str, Any]:
    user = signed_in(request)
    return {
        "cameras": [c for c in listed_cameras(user) if c.may_review],
        "open": current_review(user),
        "supervision": supervision_of(user),
        "may_supervise": may(user, Act.SUPERVISE_PLAYBACK),
    }


def _instrument(request: HttpRequest, open_one: PlaybackReview, numbers: list[str]) -> HttpResponse:
    user = signed_in(request)
    data = ReviewData(
        **common_data(request),
        review=OpenReview(
            id=open_one.pk,
            reason=open_one.reason,
            opened_90k=utc_90k(open_one.opened_at),
            cameras=numbers,
            at_90k=_at(request) or utc_90k(timezone.now()) - 60 * 90_000,
        ),
        may_hold=may(user, Act.MARK_HOLD),
        may_seal=may(user, Act.SEAL_EXHIBIT),
        may_watch=may(user, Act.VIEW_LIVE),
        may_hear=was_sound_ever_on(),
    )
    return render(request, "watch/reviews/review.html", {"data": data.model_dump(mode="json"), "review": open_one})


def _numbers(request: HttpRequest) -> list[str]:
    return [word.strip() for word in request.GET.get("cameras", "").split(",") if word.strip()]


def _at(request: HttpRequest) -> int | None:
    """The moment in the address: a UTC count, or RFC 3339 with its offset. None where there is none to read."""
    text = request.GET.get("at", "")
    if (count := count_in(text)) is not None:
        return count
    try:
        moment = datetime.fromisoformat(text)
        check_day(moment)
    except (ValueError, BadMoment):
        return None
    return utc_90k(moment) if moment.tzinfo else None


def _initial(request: HttpRequest) -> dict[str, object]:
    at = _at(request)
    moment = timezone.localtime(utc_shown(at)) if at else timezone.localtime() - timedelta(minutes=5)
    supervision = supervision_of(signed_in(request))
    theirs = supervision.cameras.values_list("number", flat=True) if supervision else []
    return {
        "cameras": ", ".join(_numbers(request) or theirs),
        "date": moment.date(),
        "time": moment.strftime("%H:%M:%S"),
        "offset": moment.tzname(),
    }


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
