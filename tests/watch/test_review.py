"""Looking at recordings: with a reason, camera by camera and day by day, each in the logbook."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from footage.gateway.tickets import TicketAct, open_ticket
from footage.times import utc_90k
from overt.logbook.models import Entry
from overt.shared.keys import ticket_key
from overt.shared.reasons import ReasonMissing
from overt.watch.models import PlaybackReview
from overt.watch.reviews.services import close_lapsed_reviews, open_review
from watch.asking import ask, entries
from world import World, adopt_policy

ANSWERS = {"cameras": "127, 129", "date": "2026-11-22", "time": "02:09:41", "reason": "Incident 4417", "alone": "on"}


def opened(client_as, person, **changes: str) -> PlaybackReview:  # type: ignore[no-untyped-def]
    answer = client_as(person).post("/review/", ANSWERS | changes)
    assert answer.status_code == 302, answer.content.decode()
    return PlaybackReview.objects.get(viewer=person, closed_at=None)


def ticket_for(client, review, camera: str = "127", day: str = "2026-11-22"):  # type: ignore[no-untyped-def]
    return ask(client, f"/api/v1/watch/reviews/{review.pk}/tickets", {"camera": camera, "day": day})


@pytest.mark.clause(
    "HERTS-16.1", part="actions taken elsewhere in the system add their own entry without the operator retyping"
)
def test_recordings_open_with_a_reason_which_is_in_the_logbook(world, client_as) -> None:
    answer = client_as(world.asha).post("/review/", ANSWERS)
    moment = utc_90k(datetime(2026, 11, 22, 2, 9, 41, tzinfo=UTC))
    assert answer["Location"] == f"/review/?cameras=127%2C129&at={moment}"
    entry = Entry.objects.get(action="watch.review.opened")
    assert entry.facts["cameras"] == ["127", "129"]
    assert entry.facts["day"] == "2026-11-22"
    assert entry.personal.get(field="reason").value == "Incident 4417"
    page = client_as(world.asha).get(answer["Location"])
    assert 'data-island="review"' in page.content.decode()


def test_without_a_reason_nothing_opens_where_the_policy_asks_for_one(world, client_as) -> None:
    answer = client_as(world.asha).post("/review/", ANSWERS | {"reason": "  "})
    assert answer.status_code == 422
    assert "Say why you need to look at recordings" in answer.content.decode()
    assert not PlaybackReview.objects.exists()
    with pytest.raises(ReasonMissing):
        open_review(world.asha, ["127"], date(2026, 11, 22), "", present="Nobody else")


def test_where_the_policy_asks_for_none_a_review_opens_without(world, client_as) -> None:
    adopt_policy(reason_required_for=[])
    opened(client_as, world.asha, reason="")
    assert Entry.objects.filter(action="watch.review.opened").exists()


def test_review_asks_first_and_goes_straight_in_while_one_is_open(world, client_as) -> None:
    client = client_as(world.asha)
    assert "Why do you need to look?" in client.get("/review/?cameras=127").content.decode()
    opened(client_as, world.asha)
    assert 'data-island="review"' in client.get("/review/?cameras=127").content.decode()
    assert "Why do you need to look?" in client.get("/review/?cameras=128").content.decode()


@pytest.mark.parametrize("numbers", ["127, 201", "127, no-such"])
def test_a_foreign_camera_opens_nothing_and_looks_missing(world, client_as, numbers: str) -> None:
    answer = client_as(world.asha).post("/review/", ANSWERS | {"cameras": numbers})
    assert answer.status_code == 404
    assert not PlaybackReview.objects.exists()


def test_five_cameras_are_too_many(world, client_as) -> None:
    answer = client_as(world.dev).post("/review/", ANSWERS | {"cameras": "127,128,129,201,202"})
    assert answer.status_code == 422
    assert "At most 4 cameras" in answer.content.decode()


def test_an_address_covers_one_camera_and_one_day(world, client_as) -> None:
    review = opened(client_as, world.asha)
    answer = ticket_for(client_as(world.asha), review)
    assert answer.status_code == 201
    text = answer.json()["address"].rsplit("/", 1)[1]
    ticket = open_ticket(text, ticket_key(), timezone.now().timestamp())
    assert ticket.act == TicketAct.REVIEW
    assert ticket.camera_id == world.camera("127").pk
    assert ticket.end_90k - ticket.start_90k == 86_400 * 90_000


def test_another_day_and_another_camera_are_entries_of_their_own(world, client_as) -> None:
    client = client_as(world.asha)
    review = opened(client_as, world.asha)
    ticket_for(client, review)
    assert entries("watch.review.day_added") == 0
    for _ in range(2):
        assert ticket_for(client, review, day="2026-11-21").status_code == 201
    assert entries("watch.review.day_added") == 1
    assert ticket_for(client, review, camera="128").status_code == 409
    for _ in range(2):
        assert ask(client, f"/api/v1/watch/reviews/{review.pk}/cameras", {"camera": "128"}).status_code == 201
    assert entries("watch.review.camera_added") == 1
    assert ticket_for(client, review, camera="128").status_code == 201
    assert ask(client, f"/api/v1/watch/reviews/{review.pk}/cameras", {"camera": "201"}).status_code == 404


def test_a_closed_review_gives_no_more_addresses(world, client_as) -> None:
    client = client_as(world.asha)
    review = opened(client_as, world.asha)
    assert client.post(f"/review/{review.pk}/close/", {"result": "Nothing"})["Location"] == "/watch/"
    answer = ticket_for(client, review)
    assert answer.status_code == 409
    assert answer.json()["code"] == "review-over"
    assert entries("watch.review.closed") == 1


def test_a_review_left_alone_for_an_hour_is_over(world, client_as) -> None:
    client = client_as(world.asha)
    review = opened(client_as, world.asha)
    PlaybackReview.objects.update(used_at=timezone.now() - timedelta(minutes=61))
    assert ticket_for(client, review).json()["code"] == "review-over"
    assert "Why do you need to look?" in client.get("/review/?cameras=127").content.decode()
    assert close_lapsed_reviews(timezone.now()) == 1


def test_nobody_uses_another_persons_review(world, client_as) -> None:
    review = opened(client_as, world.asha)
    other = client_as(world.dev)
    assert ticket_for(other, review).json()["code"] == "review-over"
    assert other.post(f"/review/{review.pk}/close/", {"result": "Nothing"}).status_code == 409
    assert PlaybackReview.objects.get().closed_at is None


def test_opening_another_review_closes_the_one_before(world, client_as) -> None:
    first = opened(client_as, world.asha)
    second = opened(client_as, world.asha, reason="Request P-1183")
    first.refresh_from_db()
    assert first.closed_at is not None
    assert second.pk != first.pk


@pytest.mark.parametrize("name", ["iris", "kit", "farah", "gwen"])
def test_a_role_without_review_sees_neither_question_nor_time_line(world, client_as, name: str) -> None:
    client = client_as(world.people[name])
    assert client.get("/review/").status_code == 403
    assert client.post("/review/", ANSWERS).status_code == 403
    timeline = client.get("/api/v1/watch/timelines/127?start=0&end=90000", headers={"accept": "application/json"})
    assert timeline.status_code == 404


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", (422, "bad-input")),
        ("start=9&end=3", (409, "bad-span")),
        ("start=x&end=3", (422, "bad-input")),
        ("start=0", (422, "bad-input")),
    ],
)
def test_a_time_line_that_cannot_be_is_told_so(world, client_as, query: str, told: tuple[int, str]) -> None:
    answer = client_as(world.asha).get(f"/api/v1/watch/timelines/127?{query}", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == told


def test_the_hour_that_comes_twice_is_asked_for_by_its_offset(world, client_as) -> None:
    client = client_as(world.asha)
    autumn = ANSWERS | {"date": "2026-10-25", "time": "01:30:00"}
    asked = client.post("/review/", autumn)
    assert asked.status_code == 422
    words = asked.content.decode()
    assert "01:30 BST (the first time)" in words
    assert "01:30 GMT (the second time)" in words
    at = {
        name: client.post("/review/", autumn | {"offset": name})["Location"].split("at=")[1] for name in ("BST", "GMT")
    }
    assert int(at["GMT"]) - int(at["BST"]) == 3600 * 90_000


def test_the_hour_that_comes_twice_is_asked_for_at_the_first_question_too(world, client_as) -> None:
    client = client_as(world.asha)
    page = client.get("/review/?cameras=127&at=2026-11-22T02:14:07Z").content.decode()  # a time that comes once
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', page))
    assert "offset" in hidden  # what the page itself sends along is no answer
    asked = client.post("/review/", ANSWERS | {"date": "2026-10-25", "time": "01:30:00"} | hidden)
    assert asked.status_code == 422
    assert "Which of the two?" in asked.content.decode()


def test_a_time_that_the_clocks_skipped_is_refused(world, client_as) -> None:
    answer = client_as(world.asha).post("/review/", ANSWERS | {"date": "2026-03-29", "time": "01:30:00"})
    assert answer.status_code == 422
    assert (
        "01:30 does not exist on 29 March 2026: the clocks go forward from 01:00 to 02:00. Did you mean 02:30 BST?"
        in answer.content.decode()
    )


def test_no_review_opens_of_a_day_to_come(world: World, client_as: Callable[..., Client]) -> None:
    """Nothing is recorded then, and a look that cannot be is no entry."""
    asha, today = client_as(world.asha), timezone.localdate()
    sent = {"cameras": "127", "reason": "A theft", "alone": "on", "time": "12:00:00"}
    answer = asha.post("/review/", {**sent, "date": f"{today + timedelta(days=2)}"})
    assert answer.status_code == 422
    assert 'id="id_date-error"' in answer.content.decode()
    assert not PlaybackReview.objects.exists()
    assert asha.post("/review/", {**sent, "date": f"{today - timedelta(days=1)}"}).status_code == 302
