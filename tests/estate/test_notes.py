"""What the recorder noticed of a camera, wherever it is read: its page, the API, the commands, the figures, the check."""

from __future__ import annotations

import argparse
import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from estate.conftest import PASSWORD, USERNAME, Street
from footage.contract import CameraNote, CheckOutcome, CheckResult
from footage.local import LocalNode
from footage.node.daemon import Node, NodeOptions
from overt.estate import cli
from overt.estate.cameras import checks
from overt.estate.cameras.checks import sentence
from overt.estate.cameras.credentials import encrypt
from overt.estate.models import Camera
from overt.estate.node import sync_node
from overt.logbook.models import Entry
from overt.shared.keys import node_key
from overt.up import cli as up_cli
from world import World

ClientAs = Callable[..., Client]
LATE = "Its clock is 3 min 12 s behind; set its NTP server."


def at(camera: Camera, street: Street) -> Camera:
    camera.stream_url, camera.credentials_sealed = street.url(), encrypt(USERNAME, PASSWORD)
    camera.save()
    return camera


@pytest.fixture
def recorded(world: World, settings: Settings, late_street: Street, street: Street) -> Iterator[World]:
    """A recorder that records camera 127, whose clock is late, and 128, of which there is nothing to say."""
    at(world.camera("127"), late_street)
    at(world.camera("128"), street)
    Camera.objects.exclude(number__in=["127", "128"]).update(recorded=False)
    sync_node()
    node = Node(NodeOptions(store=settings.FOOTAGE_STORE, run=settings.RUN, key=node_key()))
    loop = asyncio.new_event_loop()
    recording = threading.Thread(target=lambda: loop.run_until_complete(node.run()), daemon=True)
    recording.start()
    asked = LocalNode(settings.FOOTAGE_STORE, settings.RUN)
    until = time.monotonic() + 15
    while not any(camera.notes for camera in asked.health().cameras):
        assert time.monotonic() < until, "the recorder noticed nothing"
        time.sleep(0.1)
    yield world
    loop.call_soon_threadsafe(node.stop)
    recording.join(15)


def status(*words: str) -> int:
    parser = argparse.ArgumentParser()
    up_cli.add_arguments(parser.add_subparsers())
    return up_cli.run_status(parser.parse_args(["status", *words]))


def camera_command(*words: str) -> int:
    parser = argparse.ArgumentParser()
    cli.add_arguments(parser.add_subparsers())
    options = parser.parse_args(["camera", *words])
    code: int = options.run(options)
    return code


def test_a_camera_with_a_late_clock_is_told_at_every_door_and_its_neighbour_at_none(
    recorded: World, client_as: ClientAs, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = client_as(recorded.asha)
    page = browser.get("/cameras/127/").content.decode()
    assert "What the recorder noticed" in page
    assert LATE in page
    assert "What the recorder noticed" not in browser.get("/cameras/128/").content.decode()

    cameras = {one["number"]: one["notes"] for one in browser.get("/api/v1/cameras").json()}
    assert cameras["127"] == [{"code": "clock-off", "text": LATE}]
    assert cameras["128"] == []

    assert camera_command("list", "--json") == 0
    listed = {one["number"]: one["notes"] for one in json.loads(capsys.readouterr().out)}
    assert (listed["127"], listed["128"]) == (cameras["127"], [])

    status()
    assert f"127        {LATE}" in capsys.readouterr().out
    status("--json")
    assert json.loads(capsys.readouterr().out)["cameras"] == [{"number": "127", "notes": cameras["127"]}]

    figures = Client().get("/metrics").content.decode()
    assert f'overt_camera_notes{{camera="{recorded.camera("127").pk}"}} 1.0' in figures
    assert f'overt_camera_notes{{camera="{recorded.camera("128").pk}"}} 0.0' in figures


def test_a_check_lists_what_to_mend_on_its_page_and_in_the_logbook(
    world: World, client_as: ClientAs, late_street: Street
) -> None:
    at(world.camera("127"), late_street)
    page = client_as(world.iris).post("/cameras/127/check/").content.decode()
    assert "clock 3 min 12 s behind" in page
    assert f"<li>{LATE}</li>" in page
    assert Entry.objects.get(action="estate.camera.checked").facts["notes"] == ["clock-off"]


def test_the_command_prints_each_note_on_a_line_of_its_own(
    world: World, capsys: pytest.CaptureFixture[str], late_street: Street
) -> None:
    at(world.camera("127"), late_street)
    assert camera_command("check", "127", "--seconds", "1") == 0
    first, *notes = capsys.readouterr().out.splitlines()
    assert first.startswith("127  connects; H.264 ")
    assert notes == [f"  {LATE}"]
    assert camera_command("check", "127", "--seconds", "1", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["notes"] == [{"code": "clock-off", "text": LATE}]


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("The camera has no such stream (404).", checks._WHAT_TO_DO[CheckOutcome.REFUSED]),
        ("The camera sends us elsewhere (302). Give rtsp://10.0.0.7/s as its address.", ""),
        ("The camera offers its video over UDP only; set it to TCP.", ""),
    ],
)
def test_a_step_that_says_what_to_set_is_given_no_second_advice(detail: str, said: str) -> None:
    assert sentence(CheckResult(CheckOutcome.REFUSED, detail)) == f"{detail} {said}".strip()


def test_a_slow_camera_reads_as_one() -> None:
    notes = (CameraNote("few-pictures", "Sends one picture in 5 s."),)
    slow = CheckResult(CheckOutcome.CONNECTS, "", "H.264", 1280, 720, 0.2, 40_000, -10_800_000.0, notes=notes)
    assert sentence(slow) == "connects; H.264 1280x720 a picture each 5 s; clock 3 h behind; 0.04 Mbit/s"
