"""Putting cameras on the wall: through the door, into the logbook, and off again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from footage.gateway.tickets import TicketAct, open_ticket
from overt.access.models import Grant
from overt.logbook.models import Entry
from overt.shared.keys import ticket_key
from overt.watch.live.services import close_lapsed
from overt.watch.models import LiveViewing
from watch.asking import ask, entries


@pytest.mark.clause(
    "HERTS-16.1", part="actions taken elsewhere in the system add their own entry without the operator retyping"
)
def test_opening_a_camera_is_one_entry_however_often_its_address_is_renewed(world, client_as) -> None:
    client = client_as(world.asha)
    opened = ask(client, "/api/v1/watch/viewings", {"camera": "127"})
    assert opened.status_code == 201
    assert entries("watch.live.opened") == 1
    entry = Entry.objects.get(action="watch.live.opened")
    assert entry.camera == str(world.camera("127").pk)
    assert entry.personal.get(field="actor_name").value == "Asha Patel"

    renewed = ask(client, f"/api/v1/watch/viewings/{opened.json()['viewing']}/renew")
    assert renewed.status_code == 200
    assert entries("watch.live.opened") == 1


def test_the_address_names_one_camera_one_act_and_dies_in_ten_minutes(world, client_as) -> None:
    opened = ask(client_as(world.asha), "/api/v1/watch/viewings", {"camera": "127"}).json()
    now = timezone.now().timestamp()
    ticket = open_ticket(opened["address"].rsplit("/", 1)[1], ticket_key(), now)
    assert ticket.camera_id == world.camera("127").pk
    assert ticket.act == TicketAct.LIVE
    assert now < ticket.expires <= now + 600


@pytest.mark.parametrize("number", ["201", "no-such-camera"])
def test_a_foreign_camera_and_a_missing_one_get_the_same_answer(world, client_as, number: str) -> None:
    answer = ask(client_as(world.asha), "/api/v1/watch/viewings", {"camera": number})
    assert answer.status_code == 404
    assert answer.json()["code"] == "no-such-camera"
    assert entries("watch.live.opened") == 0


@pytest.mark.clause("HERTS-2.1", part="a current AccessGrant may view")
def test_a_withdrawn_grant_ends_what_is_on_the_wall(world, client_as) -> None:
    client = client_as(world.asha)
    viewing = ask(client, "/api/v1/watch/viewings", {"camera": "127"}).json()["viewing"]
    Grant.objects.filter(user=world.asha).update(withdrawn_at=timezone.now())
    answer = ask(client, f"/api/v1/watch/viewings/{viewing}/renew")
    assert answer.status_code == 404
    assert answer.json()["code"] == "no-such-camera"


def test_closing_says_how_long_and_a_second_goodbye_is_no_error(world, client_as) -> None:
    client = client_as(world.asha)
    viewing = ask(client, "/api/v1/watch/viewings", {"camera": "127"}).json()["viewing"]
    LiveViewing.objects.update(opened_at=timezone.now() - timedelta(seconds=90))
    for _ in range(2):
        assert ask(client, f"/api/v1/watch/viewings/{viewing}/close").status_code == 200
    closed = Entry.objects.get(action="watch.live.closed")
    assert closed.facts["seconds"] in (90, 91)
    assert ask(client, f"/api/v1/watch/viewings/{viewing}/renew").json()["code"] == "no-such-viewing"


def test_nobody_renews_or_closes_what_another_person_watches(world, client_as) -> None:
    viewing = ask(client_as(world.asha), "/api/v1/watch/viewings", {"camera": "127"}).json()["viewing"]
    other = client_as(world.dev)
    assert ask(other, f"/api/v1/watch/viewings/{viewing}/renew").status_code == 404
    ask(other, f"/api/v1/watch/viewings/{viewing}/close")
    assert LiveViewing.objects.get().closed_at is None


def test_a_page_that_went_away_without_a_word_ends_at_its_last_sign(world, client_as) -> None:
    client = client_as(world.asha)
    ask(client, "/api/v1/watch/viewings", {"camera": "127"})
    last = timezone.now() - timedelta(minutes=20)
    LiveViewing.objects.update(opened_at=last, renewed_at=last)
    assert close_lapsed(timezone.now()) == 1
    assert LiveViewing.objects.get().closed_at == last
    assert Entry.objects.get(action="watch.live.closed").facts["lapsed"] is True


@pytest.mark.parametrize("name", ["hari", "jo", "kit", "farah", "gwen"])
def test_a_role_without_live_viewing_gets_neither_the_wall_nor_a_camera(world, client_as, name: str) -> None:
    client = client_as(world.people[name])
    assert client.get("/watch/").status_code == 403
    reviews = name in ("hari", "jo")
    assert client.get("/api/v1/watch/now").status_code == (200 if reviews else 403)
    assert ask(client, "/api/v1/watch/viewings", {"camera": "127"}).status_code == 404


def test_the_wall_lists_only_cameras_this_person_may_know_of(world, client_as) -> None:
    page = client_as(world.asha).get("/watch/")
    assert page.status_code == 200
    assert 'data-camera="127"' in page.content.decode()
    assert 'data-camera="201"' not in page.content.decode()
    everyone = client_as(world.dev).get("/watch/").content.decode()
    assert 'data-camera="201"' in everyone


def test_the_rails_tell_each_person_of_their_own_cameras_only(world, client_as) -> None:
    ask(client_as(world.bryn), "/api/v1/watch/viewings", {"camera": "201"})
    seen_by_asha = client_as(world.asha).get("/api/v1/watch/now").json()
    seen_by_dev = client_as(world.dev).get("/api/v1/watch/now").json()
    assert seen_by_asha["watching"] == []
    assert [who["name"] for who in seen_by_dev["watching"]] == ["Bryn Howell"]


@pytest.mark.clause("HERTS-16.1", part="OccurrenceLog accepts entries")
def test_a_line_of_the_occurrence_book_has_time_person_and_camera(world, client_as) -> None:
    answer = ask(
        client_as(world.asha), "/api/v1/watch/entries", {"text": "Two men  arguing", "camera": "127", "at_90k": 9}
    )
    assert answer.status_code == 201
    entry = Entry.objects.get(action="watch.entry.written")
    assert answer.json()["number"] == entry.number
    assert entry.camera == str(world.camera("127").pk)
    assert entry.personal.get(field="text").value == "Two men arguing"
    assert "arguing" not in entry.facts_text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": "   "}, "bad-input"),
        ({"text": 5}, "bad-input"),
        ({"text": "x", "at_90k": "soon"}, "bad-input"),
        ({"text": "x", "camera": "201"}, "no-such-camera"),
    ],
)
def test_an_entry_that_cannot_be_is_told_so_and_nothing_is_written(world, client_as, body, code: str) -> None:
    answer = ask(client_as(world.asha), "/api/v1/watch/entries", body)
    assert answer.status_code in (404, 422)
    assert answer.json()["code"] == code
    assert entries("watch.entry.written") == 0


def test_a_stranger_is_sent_to_sign_in(world, client_as) -> None:
    assert client_as(None).get("/watch/")["Location"].startswith(settings.LOGIN_URL)
    assert client_as(None).post("/api/v1/watch/viewings").status_code == 401
