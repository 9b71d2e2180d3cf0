"""Checking a camera against a real RTSP server: what it sends, and every way in which it may not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from estate.conftest import PASSWORD, USERNAME, Street
from footage.contract import CheckOutcome, CheckResult
from overt.estate.cameras.checks import check_camera, clock_words, sentence
from overt.estate.cameras.credentials import encrypt
from overt.estate.models import Camera
from overt.logbook.models import Entry
from world import World

ClientAs = Callable[..., Client]


def at(camera: Camera, url: str, username: str = USERNAME, password: str = PASSWORD) -> Camera:
    camera.stream_url, camera.credentials_sealed = url, encrypt(username, password)
    camera.save()
    return camera


def test_a_camera_that_works_is_told_in_one_line_on_its_page(world: World, client_as: ClientAs, street: Street) -> None:
    at(world.camera("127"), street.url())
    page = client_as(world.iris).post("/cameras/127/check/").content.decode()
    assert "Connects; H.264 " in page
    assert " fps; clock 0.4 s behind; " in page
    assert "Mbit/s" in page
    facts = Entry.objects.get(action="estate.camera.checked").facts
    assert facts["outcome"] == "connects"
    assert -450 <= facts["clock_ms"] <= -350  # type: ignore[operator]  # a whole number


@pytest.mark.parametrize(
    ("name", "password", "outcome", "words"),
    [
        ("cam1", "wrong", CheckOutcome.REFUSED, "refuses the user name or password; check both."),
        ("nothing", PASSWORD, CheckOutcome.REFUSED, "the path behind the host"),
    ],
)
def test_a_camera_that_refuses_says_what_to_check(
    world: World, street: Street, name: str, password: str, outcome: CheckOutcome, words: str
) -> None:
    url = street.url("cam1").replace("cam1", name)
    result = check_camera(at(world.camera("127"), url, password=password), by=world.iris, seconds=1)
    assert result.outcome is outcome
    assert words in sentence(result)
    assert password not in sentence(result)


@pytest.fixture
def no_camera() -> Iterator[str]:
    """Something that listens and answers every caller with words that are no RTSP."""
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                caller, _ = listening.accept()
            except OSError:
                return
            with caller:
                caller.recv(1000)
                caller.sendall(b"SSH-2.0-OpenSSH_9.2\r\n" * 100)

    threading.Thread(target=answer, daemon=True).start()
    yield f"rtsp://127.0.0.1:{listening.getsockname()[1]}/1"
    listening.close()


def test_what_is_no_camera_is_told_so(world: World, no_camera: str) -> None:
    result = check_camera(at(world.camera("127"), no_camera), by=None, seconds=1)
    assert result.outcome is CheckOutcome.PROTOCOL
    assert "554" in sentence(result)


def test_a_port_where_nothing_listens_is_unreachable(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    result = check_camera(at(world.camera("127"), f"rtsp://127.0.0.1:{port}/1"), by=None, seconds=1)
    assert result.outcome is CheckOutcome.UNREACHABLE
    assert sentence(result).endswith(
        "look at the port first (RTSP is usually 554), then whether RTSP is switched on at the camera."
    )


def test_an_address_that_has_left_the_allowed_networks_is_not_called(world: World) -> None:
    result = check_camera(at(world.camera("127"), "rtsp://8.8.8.8/1"), by=None, seconds=1)
    assert result.outcome is CheckOutcome.BAD_ADDRESS
    assert "outside the networks" in sentence(result)


def test_an_operator_does_not_check_cameras(world: World, client_as: ClientAs) -> None:
    assert client_as(world.asha).post("/cameras/127/check/").status_code == 404
    assert client_as(world.iris).get("/cameras/127/check/").status_code == 405


@pytest.mark.parametrize(
    ("offset_ms", "words"),
    [(None, "clock not told"), (3.0, "clock right"), (-400.0, "clock 0.4 s behind"), (61_000.0, "clock 61.0 s ahead")],
)
def test_the_clock_in_words(offset_ms: float | None, words: str) -> None:
    assert clock_words(offset_ms) == words


def test_the_line_as_the_manual_shows_it() -> None:
    result = CheckResult(CheckOutcome.CONNECTS, "", "H.264", 1280, 720, 25.0, 2_100_000, -400.0)
    assert sentence(result) == "connects; H.264 1280x720 25 fps; clock 0.4 s behind; 2.1 Mbit/s"


def test_what_another_service_says_is_told_to_nobody(world: World, client_as: ClientAs, no_camera: str) -> None:
    """A check says that it is no camera, not which program it is: it is no way to look around in a network."""
    at(world.camera("127"), no_camera)
    page = client_as(world.iris).post("/cameras/127/check/").content.decode()
    assert "OpenSSH" not in page
    assert "SSH-2.0" not in page
    assert "OpenSSH" not in str(Entry.objects.get(action="estate.camera.checked").facts)
