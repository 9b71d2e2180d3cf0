"""What an address was given for ends at the gateway in every way a right can end, and for nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from footage.gateway.tickets import Ticket, open_ticket
from overt.access.rules import Role
from overt.access.services import withdraw_grant
from overt.accounts.models import User
from overt.accounts.sessions import in_use, row_of
from overt.estate.cameras.services import retire_camera
from overt.people.services import mark_left, reset_password, suspend
from overt.shared.keys import ticket_key
from overt.watch.models import LiveViewing, PlaybackReview, SupervisedPlayback
from overt.watch.reviews.services import close_lapsed_reviews
from overt.watch.standing import ended
from overt.watch.supervised.services import allow, end
from watch.asking import ask
from world import PASSWORD, World, adopt_policy

ClientAs = Callable[..., Client]
LOOK = {"cameras": "127", "date": "2026-11-22", "time": "02:09:41", "reason": "Incident 4417", "alone": "on"}
WHY = {"reason": "For a test"}
NOBODY = UUID(int=7)


def live(client: Client, camera: str = "127") -> Ticket:
    return _opened(ask(client, "/api/v1/watch/viewings", {"camera": camera}))


def review(client: Client, person: User, camera: str = "127") -> Ticket:
    assert client.post("/review/", LOOK | {"cameras": camera}).status_code == 302
    row = PlaybackReview.objects.get(viewer=person, closed_at=None)
    return _opened(ask(client, f"/api/v1/watch/reviews/{row.pk}/tickets", {"camera": camera, "day": "2026-11-22"}))


def _opened(answer: Any) -> Ticket:
    assert answer.status_code == 201, answer.content
    return open_ticket(answer.json()["address"].rsplit("/", 1)[1], ticket_key(), timezone.now().timestamp())


def _sign_out(world: World, client: Client) -> None:
    client.post("/sign-out/")


def _sign_out_elsewhere(world: World, client: Client) -> None:
    other = Client()
    other.force_login(world.asha)
    assert other.post("/account/sign-out-everywhere/").status_code == 302


def _password_changed(world: World, client: Client) -> None:
    new = "a heron on the weir tonight"
    words = {"current": PASSWORD, "password": new, "again": new}
    assert client.post("/account/password/", words).status_code == 302


def _password_set_elsewhere(world: World, client: Client) -> None:
    world.asha.set_password("a heron on the weir tonight")
    world.asha.save()


def _password_reset(world: World, client: Client) -> None:
    reset_password(world.asha, by=world.elin, **WHY)


def _suspended(world: World, client: Client) -> None:
    suspend(world.asha, by=world.elin, breach=1, **WHY)


def _left(world: World, client: Client) -> None:
    mark_left(world.asha, by=world.elin, **WHY)


def _must_change(world: World, client: Client) -> None:
    User.objects.filter(pk=world.asha.pk).update(must_change_password=True)


def _session_idle(world: World, client: Client) -> None:
    session = client.session
    session["seen"] = (timezone.now() - settings.SESSION_IDLE - timedelta(seconds=1)).timestamp()
    session.save()


def _session_too_long(world: World, client: Client) -> None:
    session = client.session
    session["began"] = timezone.now().timestamp() - settings.SESSION_COOKIE_AGE - 1
    session.save()


def _session_row_gone(world: World, client: Client) -> None:
    client.session.delete()


def _grant_withdrawn(world: World, client: Client) -> None:
    withdraw_grant(world.asha.grants.get(), by=world.elin, **WHY)


def _grant_over(world: World, client: Client) -> None:
    world.asha.grants.update(ends_at=timezone.now() - timedelta(seconds=1))


def _grant_lapsed(world: World, client: Client) -> None:
    adopt_policy(access_review_days=92)
    world.asha.grants.update(starts_at=timezone.now() - timedelta(days=100))


def _withheld(world: World, client: Client) -> None:
    rows = [{"role": Role.OPERATOR.value, "act": act, "clauses": ["BASS-8.2.1.6"]} for act in ("view_live", "review")]
    adopt_policy(withheld_acts=rows)


def _to_another_partner(world: World, client: Client) -> None:
    camera = world.camera("127")
    camera.partner = world.riverside_homes
    camera.save()


WAYS = [
    _sign_out,
    _sign_out_elsewhere,
    _password_changed,
    _password_set_elsewhere,
    _password_reset,
    _suspended,
    _left,
    _must_change,
    _session_idle,
    _session_too_long,
    _session_row_gone,
    _grant_withdrawn,
    _grant_over,
    _grant_lapsed,
    _withheld,
    _to_another_partner,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_every_tab_of_a_person_ends_and_nobody_else_s(
    way: Callable[[World, Client], None], world: World, client_as: ClientAs
) -> None:
    hers, his = client_as(world.asha), client_as(world.dev)
    world.dev.grants.update(renewed_at=timezone.now())
    tabs = [live(hers), live(hers), review(hers, world.asha)]
    others = [live(his), review(his, world.dev)]
    assert ended(tabs + others) == set()
    way(world, hers)
    assert ended(tabs + others) == set(tabs)


def test_a_session_ends_for_itself_alone(world: World, client_as: ClientAs) -> None:
    """Signing out at one desk leaves what the same person has open at another."""
    here, there = client_as(world.asha), client_as(world.asha)
    ticket, other = live(here), live(there)
    here.post("/sign-out/")
    assert ended([ticket, other]) == {ticket}


def test_a_retired_camera_is_watched_no_more_and_its_recordings_are(world: World, client_as: ClientAs) -> None:
    client = client_as(world.asha)
    watched, looked, other = live(client), review(client, world.asha), live(client, "128")
    retire_camera(world.camera("127"), by=world.elin, reason="For a test")
    assert ended([watched, looked, other]) == {watched}
    answer = ask(client, "/api/v1/watch/viewings", {"camera": "127"})
    assert (answer.status_code, answer.json()["code"]) == (404, "no-such-camera")


def test_a_camera_that_leaves_its_group_is_not_its_reviewer_s_any_more(world: World, client_as: ClientAs) -> None:
    client = client_as(world.jo)
    ticket = review(client, world.jo)
    assert ended([ticket]) == set()
    world.town_centre.cameras.remove(world.camera("127"))
    assert ended([ticket]) == {ticket}


def test_a_picture_that_was_closed_ends_and_the_same_camera_s_other_goes_on(world: World, client_as: ClientAs) -> None:
    client = client_as(world.asha)
    closed, other = live(client), live(client)
    ask(client, f"/api/v1/watch/viewings/{closed.under.split('/')[0]}/close")
    assert ended([closed, other]) == {closed}


def test_a_closed_review_plays_nothing(world: World, client_as: ClientAs) -> None:
    client = client_as(world.asha)
    ticket = review(client, world.asha)
    row = PlaybackReview.objects.get(viewer=world.asha)
    assert client.post(f"/review/{row.pk}/close/", {"result": "Nothing"}).status_code == 302
    assert PlaybackReview.objects.get(pk=row.pk).closed_at is not None
    assert ended([ticket]) == {ticket}


def test_a_review_that_another_replaced_or_that_lapsed_plays_nothing(world: World, client_as: ClientAs) -> None:
    client = client_as(world.asha)
    first, second = review(client, world.asha), review(client, world.asha)
    assert ended([first, second]) == {first}
    PlaybackReview.objects.update(used_at=timezone.now() - timedelta(hours=2))
    assert ended([second]) == {second}  # before the worker has come by
    close_lapsed_reviews(timezone.now())
    assert ended([second]) == {second}


@pytest.fixture
def supervised(world: World, client_as: ClientAs) -> tuple[SupervisedPlayback, Ticket]:
    adopt_policy(engineer_playback="supervised")
    row = allow(world.dev, world.iris, ["127"], purpose="Whether the lens is clear", fault="", minutes=15)
    ticket = review(client_as(world.iris), world.iris)
    assert ended([ticket]) == set()
    return row, ticket


def test_a_supervision_that_is_ended_ends_the_look(world: World, supervised: tuple[SupervisedPlayback, Ticket]) -> None:
    row, ticket = supervised
    end(row, by=world.dev)
    assert ended([ticket]) == {ticket}


def test_a_supervision_whose_time_is_over_ends_the_look(supervised: tuple[SupervisedPlayback, Ticket]) -> None:
    _, ticket = supervised
    SupervisedPlayback.objects.update(ends_at=timezone.now())
    assert ended([ticket]) == {ticket}


def test_a_supervisor_who_signs_out_or_loses_the_role_ends_the_look(
    world: World, supervised: tuple[SupervisedPlayback, Ticket]
) -> None:
    _, ticket = supervised
    withdraw_grant(world.dev.grants.get(), by=world.elin, reason="For a test")
    assert ended([ticket]) == {ticket}


def test_a_policy_that_lets_no_engineer_look_ends_the_look(supervised: tuple[SupervisedPlayback, Ticket]) -> None:
    _, ticket = supervised
    adopt_policy(engineer_playback="never")
    assert ended([ticket]) == {ticket}


@pytest.mark.parametrize("under", ["", "x", "a review", f"{NOBODY}", f"{NOBODY}/", f"{NOBODY}/s1_nobody", "/"])
def test_what_was_given_for_nothing_known_has_ended(world: World, client_as: ClientAs, under: str) -> None:
    good = live(client_as(world.asha))
    odd = Ticket(good.camera_id, "live", 0, 0, good.expires, good.viewer, under)
    assert ended([good, odd]) == {odd}


def test_no_part_of_a_purpose_serves_another(world: World, client_as: ClientAs) -> None:
    """Another's session, another camera, or a picture on the wall for a look at recordings."""
    hers, his = live(client_as(world.asha)), live(client_as(world.dev))
    look = hers.under.split("/")[0]
    mixed = [
        Ticket(hers.camera_id, "live", 0, 0, hers.expires, hers.viewer, f"{look}/{his.under.split('/')[1]}"),
        Ticket(hers.camera_id, "live", 0, 0, hers.expires, his.viewer, hers.under),
        Ticket(world.camera("128").pk, "live", 0, 0, hers.expires, hers.viewer, hers.under),
        Ticket(hers.camera_id, "review", 0, 9, hers.expires, hers.viewer, hers.under),
    ]
    assert ended([hers, his, *mixed]) == set(mixed)


def test_a_whole_control_room_is_asked_about_in_few_questions(
    world: World, client_as: ClientAs, django_assert_max_num_queries: Any
) -> None:
    tickets = [live(client_as(person), number) for person in (world.asha, world.dev) for number in ("127", "128") * 8]
    with django_assert_max_num_queries(20):
        assert ended(tickets) == set()


def test_asking_writes_nothing(world: World, client_as: ClientAs, django_assert_num_queries: Any) -> None:
    client = client_as(world.asha)
    ticket = live(client)
    before = LiveViewing.objects.get().renewed_at
    assert in_use([row_of(client.session)], timezone.now()).keys() == {row_of(client.session)}
    assert ended([ticket]) == set()
    assert LiveViewing.objects.get().renewed_at == before
    with django_assert_num_queries(0):
        assert ended([]) == set()


@pytest.mark.django_db(transaction=True)
def test_the_web_process_s_own_gateway_refuses_what_has_ended(world: World, client_as: ClientAs) -> None:
    """Put together as it is deployed: asked about recordings before, and refused after the closing."""
    import httpx

    from overt.asgi import build

    client = client_as(world.asha)
    client.post("/review/", LOOK)
    row = PlaybackReview.objects.get()
    wanted = {"camera": "127", "day": "2026-11-22"}
    address = ask(client, f"/api/v1/watch/reviews/{row.pk}/tickets", wanted).json()["address"]

    async def code() -> str:
        transport = httpx.ASGITransport(build())
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as viewer:
            return str((await viewer.get(address)).json()["code"])

    assert asyncio.run(code()) == "no-footage"  # nothing was recorded; the address is good
    client.post(f"/review/{row.pk}/close/", {"result": "Nothing"})
    assert asyncio.run(code()) == "right-ended"
