"""Signing in, being locked out, and how a session ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from overt.accounts.models import User
from overt.accounts.services import change_password, note_refused_sign_ins
from overt.logbook.models import Entry
from overt.people import services
from world import PASSWORD, World

ClientAs = Callable[..., Client]


def sign_in(client: Client, username: str = "asha", password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]  # django's test response
    return client.post("/sign-in/", {"username": username, "password": password}, **more)


def actions() -> list[str]:
    return list(Entry.objects.order_by("number").values_list("action", flat=True))


def said(entry: Entry) -> dict[str, str | None]:
    return {one.field: one.value for one in entry.personal.all()}


def age(client: Client, *, began: timedelta, seen: timedelta) -> None:
    """Make this browser's session as old as that."""
    session = client.session
    now = timezone.now().timestamp()
    session["began"], session["seen"] = now - began.total_seconds(), now - seen.total_seconds()
    session.save()


def test_the_right_password_opens_the_first_page_and_the_logbook_tells_who_and_from_where(world: World) -> None:
    client = Client()

    assert sign_in(client, "Asha ").headers["Location"] == "/"
    assert client.get("/account/").status_code == 200

    entry = Entry.objects.get(action="accounts.signed_in")
    assert said(entry)["actor_name"] == "Asha Patel"
    assert said(entry)["address"] == "127.0.0.1"
    assert "Asha" not in entry.facts_text + entry.commitments_text


def test_a_wrong_password_and_an_unknown_name_get_the_same_words(world: World) -> None:
    wrong, unknown = sign_in(Client(), "asha", "no"), sign_in(Client(), "nobody", "no")

    assert wrong.status_code == unknown.status_code == 422
    token = r'name="csrfmiddlewaretoken" value="\w+"'
    bodies = [
        re.sub(token, "", one.content.decode()).replace(name, "")
        for one, name in ((wrong, "asha"), (unknown, "nobody"))
    ]
    assert bodies[0] == bodies[1]
    assert [said(entry)["tried_name"] for entry in Entry.objects.order_by("number")] == ["asha", "nobody"]


def test_somebody_who_has_left_cannot_sign_in(world: World) -> None:
    User.objects.filter(username="asha").update(is_active=False)
    assert sign_in(Client()).status_code == 422


def test_the_sign_in_page_leads_nowhere_else(world: World) -> None:
    response = Client().post("/sign-in/?next=https://evil.example/", {"username": "asha", "password": PASSWORD})
    assert response.headers["Location"] == "/"


def test_five_failures_lock_a_name_from_one_place_and_the_page_says_for_how_long(world: World) -> None:
    client = Client()
    answers = [sign_in(client, "asha", f"wrong {i}") for i in range(5)]

    assert [one.status_code for one in answers] == [422, 422, 422, 422, 429]
    assert "for 15 minutes" in answers[-1].content.decode()
    assert 890 <= int(answers[-1].headers["Retry-After"]) <= 901
    assert sign_in(client, "ASHA").status_code == 429, "the right password does not help now"
    assert sign_in(Client(), REMOTE_ADDR="10.0.0.9").status_code == 302, "from another place it does"
    assert sign_in(client, "dev").status_code == 302, "and another name does from here"
    assert actions().count("accounts.sign_in.failed") == 6
    assert actions().count("accounts.locked_out") == 1


def test_a_script_that_is_locked_out_gets_a_problem_document(world: World) -> None:
    answers = [sign_in(Client(), "asha", "wrong", HTTP_ACCEPT="application/json") for _ in range(5)]

    assert answers[-1].status_code == 429
    assert answers[-1].headers["Content-Type"] == "application/problem+json"
    assert answers[-1].json()["code"] == "locked-out"
    assert answers[-1].headers["Retry-After"]


def test_a_manager_who_resets_the_password_unlocks_the_name(world: World) -> None:
    client = Client()
    for i in range(5):
        sign_in(client, "asha", f"wrong {i}")
    token = services.reset_password(world.asha, by=world.elin, reason="Locked out")
    new = "seven herons on a wire"
    assert (
        Client().post(f"/choose-password/{world.asha.pk}/{token}/", {"password": new, "again": new}).status_code == 302
    )
    assert sign_in(client, "asha", new).status_code == 302


def test_a_lock_ends_by_itself(world: World) -> None:
    from axes.models import AccessAttempt

    client = Client()
    for i in range(5):
        sign_in(client, "asha", f"wrong {i}")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert sign_in(client).status_code == 302


def test_an_address_that_no_trusted_proxy_sent_is_not_believed(world: World, settings: Settings) -> None:
    sign_in(Client(), HTTP_X_FORWARDED_FOR="203.0.113.7")
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]
    sign_in(Client(), HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.7")

    told = [said(entry)["address"] for entry in Entry.objects.filter(action="accounts.signed_in").order_by("number")]
    assert told == ["127.0.0.1", "203.0.113.7"]


def test_an_idle_session_is_over_and_the_next_page_says_why(world: World, client_as: ClientAs) -> None:
    client = client_as(world.asha)
    age(client, began=timedelta(hours=3), seen=timedelta(minutes=59))
    assert client.get("/account/").status_code == 200
    age(client, began=timedelta(hours=3), seen=timedelta(minutes=61))

    response = client.get("/account/")

    assert response.headers["Location"] == "/sign-in/?next=/account/"
    assert "nothing was done for a while" in client.get("/sign-in/").content.decode()
    assert Entry.objects.get(action="accounts.session.ended").facts == {"cause": "idle"}


def test_a_session_lasts_one_long_shift_at_most_however_busy(world: World, client_as: ClientAs) -> None:
    client = client_as(world.asha)
    age(client, began=timedelta(hours=13, minutes=1), seen=timedelta(0))
    assert client.get("/account/").status_code == 302
    assert client.get("/api/v1/cameras").status_code == 401


def test_use_keeps_a_session_going(world: World, client_as: ClientAs) -> None:
    client = client_as(world.asha)
    age(client, began=timedelta(hours=1), seen=timedelta(minutes=50))
    client.get("/account/")
    assert timezone.now().timestamp() - client.session["seen"] < 5


def test_signing_out_ends_this_session_and_no_other(world: World, client_as: ClientAs) -> None:
    here, there = client_as(world.asha), client_as(world.asha)
    here.post("/sign-out/")
    assert here.get("/account/").status_code == 302
    assert there.get("/account/").status_code == 200
    assert actions() == ["accounts.signed_out"]


def test_signing_out_everywhere_ends_every_session_and_signing_in_again_works(
    world: World, client_as: ClientAs
) -> None:
    here, there, dev = client_as(world.asha), client_as(world.asha), client_as(world.dev)

    here.post("/account/sign-out-everywhere/")

    assert actions() == ["accounts.signed_out_everywhere"]
    assert here.get("/account/").status_code == 302
    assert there.get("/account/").status_code == 302
    assert "signed out everywhere" in there.get("/sign-in/").content.decode()
    assert dev.get("/account/").status_code == 200, "somebody else's session goes on"
    sign_in(there)
    assert there.get("/account/").status_code == 200


def test_a_session_without_its_marks_is_no_session(world: World, client_as: ClientAs) -> None:
    client = client_as(world.asha)
    session = client.session
    del session["began"], session["seen"]
    session.save()
    assert client.get("/account/").status_code == 302


def test_changing_the_password_needs_the_old_one_and_ends_the_other_sessions(world: World, client_as: ClientAs) -> None:
    here, there = client_as(world.asha), client_as(world.asha)
    new = "seven herons on a wire"

    refused = here.post("/account/password/", {"current": "wrong", "password": new, "again": new})
    short = here.post("/account/password/", {"current": PASSWORD, "password": "short", "again": "short"})
    done = here.post("/account/password/", {"current": PASSWORD, "password": new, "again": new})

    assert (refused.status_code, short.status_code, done.status_code) == (422, 422, 302)
    assert actions() == ["accounts.password.changed"], "once, for the one that was carried out"
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert sign_in(Client(), "asha", new).status_code == 302
    assert new not in "".join(str(one.get_decoded()) for one in Session.objects.all())


@pytest.mark.parametrize(
    "password", ["short one", "administrator", "1234567890123", "ashapatel2026", "Patel-Asha-77", "asha-asha-asha"]
)
def test_a_common_or_personal_password_is_refused(password: str, world: World, client_as: ClientAs) -> None:
    form = {"current": PASSWORD, "password": password, "again": password}
    assert client_as(world.asha).post("/account/password/", form).status_code == 422


def test_passwords_rest_as_argon2(world: World) -> None:
    change_password(world.asha, "seven herons on a wire")
    assert world.asha.password.startswith("argon2$argon2id$")


def test_the_database_holds_no_key_that_opens_a_session(world: World, client_as: ClientAs) -> None:
    client = client_as(world.asha)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    (row,) = Session.objects.values_list("session_key", flat=True)
    assert key not in row
    assert client.get("/account/").status_code == 200
    thief = Client()
    for stolen in (row, row.removeprefix("s1_")):
        thief.cookies[settings.SESSION_COOKIE_NAME] = stolen
        assert thief.get("/account/").status_code == 302
    client.post("/sign-out/")
    assert not Session.objects.exists(), "signing out takes the row with it"


def test_refused_tries_of_a_minute_are_one_entry_and_their_addresses_personal(world: World) -> None:
    note_refused_sign_ins({"192.0.2.7": 300, "2001:db8::/64": 12})
    entry = Entry.objects.get(action="accounts.sign_ins.refused")
    assert entry.facts == {"tries": 312, "addresses": 2}
    assert said(entry) == {"address": "192.0.2.7, 2001:db8::/64"}
