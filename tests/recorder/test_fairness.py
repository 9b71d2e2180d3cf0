"""One camera cannot harm another: floods of every kind beside three good cameras, which lose nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from footage.bench.counting import Count, Ledger, segments_of
from footage.catalogue import Catalogue
from footage.commands.record import camera_id
from footage.contract import CameraId
from footage.simcam.transcode import load_film
from recorder.node import Cameras, Recorder, recording, spans, until

GOOD = ("a", "b", "c")
KINDS = (
    "tiny-packets",
    "tiny-pictures",
    "key-frames",
    "parameter-sets",
    "stamps-at-random",
    "losses",
    "huge-pictures",
    "empty-frames",
    "other-channel",
    "reports",
    "requests",
    "answers",
    "headers",
    "garbage",
    "hang-up",
)


@pytest.fixture(scope="module")
def hostile() -> Iterator[str]:
    """The address of a process that serves a camera of each kind."""
    command = ["nice", sys.executable, str(Path(__file__).with_name("hostile.py"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"rtsp://127.0.0.1:{int(process.stdout.readline())}"
        process.kill()


def slowest_answer(recorder: Recorder, seconds: float) -> float:
    """The longest that the control socket let wait, asked four times a second."""
    began = time.monotonic()
    slowest = 0.0
    while time.monotonic() < began + seconds:
        asked = time.monotonic()
        recorder.ask(ask="health")
        slowest = max(slowest, time.monotonic() - asked)
        time.sleep(0.25)
    return slowest


def lost_by_the_good(store: Path, street: Path) -> dict[str, Count]:
    ledger, files = Ledger(load_film(street)), segments_of(store)
    return {name: ledger.count(files[str(camera_id(name))]) for name in GOOD}


def live_beside(kinds: tuple[str, ...], seconds: float, *, at: tuple[str, Cameras, Path, Path, Path]) -> None:
    """Record three good cameras beside hostile ones: nothing of theirs is lost and every question is answered."""
    hostile, cameras, store, run, street = at
    words = [f"{name}={cameras.url(f'cam{number}')}" for number, name in enumerate(GOOD, 1)]
    words += [f"{kind}={hostile}/{kind}" for kind in kinds]
    with recording(store, *words, run=run) as recorder:
        until(lambda: all_good_are_recorded(recorder))
        slowest = slowest_answer(recorder, seconds)
        memory = recorder.ask(ask="process")["pss_bytes"]
    assert slowest < 1.0
    assert memory < (100 << 20) + len(kinds) * (100 << 20)
    for name, count in lost_by_the_good(store, street).items():
        assert (name, count.lost, count.repeated, count.strange) == (name, 0, 0, 0)
        assert count.recorded > 25 * (seconds - 1)
        assert [gap["cause"] for gap in spans(store, name)["gaps"]] == ["node-stopped"]
        assert all(before["end"] == after["start"] for before, after in pairwise(spans(store, name)["spans"]))


def all_good_are_recorded(recorder: Recorder) -> bool:
    return all(camera["condition"] == "recording" for camera in recorder.ask(ask="health")["cameras"][: len(GOOD)])


@pytest.mark.parametrize(
    "kinds",
    [
        ("tiny-packets",),
        ("tiny-pictures", "requests"),
        ("parameter-sets", "key-frames"),
        ("huge-pictures",),
        ("stamps-at-random", "garbage", "hang-up"),
    ],
    ids=" ".join,
)
def test_good_cameras_lose_nothing_beside_hostile_ones(
    kinds: tuple[str, ...], hostile: str, cameras: Cameras, store: Path, run: Path, street: Path
) -> None:
    live_beside(kinds, 3.0, at=(hostile, cameras, store, run, street))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 90 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=90m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("a file system of its own cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def cameras_gone(store: Path) -> set[CameraId]:
    """Those of whose footage something was deleted."""
    with Catalogue(store, readonly=True) as catalogue:
        return {receipt.camera_id for receipt in catalogue.receipts()}


def test_a_fast_camera_on_a_small_disk_takes_no_footage_of_the_others(
    hostile: str, cameras: Cameras, small_disk: Path, run: Path
) -> None:
    store = small_disk / "store"
    words = [f"{name}={cameras.url(f'cam{number}')}" for number, name in enumerate(GOOD, 1)]
    words += ["fast=" + hostile + "/heavy", "--reserve-bytes", str(40 << 20)]
    with recording(store, *words, run=run) as recorder:
        until(lambda: all_good_are_recorded(recorder))
        until(lambda: all(spans(store, name)["spans"] for name in GOOD))
        for name in GOOD:  # something that could be deleted
            recorder.ask(ask="close-segment", camera=str(camera_id(name)))
        until(lambda: cameras_gone(store), seconds=30)
        time.sleep(3)  # more has to go by now, and takes from the same one
    assert cameras_gone(store) == {camera_id("fast")}
    for name in GOOD:
        assert [gap["cause"] for gap in spans(store, name)["gaps"]] == ["node-stopped"]


@pytest.mark.torture
@pytest.mark.parametrize("kinds", [*((kind,) for kind in KINDS), KINDS], ids=lambda kinds: " ".join(kinds[:2]))
def test_good_cameras_lose_nothing_beside_each_kind_and_all_of_them_at_once(
    kinds: tuple[str, ...], hostile: str, cameras: Cameras, store: Path, run: Path, street: Path
) -> None:
    live_beside(kinds, 15.0, at=(hostile, cameras, store, run, street))
