"""The first person of an installation is made by whoever holds the token that was printed at its first start."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from overt.access.queries import grants_in_force
from overt.accounts.models import User
from overt.logbook.models import Entry
from overt.people.first_run import first_run_token
from world import World

pytestmark = pytest.mark.django_db
FORM = {
    "full_name": "Rosa Keane",
    "username": "rosa",
    "password": "a lamp over the sea",
    "again": "a lamp over the sea",
}


def test_the_token_makes_one_person_who_may_do_everything_and_then_dies(settings: Settings) -> None:
    token = first_run_token()
    page = f"/first-run/?token={token}"
    client = Client()
    assert client.get(page).status_code == 200

    assert client.post(page, FORM).headers["Location"] == "/"

    rosa = User.objects.get(username="rosa")
    assert {grant.role for grant in grants_in_force(rosa)} == {"manager", "owner_nominee"}
    ends = {grant.role: grant.ends_at for grant in grants_in_force(rosa)}
    assert ends["owner_nominee"] is None
    assert timedelta(days=29) < ends["manager"] - timezone.now() <= timedelta(days=30), "the two part"
    assert client.get("/people/").status_code == 200, "she is signed in"
    assert not (Path(settings.SECRETS) / "first-run.token").exists()
    assert Client().get(page).status_code == 404
    assert Client().post(page, {**FORM, "username": "eve"}).status_code == 404
    assert first_run_token() is None
    made = ["accounts.first_person.made", "access.grant.given", "access.grant.given", "accounts.signed_in"]
    assert list(Entry.objects.order_by("number").values_list("action", flat=True)) == made


@pytest.mark.parametrize("token", ["", "wrong", "é", "x" * 5000])
def test_a_wrong_token_finds_nothing_there(token: str) -> None:
    first_run_token()
    assert Client().get("/first-run/", {"token": token}).status_code == 404
    assert Client().post(f"/first-run/?token={token}", FORM).status_code == 404
    assert not User.objects.exists()


def test_the_token_stays_the_same_over_restarts_until_it_is_used() -> None:
    assert first_run_token() == first_run_token()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"password": "short", "again": "short"}, "too short"),
        ({"again": "something else"}, "not the same"),
        ({"username": "Rosa Keane!"}, "sign-in name"),
        ({"password": "rosakeane2026", "again": "rosakeane2026", "username": "rosakeane"}, "too similar"),
    ],
)
def test_what_cannot_be_used_is_told_and_the_token_lives(wrong: dict[str, str], words: str) -> None:
    page = f"/first-run/?token={first_run_token()}"
    response = Client().post(page, {**FORM, **wrong})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not User.objects.exists()
    assert Client().post(page, FORM).status_code == 302


def test_where_somebody_is_there_is_no_token(world: World) -> None:
    assert first_run_token() is None
    assert Client().get("/first-run/?token=").status_code == 404
