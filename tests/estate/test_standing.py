"""Each statement about the recorder, its cameras and its disk, and what makes it another: for people and machines."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from estate.recorder_saying import recorder_saying
from footage.contract import CameraCondition, CameraHealth, CameraId
from footage.times import utc_90k
from overt.estate.retention.queries import standing as retention_standing
from overt.up.cli import run_status
from world import World

ClientAs = Callable[..., Client]
GONE = "/srv/overt/footage is gone: No such file or directory"
KNOWN: dict[str, Any] = {"disk_forecast_known": True}


def lines(browser: Client) -> dict[str, tuple[str, str]]:
    """What the first page says of each thing, with the tag beside it."""
    return {line.key: (line.value, line.tag) for line in browser.get("/").context["standing"]}


def cameras(world: World, *conditions: CameraCondition, since_90k: int = 0) -> tuple[CameraHealth, ...]:
    numbers = [world.camera("127"), world.camera("128"), world.camera("129")]
    pairs = zip(numbers, conditions, strict=False)
    return tuple(CameraHealth(CameraId(camera.pk), condition, since_90k) for camera, condition in pairs)


RECORDING, LOST = CameraCondition.RECORDING, CameraCondition.LOST


@pytest.mark.parametrize(
    ("said", "key", "words", "tag"),
    [
        ({}, "Recorder", "Running", ""),
        ({}, "Cameras", "None is recorded yet", ""),
        ({}, "Disk", "100 GB free of 1.0 TB; for how long is not known before an hour was recorded", ""),
        (KNOWN, "Disk", "100 GB free of 1.0 TB; it holds what was promised", ""),
        (KNOWN | {"disk_days_left": 17.9}, "Disk", "100 GB free of 1.0 TB; full in 17 days at a day's rate", "Soon"),
        (KNOWN | {"disk_days_left": 0.5}, "Disk", "100 GB free of 1.0 TB; full in 12 hours at a day's rate", "Soon"),
        ({"disk_lost": GONE}, "Disk", "Not there, so what is free is not known", "Act now"),
        ({"alarms": ("The clock was set back.",)}, "Alarm", "The clock was set back.", "Act now"),
    ],
)
def test_the_first_page_says_what_is_so_of_recorder_and_disk(
    world: World, client_as: ClientAs, own_folders: Path, said: dict[str, Any], key: str, words: str, tag: str
) -> None:
    with recorder_saying(own_folders / "run", **said):
        assert lines(client_as(world.dev))[key] == (words, tag)


def test_the_first_page_says_how_many_cameras_are_recorded_and_since_when_not(
    world: World, client_as: ClientAs, own_folders: Path
) -> None:
    since = utc_90k(timezone.now())
    with recorder_saying(own_folders / "run", cameras=cameras(world, RECORDING, RECORDING)):
        assert lines(client_as(world.dev))["Cameras"] == ("All 2 are recording", "")
    with recorder_saying(own_folders / "run", cameras=cameras(world, RECORDING, LOST, since_90k=since)):
        words, tag = lines(client_as(world.dev))["Cameras"]
    assert (words.startswith("1 of 2 not recording; the longest since "), tag) == (True, "Fault")


@pytest.mark.parametrize(
    ("said", "words", "tag"),
    [
        ({"alive": False}, "None while the recorder does not run", ""),
        ({"disk_lost": GONE}, "None while the footage disk is not there", ""),
        ({}, "Not known before an hour was recorded", ""),
        (KNOWN, "At a day's rate the disk holds what was promised", ""),
        (
            KNOWN | {"disk_days_left": 2.04},
            "At a day's rate the disk is full in 2 days: the oldest footage would then go before its date",
            "wait",
        ),
    ],
)
@pytest.mark.django_db
def test_the_page_of_retention_says_what_is_known_of_the_disk(
    own_folders: Path, said: dict[str, Any], words: str, tag: str
) -> None:
    with recorder_saying(own_folders / "run", **said):
        found = {line.key: (line.words, line.tag) for line in retention_standing(None, timezone.now())}
    assert found["Forecast"] == (words, tag)
    assert ("Not there" in found["Disk"][0]) is ("disk_lost" in said)


def test_a_camera_that_is_not_recorded_is_not_called_well(
    world: World, own_folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ready all the same: whoever restarts what is not ready would not mend a camera."""
    for conditions, word in (((RECORDING, RECORDING), "well"), ((RECORDING, LOST), "SEE TO IT")):
        with recorder_saying(own_folders / "run", cameras=cameras(world, *conditions)):
            checks = Client().get("/readyz").json()["checks"]
            run_status(Namespace(json=False))
        said = next(line for line in capsys.readouterr().out.splitlines() if "cameras recording" in line)
        assert said.split(maxsplit=1)[1].startswith(word)
        recorder = next(check for check in checks.values() if "cameras recording" in check["detail"])
        assert (recorder["ok"], recorder.get("see_to", False)) == (True, word != "well")


@pytest.mark.parametrize(
    ("said", "ok", "words"),
    [
        ({}, True, "100 GB free"),
        ({"disk_days_left": 1.0}, True, "100 GB free; full in 24 hours at a day's rate"),
        ({"store_free_bytes": 999_999_999}, False, "1.0 GB free, less than a gigabyte"),
        ({"disk_lost": GONE}, False, f"what is free is not known: {GONE}"),
    ],
)
@pytest.mark.django_db
def test_readiness_says_of_the_disk_what_the_recorder_says(
    own_folders: Path, said: dict[str, Any], ok: bool, words: str
) -> None:
    with recorder_saying(own_folders / "run", **said):
        checks = Client().get("/readyz").json()["checks"]
    disk = next(check for check in checks.values() if "free" in json.dumps(check))
    assert (disk["ok"], disk["detail"]) == (ok, words)
