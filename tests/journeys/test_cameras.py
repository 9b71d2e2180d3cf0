"""Cameras that are not as they should be: what the page says, and what to do about it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from journeys.conftest import CAMERA_PASSWORD, CAMERA_USER, Scheme
from journeys.installation import SimulatedCameras
from journeys.visitor import Visitor


@pytest.fixture(scope="module")
def encrypted(films: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedCameras]:
    """A camera that speaks RTSP over TLS, with a certificate of its own making."""
    log = tmp_path_factory.mktemp("tls") / "log"
    made = SimulatedCameras(films[:1], "--tls", "--user", CAMERA_USER, "--password", CAMERA_PASSWORD, log=log)
    yield made
    made.close()


def form_of(manager: Visitor, **changes: str) -> dict[str, str]:
    """A camera's values as its form sends them."""
    town = re.search(r'<option value="([0-9a-f-]{36})"[^>]*>Market Town', manager.get("/cameras/add/").text)
    assert town
    same = {
        "number": "300",
        "name": "Bus station",
        "kind": "fixed",
        "town": town[1],
        "recorded": "on",
        "priority": "100",
    }
    return same | {"username": CAMERA_USER, "password": CAMERA_PASSWORD} | changes


def checked(manager: Visitor, number: str) -> str:
    """What "Check it now" says."""
    answer = manager.submit_to(f"/cameras/{number}/", f"/cameras/{number}/check/")
    found = re.search(r'notification-banner__heading">([^<]+)<', answer.text)
    assert found, answer.status_code
    return html.unescape(found[1])


def test_a_camera_with_its_own_certificate_is_pinned_by_what_the_check_shows(
    scheme: Scheme, encrypted: SimulatedCameras
) -> None:
    manager, address = scheme.people["elin"], encrypted.url("cam1")
    assert address.startswith("rtsps://")
    added = manager.submit("/cameras/add/", **form_of(manager, address=address))
    assert added.status_code == 302, added.text

    words = checked(manager, "300")
    assert "certificate is not trusted" in words
    assert "Camera's certificate" in words
    assert scheme.wait_for_state("300", "refused")["detail"].startswith("The camera's certificate is not trusted")
    shown = re.search(r"SHA-256 is ([0-9a-f]{64})", words)
    assert shown, words

    pinned = ":".join(re.findall("..", shown[1])).upper()  # as other programs write it
    changed = manager.submit("/cameras/300/change/", **form_of(manager, address=address, certificate=pinned))
    assert changed.status_code == 302, changed.text
    assert checked(manager, "300").startswith("Connects; H.264")
    scheme.wait_for_state("300", "recording", seconds=60)

    other = manager.submit("/cameras/300/change/", **form_of(manager, address=address, certificate="0" * 64))
    assert other.status_code == 302
    assert "another certificate than the pinned one" in checked(manager, "300")
    assert manager.submit("/cameras/300/retire/", reason="The pole was taken down").status_code == 302
