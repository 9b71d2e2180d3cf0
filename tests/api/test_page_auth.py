"""What an open page asks is its person's own: it comes with the session and its CSRF token, and no token of a script's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from overt.accounts.tokens import create_token
from overt.watch.models import LiveViewing
from world import World

VIEWINGS = "/api/v1/watch/viewings"
JSON = "application/json"


@pytest.fixture
def page(world: World) -> Client:
    """A browser in which Asha has signed in, and that minds CSRF as browsers' requests are minded."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.asha, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_a_script_puts_no_camera_on_a_wall(world: World) -> None:
    _, token = create_token(world.asha, "A script", timezone.now() + timedelta(days=1))
    bearer = {"Authorization": f"Bearer {token}"}
    assert Client(headers=bearer).get("/api/v1/cameras/127").status_code == 200
    assert Client(headers=bearer).get("/api/v1/watch/now").status_code == 401
    refused = Client(headers=bearer).post(VIEWINGS, {"camera": "127"}, content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (401, "not-signed-in")
    assert not LiveViewing.objects.exists()


def test_another_site_puts_no_camera_on_a_wall(page: Client) -> None:
    refused = page.post(VIEWINGS, {"camera": "127"}, content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    assert not LiveViewing.objects.exists()
    token = page.get("/watch/").context["data"]["csrf"]
    opened = page.post(VIEWINGS, {"camera": "127"}, content_type=JSON, headers={"X-CSRFToken": token})
    assert opened.status_code == 201
