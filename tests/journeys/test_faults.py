"""What breaks: a camera's plug, the recorder, the pages, and somebody with a database client."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from journeys.conftest import Scheme
from journeys.installation import SimulatedCameras, until

TWO_SECONDS = timedelta(seconds=2)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text)


def now() -> datetime:
    return datetime.now().astimezone()


def timeline(scheme: Scheme, number: str) -> Any:
    """A camera's last hour, as the API tells it."""
    start, end = (now() - timedelta(hours=1)).isoformat(), (now() + timedelta(minutes=1)).isoformat()
    answer = scheme.api("dev").get(f"/cameras/{number}/timeline", params={"start": start, "end": end})
    assert answer.status_code == 200, answer.text
    return answer.json()


def recorded_up_to(scheme: Scheme, number: str) -> datetime:
    return max(utc(span["end"]) for span in timeline(scheme, number)["spans"])


def test_a_camera_whose_plug_is_pulled_is_lost_with_its_cause_until_it_is_back(
    scheme: Scheme, simulated: SimulatedCameras
) -> None:
    scheme.wait_for_state("128", "recording")
    pulled = now()
    simulated.fault("cam2", "unplug")
    found = scheme.wait_for_state("128", "lost")
    assert found["detail"], "a lost camera says why"
    assert "OPTIONS" not in found["detail"]
    # The row is written by the disk's thread, a moment after the camera's state is told.
    gap = until(lambda: [one for one in timeline(scheme, "128")["gaps"] if one["end"] is None])
    assert [one["cause"] for one in gap] == ["camera-lost"]
    assert abs(utc(gap[0]["start"]) - pulled) < TWO_SECONDS
    assert scheme.state("127")["state"] == "recording", "its neighbour goes on"
    simulated.fault("cam2", "plug")
    plugged = now()
    scheme.wait_for_state("128", "recording", seconds=60)
    # The row is closed when the first pictures are on the disk, a moment after they come.
    closed = until(lambda: [g for g in timeline(scheme, "128")["gaps"] if g["start"] == gap[0]["start"] and g["end"]])
    assert abs(utc(closed[0]["end"]) - plugged) < timedelta(seconds=40)


@pytest.mark.browser
def test_its_tile_says_so_and_shows_the_picture_again_by_itself(
    scheme: Scheme, simulated: SimulatedCameras, browse: Callable[..., Any]
) -> None:
    page = browse(scheme.installation.address, "asha")
    page.goto("/watch/?layout=1&tiles=128")
    page.locator('[data-tile="0"][data-state="live"]').wait_for()
    simulated.fault("cam2", "unplug", seconds=7)
    page.locator('[data-tile="0"][data-state="lost"]').wait_for()
    tile = page.locator('[data-tile="0"]')
    assert re.search(r"No picture for \d+ s", tile.inner_text())
    page.locator('[data-tile="0"][data-state="live"]').wait_for(timeout=60_000)


def test_a_killed_recorder_comes_back_and_has_lost_at_most_two_seconds(scheme: Scheme) -> None:
    installation = scheme.installation
    for number in ("127", "128"):
        scheme.wait_for_state(number, "recording", seconds=60)
    until(lambda: all(recorded_up_to(scheme, n) > now() - timedelta(seconds=5) for n in ("127", "128")))
    time.sleep(3)
    process = installation.child("footage.node")
    killed = now()
    os.kill(process, signal.SIGKILL)
    until(lambda: installation.child("footage.node") not in (0, process), seconds=30)
    for number in ("127", "128"):
        until(lambda number=number: recorded_up_to(scheme, number) > killed + timedelta(seconds=1), seconds=60)
        ends = [utc(span["end"]) for span in timeline(scheme, number)["spans"] if utc(span["end"]) <= killed]
        assert killed - max(ends) <= TWO_SECONDS
        lost = [one for one in timeline(scheme, number)["gaps"] if utc(one["start"]) == max(ends)]
        assert [one["cause"] for one in lost] == ["node-stopped"]
        assert utc(lost[0]["end"]) > killed
    checked = installation.footage("check", "--level", "hash", "--json")
    assert checked.returncode == 0, checked.stdout
    assert json.loads(checked.stdout)["problems"] == []


def test_killed_pages_come_back_and_the_recording_never_noticed(scheme: Scheme) -> None:
    scheme.wait_for_state("127", "recording", seconds=60)
    web, node = scheme.installation.child("overt.up.web"), scheme.installation.child("footage.node")
    killed = now()
    os.kill(web, signal.SIGKILL)
    until(lambda: scheme.installation.child("overt.up.web") not in (0, web), seconds=30)
    until(lambda: _answers(scheme), seconds=60)
    until(lambda: recorded_up_to(scheme, "127") > killed + timedelta(seconds=2))
    around = [s for s in timeline(scheme, "127")["spans"] if utc(s["start"]) < killed < utc(s["end"])]
    assert len(around) == 1, "one span reaches over the moment the pages died"
    assert scheme.installation.child("footage.node") == node


def _answers(scheme: Scheme) -> bool:
    with contextlib.suppress(Exception):
        return scheme.people["dev"].get("/healthz").status_code == 200
    return False


@pytest.fixture
def intruder(scheme: Scheme, tmp_path: Path) -> tuple[Path, sqlite3.Connection]:
    """A copy of the installation's database and keys, and a database client on it."""
    data = tmp_path / "d"
    data.mkdir()
    shutil.copytree(scheme.installation.data / "secrets", data / "secrets")
    source = f"file:{quote(str(scheme.installation.data / 'overt.sqlite3'))}?mode=ro"
    target = sqlite3.connect(data / "overt.sqlite3")
    with contextlib.closing(sqlite3.connect(source, uri=True)) as original:
        original.backup(target)
    return data, target


def test_a_database_client_is_refused_and_one_who_lifts_the_refusal_is_found(
    scheme: Scheme, intruder: tuple[Path, sqlite3.Connection]
) -> None:
    data, client = intruder
    installation = scheme.installation
    whole = installation.overt("logbook", "verify", "--data", str(data))
    assert whole.returncode == 0, whole.stdout + whole.stderr
    for statement in (
        "UPDATE logbook_entry SET action = 'nothing.happened' WHERE number = 3",
        "DELETE FROM logbook_entry WHERE number = 3",
        "UPDATE logbook_personal SET value = 'Somebody Else' WHERE value IS NOT NULL",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            client.execute(statement)
    triggers = client.execute("SELECT name FROM sqlite_master WHERE type='trigger' AND name LIKE 'logbook%'").fetchall()
    for (name,) in triggers:
        client.execute(f"DROP TRIGGER {name}")
    client.execute("UPDATE logbook_entry SET action = 'nothing.happened' WHERE number = 3")
    client.commit()
    found = installation.overt("logbook", "verify", "--data", str(data))
    assert found.returncode == 1
    assert re.search(r"WRONG: .*\b3\b", found.stdout), found.stdout
    assert "refus" in found.stdout.lower() or "trigger" in found.stdout.lower(), "the lifted refusal is told too"
