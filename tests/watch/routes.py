"""Who may use each address of the wall and of reviews."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from overt.access.rules import Act
from overt.accounts.models import User
from routing import Make, Route, to
from world import World


def _viewing(world: World, user: User, number: str) -> str:
    """An opening of this person's own, of a camera that may have been taken from him since."""
    from overt.watch.models import LiveViewing

    if number not in world.cameras:
        return str(uuid4())
    now = timezone.now()
    camera = world.camera(number)
    return str(LiveViewing.objects.create(viewer=user, camera=camera, opened_at=now, renewed_at=now).pk)


def _review(world: World, user: User, number: str) -> str:
    from overt.watch.models import PlaybackReview

    now = timezone.now()
    made = PlaybackReview.objects.create(viewer=user, reason="A test", opened_at=now, used_at=now)
    made.cameras.add(world.cameras.get(number) or world.camera("127"))
    return str(made.pk)


def _of_review(rest: str) -> Make:
    return lambda world, user, number: f"/api/v1/watch/reviews/{_review(world, user, number)}/{rest}"


def _engineers_may(path: str) -> Make:
    """The policy lets engineers look under supervision."""

    def make(world: World, user: User, number: str) -> str:
        from world import adopt_policy

        adopt_policy(engineer_playback="supervised")
        return path

    return make


def _leave(rest: str) -> Make:
    """A leave for the engineer to look at the camera, under the supervisor's eye; none where there is no camera."""

    def make(world: World, user: User, number: str) -> str:
        from overt.watch.models import SupervisedPlayback

        if number not in world.cameras:
            return f"/review/supervised/{uuid4()}/{rest}"
        now = timezone.now()
        made = SupervisedPlayback.objects.create(
            engineer=world.iris,
            supervisor=world.dev,
            purpose="A lens",
            starts_at=now,
            ends_at=now + timedelta(minutes=15),
        )
        made.cameras.add(world.camera(number))
        return f"/review/supervised/{made.pk}/{rest}"

    return make


def _day(world: World, user: User, number: str) -> dict[str, str]:
    return {"camera": number, "day": timezone.localdate().isoformat()}


def _named(world: World, user: User, number: str) -> dict[str, str]:
    return {"camera": number}


ROUTES: Mapping[str, Route] = {
    "GET watch/": to(Act.VIEW_LIVE),
    "GET api/v1/watch/now": to(Act.VIEW_LIVE, Act.REVIEW),
    "POST api/v1/watch/viewings": to(Act.VIEW_LIVE, camera=True, json=True, body=_named),
    "POST api/v1/watch/viewings/{viewing_id}/renew": to(
        Act.VIEW_LIVE, json=True, path=lambda w, u, n: f"/api/v1/watch/viewings/{_viewing(w, u, n)}/renew"
    ),
    "POST api/v1/watch/viewings/{viewing_id}/close": Route(
        path=lambda w, u, n: f"/api/v1/watch/viewings/{_viewing(w, u, n)}/close", json=True
    ),
    "POST api/v1/watch/entries": to(
        Act.WRITE_ENTRY,
        camera=True,
        json=True,
        body=lambda w, u, n: {"text": "Two men by the bench", "camera": n},
    ),
    "GET api/v1/watch/timelines/{number}": to(
        Act.REVIEW, camera=True, path=lambda w, u, n: f"/api/v1/watch/timelines/{n}?start=0&end=90000"
    ),
    "POST api/v1/watch/reviews/{review_id}/tickets": to(
        Act.REVIEW, camera=True, json=True, path=_of_review("tickets"), body=_day
    ),
    "POST api/v1/watch/reviews/{review_id}/cameras": to(
        Act.REVIEW, camera=True, json=True, path=_of_review("cameras"), body=_named
    ),
    "GET+POST review/": to(Act.REVIEW),
    "GET review/register/": to(Act.REVIEW, Act.READ_LOGBOOK),
    "GET review/supervised/": to(Act.SUPERVISE_PLAYBACK),
    "GET review/supervised/allow/": to(Act.SUPERVISE_PLAYBACK, path=_engineers_may("/review/supervised/allow/")),
    "POST review/supervised/allow/": to(
        Act.SUPERVISE_PLAYBACK,
        path=_engineers_may("/review/supervised/allow/"),
        body=lambda w, u, n: {"engineer": str(w.iris.pk), "cameras": "127", "purpose": "A lens", "minutes": "15"},
    ),
    "GET review/supervised/<uuid:supervision_id>/": to(Act.SUPERVISE_PLAYBACK, path=_leave(""), record=True),
    "POST review/supervised/<uuid:supervision_id>/end/": to(Act.SUPERVISE_PLAYBACK, path=_leave("end/"), record=True),
    "GET review/<uuid:review_id>/close/": Route(path=lambda w, u, n: f"/review/{_review(w, u, n)}/close/"),
    "POST review/<uuid:review_id>/close/": Route(path=lambda w, u, n: f"/review/{_review(w, u, n)}/close/"),
}
