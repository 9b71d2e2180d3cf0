"""Who else saw, and what came of it: a review does not begin without the one, and is not complete without the other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from overt.logbook.models import Entry
from overt.watch.errors import ResultMissing
from overt.watch.models import PlaybackReview
from overt.watch.notices import notices_for
from overt.watch.reviews.services import close_lapsed_reviews, close_review
from watch.asking import ask, entries
from world import World

ANSWERS = {"cameras": "127", "date": "2026-11-22", "time": "02:09:41", "reason": "Incident 4417"}


def personal(action: str) -> dict[str, str]:
    return {row.field: row.value for row in Entry.objects.get(action=action).personal.all()}


def opened(client, **changes: str) -> PlaybackReview:  # type: ignore[no-untyped-def]
    answer = client.post("/review/", ANSWERS | {"present": "PC Holt 4471"} | changes)
    assert answer.status_code == 302, answer.content.decode()
    return PlaybackReview.objects.get(closed_at=None)


def test_a_review_does_not_begin_until_it_is_said_who_else_sees(world, client_as) -> None:  # type: ignore[no-untyped-def]
    answer = client_as(world.asha).post("/review/", ANSWERS)
    assert answer.status_code == 422
    assert "Say who else can see" in answer.content.decode()
    assert not PlaybackReview.objects.exists()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"present": "PC Holt 4471"}, "PC Holt 4471"),
        ({"alone": "on"}, "Nobody else"),
        ({"present": "PC Holt 4471", "alone": "on"}, "PC Holt 4471"),
    ],
)
def test_who_else_sees_is_kept_with_the_review_and_in_the_logbook(world, client_as, said, kept) -> None:  # type: ignore[no-untyped-def]
    client_as(world.asha).post("/review/", ANSWERS | said)
    assert PlaybackReview.objects.get().people_present == kept
    assert personal("watch.review.opened")["people_present"] == kept


@pytest.mark.clause(
    "BASS-9.3.7", part="PlaybackReview stores footage range, reason, reviewer, people_present and result"
)
def test_the_register_has_range_reason_reviewer_people_and_result(world: World, client_as) -> None:  # type: ignore[no-untyped-def]
    asha = client_as(world.asha)
    review = opened(asha)
    ask(asha, f"/api/v1/watch/reviews/{review.pk}/tickets", {"camera": "127", "day": "2026-11-21"})
    before = client_as(world.dev).get("/review/register/").content.decode()
    for words in ("127", "22 Nov 2026", "21 Nov 2026", "Incident 4417", "Asha Patel", "PC Holt 4471", ">Open<"):
        assert words in before
    asha.post(f"/review/{review.pk}/close/", {"result": "Two men leave towards Quay Lane"})
    assert "Two men leave towards Quay Lane" in client_as(world.dev).get("/review/register/").content.decode()
    assert "Asha Patel" not in client_as(world.bryn).get("/review/register/").content.decode()
    assert personal("watch.review.result_written")["result"] == "Two men leave towards Quay Lane"
    assert entries("watch.reviews.listed") == 3, "each look at the register"


@pytest.mark.clause("BASS-9.3.7", part="is not complete without a result")
def test_without_a_result_a_review_is_not_complete(world: World, client_as) -> None:  # type: ignore[no-untyped-def]
    asha = client_as(world.asha)
    review = opened(asha)
    refused = asha.post(f"/review/{review.pk}/close/", {"result": "  "})
    assert refused.status_code == 422
    assert PlaybackReview.objects.get().closed_at is None
    with pytest.raises(ResultMissing):
        close_review(world.asha, review.pk, " ")

    PlaybackReview.objects.update(used_at=timezone.now() - timedelta(minutes=61))
    close_lapsed_reviews(timezone.now())
    register = "/review/register/?incomplete=1"
    assert "No result yet" in client_as(world.dev).get(register).content.decode()
    [notice] = notices_for(world.asha, timezone.now())
    assert (notice.title, notice.href) == ("Say what your review found", f"/review/{review.pk}/close/")

    assert asha.post(notice.href, {"result": "Nothing"}).status_code == 302
    assert entries("watch.review.closed") == 1
    assert notices_for(world.asha, timezone.now()) == []
    assert "No result yet" not in client_as(world.dev).get(register).content.decode()


def test_a_result_once_given_stays(world: World, client_as) -> None:  # type: ignore[no-untyped-def]
    asha = client_as(world.asha)
    review = opened(asha)
    asha.post(f"/review/{review.pk}/close/", {"result": "Nothing"})
    asha.post(f"/review/{review.pk}/close/", {"result": "Everything"})
    assert PlaybackReview.objects.get().result == "Nothing"
    assert entries("watch.review.result_written") == 1


def test_nobody_closes_or_sees_another_persons_review_by_its_address(world: World, client_as) -> None:  # type: ignore[no-untyped-def]
    review = opened(client_as(world.asha))
    assert client_as(world.bryn).get(f"/review/{review.pk}/close/").status_code == 409
    assert client_as(world.asha).get(f"/review/{review.pk}/close/").status_code == 200
