"""What a page says to the browser about itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from world import World

ClientAs = Callable[..., Client]


@pytest.mark.parametrize("path", ["/", "/people/", "/cameras/127/", "/api/v1/cameras", "/no-such-page/"])
def test_what_somebody_signed_in_sees_is_stored_nowhere(path: str, world: World, client_as: ClientAs) -> None:
    assert client_as(world.elin).get(path).headers["Cache-Control"] == "no-store"


def test_a_page_for_everybody_is_asked_for_anew(world: World) -> None:
    assert Client().get("/sign-in/").headers["Cache-Control"].startswith(("no-cache", "max-age=0"))


def test_no_page_uses_the_visitors_own_devices(world: World) -> None:
    said = Client().get("/sign-in/").headers["Permissions-Policy"]
    for device in ("camera", "microphone", "geolocation"):
        assert f"{device}=()" in said
    assert "fullscreen=(self)" in said


def test_https_is_asked_for_where_it_is_served_and_not_where_it_is_not(world: World, settings: Settings) -> None:
    assert "Strict-Transport-Security" not in Client().get("/sign-in/").headers
    settings.SESSION_COOKIE_SECURE = True
    assert Client().get("/sign-in/").headers["Strict-Transport-Security"] == "max-age=31536000"
