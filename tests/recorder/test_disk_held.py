"""A disk full of held footage: cameras leave the journal its room, a hold can be let go, and recording comes back."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from footage.catalogue import Catalogue
from footage.catalogue.ballast import BALLAST_FILE, trim, untouched_bytes
from footage.commands.record import camera_id
from footage.contract import GapCause, Hold
from footage.local import LocalNode
from recorder.making import Bench, film
from recorder.node import Cameras, recording, spans, until
from recorder.truth import Round, audit

Mounted = Callable[[str], Path]


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Mounted]:
    """`mounted("40m")` is a file system of that size. Needs root."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(size: str) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("a file system of its own cannot be mounted here: that needs root")
        return folder

    yield mount
    subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)


def free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def fill(file: Path, leave: int) -> None:
    """Somebody else takes all but so many bytes."""
    with file.open("wb", buffering=0) as out:
        while (room := free(file.parent) - leave) > 0:
            out.write(os.urandom(1 << 12) * max(1, min(room, 1 << 20) >> 12))


def always(store: Path, name: str) -> Hold:
    return Hold(uuid4(), camera_id(name), 0, 1 << 52, f"exhibit:{store.name}", "theft")


async def test_cameras_leave_the_journal_its_room_whatever_else_fills_the_disk(mounted: Mounted) -> None:
    disk = mounted("24m")
    bench = Bench.make(disk / "store")
    bench.begin(film(640, 480, told_apart=True))
    bench.seconds(2)
    await bench.settle()
    fill(disk / "others", untouched_bytes(24 << 20) + (1 << 20))
    for _ in range(10):
        bench.seconds(2)
        await bench.settle()
    assert free(disk) > untouched_bytes(24 << 20) - (256 << 10)  # the journal's own rows come out of it
    _, gaps = await bench.timeline()
    assert gaps[-1].cause is GapCause.DISK_FULL
    await bench.close()


def test_a_hold_is_let_go_on_a_disk_without_a_free_byte(mounted: Mounted) -> None:
    disk = mounted("400m")
    store = disk / "store"
    node, hold = LocalNode(store, disk / "run"), always(store, "a")
    node.put_hold(hold)
    trim(store)
    assert (store / BALLAST_FILE).exists()
    # The journal's own log is as short as after a start.
    with Catalogue(store) as catalogue:
        catalogue.read().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    fill(disk / "others", 0)
    assert free(disk) == 0
    LocalNode(store, disk / "run").release_hold(hold.hold_id, "case closed")
    assert node.holds() == []
    with Catalogue(store, readonly=True) as catalogue:
        assert catalogue.holds() == []


def test_recording_comes_back_by_itself_once_a_hold_is_let_go(
    mounted: Mounted, cameras: Cameras, street: Path, run: Path
) -> None:
    disk = mounted("40m")
    store = disk / "store"
    words = ("--reserve-bytes", 3 << 20, f"a={cameras.url('cam1')}")
    with recording(store, *words, run=run) as recorder:
        until(lambda: spans(store, "a")["spans"])
        node, hold = LocalNode(store, run), always(store, "a")
        node.put_hold(hold)
        assert recorder.ask(ask="close-segment", camera=str(camera_id("a")))["ok"]
        (kept, *_) = sorted(store.glob("*-*/*/*/*/*/*.mp4"))
        fill(disk / "others", untouched_bytes(40 << 20) + (128 << 10))
        until(lambda: recorder.ask(ask="health")["cameras"][0]["condition"] == "stopped", seconds=40)
        assert kept.exists()
        assert free(disk) > untouched_bytes(40 << 20) // 2
        (disk / "others").unlink()
        fill(disk / "others", 2 << 20)  # below the reserve: what is not held goes
        node.release_hold(hold.hold_id, "case closed")
        until(lambda: not kept.exists(), seconds=40)
        (disk / "others").unlink()
        until(lambda: recorder.ask(ask="health")["cameras"][0]["condition"] == "recording", seconds=40)
    assert {gap["cause"] for gap in spans(store, "a")["gaps"]} == {"disk-full", "node-stopped"}
    assert audit(store, "a", Round.of_film(street), steady=False) == []
