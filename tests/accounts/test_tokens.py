"""API tokens: shown once, kept as a digest, good for what their person's roles allow, for a while."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from overt.accounts.models import ApiToken
from overt.accounts.rules import BadToken
from overt.accounts.tokens import create_token
from overt.logbook.models import Entry
from world import World

ClientAs = Callable[..., Client]


def ask(token: str) -> int:
    return Client().get("/api/v1/cameras", HTTP_AUTHORIZATION=f"Bearer {token}").status_code


def test_a_token_is_shown_once_works_and_can_be_withdrawn(world: World, client_as: ClientAs) -> None:
    asha = client_as(world.asha)
    page = asha.post("/account/tokens/add/", {"name": "Monthly figures", "days": "31"})
    found = re.search(r'id="token">([^<]+)<', page.content.decode())
    assert found
    text = found[1]
    assert page.headers["Cache-Control"] == "no-store"
    assert ask(text) == 200
    row = ApiToken.objects.get()
    assert text not in f"{row.__dict__}"
    assert row.last_used_at is not None
    assert text not in asha.get("/account/").content.decode()

    asha.post(f"/account/tokens/{row.pk}/withdraw/")

    assert ask(text) == 401
    assert [e.action for e in Entry.objects.order_by("number")] == [
        "accounts.token.created",
        "accounts.token.withdrawn",
    ]


def test_a_token_reaches_what_its_person_reaches(world: World) -> None:
    _, text = create_token(world.bryn, "A script", timezone.now() + timedelta(days=1))
    client = Client(headers={"Authorization": f"Bearer {text}"})
    assert [one["number"] for one in client.get("/api/v1/cameras").json()] == ["201", "202"]
    assert client.get("/api/v1/cameras/127").status_code == 404


@pytest.mark.parametrize("text", ["", "x", "overt_", "é" * 40, "a b"])
def test_what_is_no_token_is_told_so(world: World, text: str) -> None:
    response = Client().get("/api/v1/cameras", HTTP_AUTHORIZATION=f"Bearer {text}")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.json()["code"] == "not-signed-in"


def test_a_token_is_over_at_its_end_and_when_its_person_leaves(world: World) -> None:
    token, text = create_token(world.asha, "A script", timezone.now() + timedelta(days=1))
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    assert ask(text) == 401
    _, other = create_token(world.asha, "A script", timezone.now() + timedelta(days=1))
    assert ask(other) == 200
    world.asha.is_active = False
    world.asha.save()
    assert ask(other) == 401


def test_a_token_has_an_end_within_a_year(world: World) -> None:
    for days in (-1, 0, 367):
        with pytest.raises(BadToken):
            create_token(world.asha, "A script", timezone.now() + timedelta(days=days))


def test_nobody_withdraws_somebody_elses_token(world: World, client_as: ClientAs) -> None:
    token, text = create_token(world.asha, "A script", timezone.now() + timedelta(days=1))
    assert client_as(world.elin).post(f"/account/tokens/{token.pk}/withdraw/").status_code == 404
    assert ask(text) == 200


def test_a_session_needs_its_form_token_for_anything_that_changes(world: World) -> None:
    """A bearer token is sent on purpose; a cookie is sent by any page that the browser shows."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.elin, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/account/sign-out-everywhere/").status_code == 403
    assert client.get("/api/v1/cameras").status_code == 200
