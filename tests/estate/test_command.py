"""`overt camera ...` as whoever runs the server types it: words, JSON and exit codes."""

from __future__ import annotations

import argparse
import json

import pytest

from overt.estate import cli
from overt.estate.models import Camera
from overt.logbook.models import Entry
from world import World


def overt(*words: str) -> int:
    parser = argparse.ArgumentParser()
    cli.add_arguments(parser.add_subparsers())
    options = parser.parse_args(["camera", *words])
    code: int = options.run(options)
    return code


ADD = ("add", "500", "rtsp://viewer@127.0.0.1/1", "--name", "Quay Lane")


def test_a_camera_is_added_listed_and_retired(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert overt(*ADD, "--town", "Harbour", "--latitude", "51.7", "--longitude", "-0.3") == 0
    assert overt("list", "--json") == 0
    listed = json.loads(capsys.readouterr().out.split("\n", 1)[1])
    assert [one["number"] for one in listed] == ["127", "128", "129", "201", "202", "500", "R2"]
    assert overt("retire", "500", "--reason", "Taken down", "--as", "elin") == 0
    entries = Entry.objects.order_by("number")
    assert [entry.action for entry in entries] == ["estate.camera.added", "estate.camera.retired"]
    actors = ["".join(p.value or "" for p in entry.personal.all() if p.field == "actor_name") for entry in entries]
    assert actors == ["", "Elin Ward"], "the server itself, where nobody is named"


def test_the_switches_of_how_it_is_spoken_to_can_be_given(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert overt(*ADD, "--town", "Harbour", "--allow-basic", "--transport", "udp") == 0
    camera = Camera.objects.get(number="500")
    assert (camera.basic_allowed, camera.transport) == (True, "udp")
    assert overt("add", "501", "rtsp://u:hunter#2@127.0.0.1/1", "--name", "Slipway", "--town", "Harbour") == 2
    said = capsys.readouterr()
    assert "write it as %23" in said.err
    assert "hunter" not in said.out + said.err


def test_missing_places_are_made_only_when_asked_for(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert overt(*ADD, "--town", "Newtown") == 2
    assert "There is no town Newtown" in capsys.readouterr().err
    assert overt(*ADD, "--town", "Newtown", "--partner", "Newtown Council", "--new-places") == 0
    assert Camera.objects.get(number="500").partner.name == "Newtown Council"


def test_a_failed_addition_makes_no_places(world: World) -> None:
    from overt.places.models import Town

    words = ["add", "500", "http://x", "--name", "X", "--town", "Newtown", "--partner", "New", "--new-places"]
    assert overt(*words) == 2
    assert not Town.objects.filter(name="Newtown").exists()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("retire", "999", "--reason", "x"), 3, "no-such-camera"),
        (("retire", "127", "--reason", "x", "--as", "nobody"), 2, "bad-person"),
        (("retire", "127", "--reason", "x", "--as", "bryn"), 4, "camera-beyond-you"),
        (("retire", "127", "--reason", " "), 2, "reason-missing"),
    ],
)
def test_what_cannot_be_done_has_its_code(
    world: World, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, says: str
) -> None:
    assert overt(*words, "--json") == code
    assert json.loads(capsys.readouterr().out)["code"] == says


def test_a_check_that_fails_is_told_by_its_exit_code(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    camera = world.camera("127")
    camera.stream_url = "rtsp://127.0.0.1:1/1"
    camera.save()
    assert overt("check", "127", "--seconds", "1", "--json") == 1
    assert json.loads(capsys.readouterr().out)[0]["outcome"] == "unreachable"


def test_an_address_is_not_a_number_and_its_password_is_not_said_again(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert overt("check", "rtsp://viewer:kestrel@10.0.0.9/1") == 2
    said = capsys.readouterr().err
    assert "by its number" in said
    assert "kestrel" not in said


@pytest.mark.django_db
def test_a_list_without_cameras_says_how_the_first_is_added(capsys: pytest.CaptureFixture[str]) -> None:
    assert overt("list") == 0
    assert "overt camera add" in capsys.readouterr().err
