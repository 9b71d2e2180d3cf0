"""Bad input gets a clear answer and nothing is lost: through the API, the pages and the commands of a running scheme."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from journeys.conftest import CAMERA_PASSWORD, CAMERA_USER, Scheme
from journeys.installation import Installation, SimulatedCameras, run, until
from journeys.test_faults import now, recorded_up_to, timeline, utc


@pytest.fixture
def recorded(scheme: Scheme) -> tuple[datetime, datetime]:
    """A stretch of camera 127 that lies wholly inside a recorded span: its last ten seconds but two."""

    def long_enough() -> Any:
        spans = [(utc(s["start"]), utc(s["end"])) for s in timeline(scheme, "127")["spans"]]
        start, end = max(spans, default=(now(), now()))
        return (end - timedelta(seconds=9), end - timedelta(seconds=2)) if end - start > timedelta(seconds=10) else None

    found: tuple[datetime, datetime] = until(long_enough, seconds=60)
    return found


def seal(scheme: Scheme, reference: str, start: datetime, end: datetime, camera: str = "127") -> Any:
    clip = {"camera": camera, "start": start.isoformat(), "end": end.isoformat()}
    return scheme.api("asha").post("/exhibits", json={"reference": reference, "reason": "theft", "clips": [clip]})


def sealed(scheme: Scheme, reference: str) -> Any:
    def done() -> Any:
        found = scheme.api("asha").get(f"/exhibits/{reference}").json()
        return found if found["state"] != "sealing" else None

    return until(done, seconds=40)


@pytest.mark.parametrize(
    ("start", "end", "code", "words"),
    [
        (timedelta(days=-9), timedelta(days=-9, seconds=5), "no-footage", "127"),
        (timedelta(hours=1), timedelta(hours=2), "span-in-future", "now|future|not.*yet"),
        (timedelta(seconds=-5), timedelta(seconds=-9), "bad-span", "end.*start|before"),
        (timedelta(seconds=-9), timedelta(seconds=-9), "bad-span", "end.*start|before|after"),
    ],
)
def test_a_span_that_cannot_be_sealed_says_why_and_makes_no_exhibit(
    scheme: Scheme, recorded: Any, start: timedelta, end: timedelta, code: str, words: str
) -> None:
    moment = now()
    answer = seal(scheme, "AP-90", moment + start, moment + end)
    assert (answer.status_code, answer.json()["code"]) == (409, code), answer.text
    assert re.search(words, answer.json()["detail"]), answer.text
    assert scheme.api("asha").get("/exhibits/AP-90").status_code == 404


def test_the_command_says_the_same_by_its_exit_code(scheme: Scheme, recorded: Any, tmp_path: Path) -> None:
    start, end = recorded

    def export(camera: str, first: str, last: str) -> subprocess.CompletedProcess[str]:
        words = ["--ref", "AP-91", "--reason", "theft", "--out", str(tmp_path), "--as", "dev"]
        return scheme.installation.overt("export", camera, first, last, *words)

    for camera, first, last, code in (
        ("127", end.isoformat(), start.isoformat(), 2),
        ("127", "2020-01-01T00:00:00Z", "2020-01-01T00:01:00Z", 2),
        ("127", "yesterday", "today", 2),
        ("999", start.isoformat(), end.isoformat(), 3),
    ):
        done = export(camera, first, last)
        assert done.returncode == code, done.stderr
        assert done.stderr.startswith("overt export: ")
        assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert export("127", start.isoformat(), end.isoformat()).returncode == 0
    assert (tmp_path / "AP-91" / "verify.py").exists()


def test_a_span_across_a_gap_is_sealed_and_says_what_is_missing(scheme: Scheme, simulated: SimulatedCameras) -> None:
    until(lambda: recorded_up_to(scheme, "128") > now() - timedelta(seconds=4), seconds=60)
    start = now() - timedelta(seconds=3)
    simulated.fault("cam2", "drop")
    until(lambda: recorded_up_to(scheme, "128") > start + timedelta(seconds=10), seconds=60)
    answer = seal(scheme, "AP-92", start, start + timedelta(seconds=9), camera="128")
    assert answer.status_code == 202, answer.text
    found = sealed(scheme, "AP-92")
    assert found["state"] == "sealed", found["failure"]
    (clip,) = found["clips"]
    assert [gap["cause"] for gap in clip["gaps"]] == ["camera-lost"]
    assert utc(clip["start"]) <= utc(clip["gaps"][0]["start"]) < utc(clip["gaps"][0]["end"]) <= utc(clip["end"])


@pytest.fixture
def damaged(scheme: Scheme, recorded: tuple[datetime, datetime], tmp_path: Path) -> Iterator[Path]:
    """A finished segment of camera 127 with one byte changed; put right again afterwards."""
    start, end = recorded
    assert seal(scheme, "AP-94", start, end).status_code == 202  # closes the file that is being written
    assert sealed(scheme, "AP-94")["state"] == "sealed"
    wanted = ["127 High Street north", start.isoformat(), end.isoformat()]
    listed = scheme.installation.footage("clip", *wanted, "--out", str(tmp_path / "probe.mp4"), "--json")
    assert listed.returncode == 0, listed.stderr
    path = scheme.installation.data / "footage" / json.loads(listed.stdout)["sources"][0]["path"]
    whole = path.read_bytes()
    changed = bytearray(whole)
    changed[len(changed) * 2 // 3] ^= 0x40
    path.write_bytes(changed)
    yield path
    path.write_bytes(whole)


def test_a_damaged_segment_is_named_by_the_check_and_never_sealed(
    scheme: Scheme, recorded: tuple[datetime, datetime], damaged: Path
) -> None:
    checked = scheme.installation.footage("check", "--level", "hash", "--json")
    assert checked.returncode == 1
    (problem,) = json.loads(checked.stdout)["problems"]
    assert problem["finding"] == "hash-differs"
    assert str(damaged).endswith(problem["path"])
    answer = seal(scheme, "AP-93", *recorded)
    assert answer.status_code == 202, answer.text
    found = sealed(scheme, "AP-93")
    assert found["state"] == "failed"
    assert "damage" in found["failure"] or "not what" in found["failure"], found["failure"]
    assert scheme.api("dev").post("/exhibits/AP-93/bag").json()["code"] == "wrong-state"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 MB in memory; skipped where none may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("no disk may be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.torture
def test_a_full_disk_is_told_a_gap_and_over_when_there_is_room(
    install: Callable[..., Installation], simulated: SimulatedCameras, small_disk: Path
) -> None:
    """The footage lies on a disk of its own that somebody fills; records and pages go on."""
    installation = install("full", OVERT_FOOTAGE=str(small_disk))
    installation.start()
    for number, camera in (("127", "cam1"), ("128", "cam2")):
        words = ["--name", "High Street", "--town", "Market Town", "--partner", "Marketon", "--new-places"]
        done = installation.overt("camera", "add", number, simulated.url(camera), *words, "--user", CAMERA_USER,
                                  OVERT_CAMERA_PASSWORD=CAMERA_PASSWORD)  # fmt: skip
        assert done.returncode == 0, done.stderr

    def recording() -> list[str]:
        return [one["number"] for one in installation.overt_json("camera", "list") if one["state"] == "recording"]

    until(lambda: len(recording()) == 2, seconds=30)
    filler = small_disk / "filler"
    room = shutil.disk_usage(small_disk).free - (20 << 20)
    subprocess.run(["fallocate", "-l", str(room), str(filler)], check=True)
    (kept,) = until(lambda: found if len(found := recording()) == 1 else None, seconds=60, says=recording)
    shed = "128" if kept == "127" else "127"
    status = installation.overt("status")
    assert status.returncode == 1
    assert re.search("disk +NOT WELL", status.stdout), status.stdout
    filler.unlink()
    until(lambda: len(recording()) == 2, seconds=60, says=recording)
    spans = run("footage.cli", "spans", "--store", str(small_disk), f"{shed} High Street", "--json")
    full = [gap for gap in json.loads(spans.stdout)["gaps"] if gap["cause"] == "disk-full"]
    assert any("cameras of higher priority go on" in gap["detail"] for gap in full), spans.stdout
