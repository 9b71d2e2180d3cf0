"""API tokens: shown once, kept as a digest, good for what their person's roles allow, for a while."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from overt.accounts.models import ApiToken, User
from overt.accounts.rules import BadToken, TokenScope
from overt.accounts.tokens import create_token
from overt.logbook.models import Entry
from world import PASSWORD, World

ClientAs = Callable[..., Client]


def ask(token: str) -> int:
    return Client().get("/api/v1/cameras", HTTP_AUTHORIZATION=f"Bearer {token}").status_code


def test_a_token_is_shown_once_works_and_can_be_withdrawn(world: World, client_as: ClientAs) -> None:
    asha = client_as(world.asha)
    form = {"name": "Monthly figures", "days": "31", "scope": "all"}
    assert asha.post("/account/tokens/add/", form).status_code == 422, "not without the password"
    assert asha.post("/account/tokens/add/", {**form, "current": "a guess"}).status_code == 422
    assert not ApiToken.objects.exists()
    page = asha.post("/account/tokens/add/", {**form, "current": PASSWORD})
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


def test_a_token_that_only_reads_changes_nothing(world: World) -> None:
    until = timezone.now() + timedelta(days=1)
    _, reading = create_token(world.dev, "Figures", until, TokenScope.READ)
    _, writing = create_token(world.dev, "All", until, TokenScope.ALL)
    body = {"camera": "127", "start": "2026-11-01T00:00:00Z", "end": "2026-11-01T00:00:10Z", "reason": "A test"}

    def mark(token: str) -> Any:
        bearer = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
        return Client().post(
            "/api/v1/exhibits", {"reference": "JD-7", "reason": "A", "clips": [body]}, "application/json", **bearer
        )

    assert ask(reading) == 200
    refused = mark(reading)
    assert (refused.status_code, refused.json()["code"]) == (403, "token-only-reads")
    assert mark(writing).json().get("code") != "token-only-reads"


def test_every_token_ends_with_a_change_of_password_and_with_signing_out_everywhere(
    world: World, client_as: ClientAs
) -> None:
    until = timezone.now() + timedelta(days=1)
    new = "seven herons on a wire"
    _, first = create_token(world.asha, "A script", until)
    _, of_dev = create_token(world.dev, "A script", until)
    client_as(world.asha).post("/account/password/", {"current": PASSWORD, "password": new, "again": new})
    assert ask(first) == 401
    _, second = create_token(world.asha, "A script", until)
    client_as(User.objects.get(pk=world.asha.pk)).post("/account/sign-out-everywhere/")
    assert ask(second) == 401
    assert ask(of_dev) == 200, "somebody else's goes on"
    assert Entry.objects.filter(action="accounts.token.withdrawn").count() == 2, "each has its entry"
