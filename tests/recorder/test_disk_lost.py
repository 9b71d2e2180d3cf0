"""The footage disk as a thing: taken away, exchanged, deleted, moved or read-only while it is recorded into.

It is noticed within seconds and told, nothing is written to what lies under its name, nothing counts as deleted because
it is not found there, and recording comes back by itself.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from footage.catalogue import Catalogue
from footage.catalogue.volume import StoreLost
from footage.contract import FootageError, GapCause, Hold
from footage.gateway.store import LazyArchive
from footage.local import LocalNode
from footage.recorder.deletion import carry_out
from footage.times import utc_now
from recorder.making import Bench
from recorder.node import Cameras, Recorder, footage, recording, spans, uncut_name, until
from recorder.truth import Round, audit


@dataclass
class Disk:
    """A file system of its own at a path, as a disk in a rack is."""

    path: Path
    store: Path

    def mount(self, *more: str) -> None:
        subprocess.run(["mount", *more], check=True, capture_output=True)

    def unmount(self) -> None:
        """As when the cable is pulled: what is open stays with whoever has it, the path leads elsewhere."""
        subprocess.run(["umount", "-l", str(self.path)], check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Mounted twice, so that it can be taken away and put back. Needs root."""
    home, path = tmp_path / "home", tmp_path / "disk"
    for folder in (home, path):
        folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", str(home)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a file system of its own cannot be mounted here: that needs root")
    made = Disk(path, path / "store")
    try:
        made.mount("--bind", str(home), str(path))
        yield made
    finally:
        for folder in (path, path, path, home):
            subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)


def health(recorder: Recorder) -> dict:
    return recorder.ask(ask="health")


def lost(recorder: Recorder) -> str:
    return str(health(recorder)["disk_lost"])


def below(path: Path) -> list[str]:
    return sorted(str(file.relative_to(path)) for file in path.rglob("*"))


def take_away(disk: Disk) -> Callable[[], None]:
    disk.unmount()
    return lambda: disk.mount("--bind", str(disk.path.parent / "home"), str(disk.path))


def make_read_only(disk: Disk) -> Callable[[], None]:
    disk.mount("--bind", str(disk.path.parent / "home"), str(disk.path))
    disk.mount("-o", "remount,ro,bind", str(disk.path))
    return disk.unmount


def move(disk: Disk) -> Callable[[], None]:
    disk.store.rename(disk.path / "moved")
    return lambda: (disk.path / "moved").rename(disk.store) and None


def exchange(disk: Disk) -> Callable[[], None]:
    """Another store at the path: a disk of another machine."""
    disk.store.rename(disk.path / "ours")
    Catalogue(disk.store).close()

    def back() -> None:
        shutil.rmtree(disk.store)
        (disk.path / "ours").rename(disk.store)

    return back


@pytest.mark.parametrize(
    ("lose", "said"),
    [
        (take_away, "is gone"),
        (make_read_only, "read-only"),
        (move, "is gone"),
        (exchange, "not the disk that was opened"),
    ],
)
def test_a_lost_disk_is_told_within_seconds_and_recorded_into_again_when_it_is_back(
    disk: Disk, cameras: Cameras, street: Path, run: Path, lose: Callable[[Disk], Callable[[], None]], said: str
) -> None:
    name = uncut_name(60)
    with recording(disk.store, "--reserve-bytes", 1 << 20, f"{name}={cameras.url('cam1')}", run=run) as recorder:
        until(lambda: spans(disk.store, name)["spans"])
        back = lose(disk)
        under = below(disk.path) if lose is take_away else []
        until(lambda: said in lost(recorder), seconds=6)
        told = health(recorder)
        assert told["alarms"][0].startswith("The footage disk: ")
        assert told["cameras"][0]["condition"] == "stopped"
        assert "Not recorded" in told["cameras"][0]["detail"]
        until(lambda: recorder.process.poll() is None and lost(recorder))
        if lose is take_away:
            assert below(disk.path) == under == []
        back()
        until(lambda: len(spans(disk.store, name)["spans"]) == 2)
        until(lambda: health(recorder)["cameras"][0]["condition"] == "recording" and not lost(recorder))
    gaps = spans(disk.store, name)["gaps"]
    assert [gap["cause"] for gap in gaps][-1] == "node-stopped"
    assert {gap["cause"] for gap in gaps[:-1]} == {"disk-lost"}
    assert audit(disk.store, name, Round.of_film(street)) == []
    assert footage("check", "--store", disk.store, "--level", "hash").returncode == 0


def test_a_store_that_is_deleted_is_told_and_not_made_again(cameras: Cameras, store: Path, run: Path) -> None:
    with recording(store, f"a={cameras.url('cam1')}", run=run) as recorder:
        until(lambda: spans(store, "a")["spans"])
        shutil.rmtree(store)
        until(lambda: "is gone" in lost(recorder), seconds=6)
        until(lambda: health(recorder)["cameras"][0]["condition"] == "stopped")
        assert not store.exists()
    assert not store.exists()


def test_a_store_without_its_name_is_told(cameras: Cameras, store: Path, run: Path) -> None:
    with recording(store, f"a={cameras.url('cam1')}", run=run) as recorder:
        until(lambda: spans(store, "a")["spans"])
        (store / "volume.json").rename(store / "aside")
        until(lambda: "has no volume.json" in lost(recorder), seconds=6)
        (store / "aside").rename(store / "volume.json")
        until(lambda: not lost(recorder))


async def test_nothing_is_begun_beside_a_disk_that_is_not_there(bench: Bench) -> None:
    """The second in which it is not yet noticed."""
    bench.begin()
    bench.seconds(2)
    await bench.settle()
    bench.store.rename(bench.store.with_name("aside"))
    bench.store.mkdir()
    bench.lose()
    bench.begin()
    bench.seconds(3)
    await bench.settle()
    assert below(bench.store) == []
    bench.store.rmdir()
    bench.store.with_name("aside").rename(bench.store)
    _, gaps = await bench.timeline()
    assert GapCause.DISK_LOST in {gap.cause for gap in gaps}


async def test_nothing_is_gone_because_it_is_not_found(bench: Bench) -> None:
    """Unlinking what is not there is no error, so a disk that was unmounted got receipts for all of it."""
    bench.begin()
    bench.seconds(130)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    rows = await bench.rows()
    bench.catalogue.mark_oldest(utc_now(), 1)
    bench.store.rename(aside := bench.store.with_name("aside"))
    anothers = bench.store / rows[0].path  # of another disk of ours, a copy of this one
    anothers.parent.mkdir(parents=True)
    anothers.write_bytes(b"another's")
    with pytest.raises(StoreLost):
        carry_out(bench.catalogue)
    assert bench.catalogue.receipts() == []
    assert anothers.read_bytes() == b"another's"
    shutil.rmtree(bench.store)
    aside.rename(bench.store)
    assert all((bench.store / row.path).exists() for row in rows)
    assert carry_out(bench.catalogue) == 1


def test_the_scheme_writes_no_order_beside_a_disk_that_is_not_there(tmp_path: Path) -> None:
    store, run = tmp_path / "store", tmp_path / "run"
    node, hold = LocalNode(store, run), Hold(uuid4(), uuid4(), 0, 9, "exhibit:JD-7", "theft")  # type: ignore[arg-type]
    node.put_hold(hold)
    store.rename(aside := tmp_path / "aside")
    store.mkdir()
    os.mkdir(run)
    (run / "stores.json").write_text(json.dumps({str(store): "known"}))
    with pytest.raises(FootageError):
        node.put_hold(hold)
    assert below(store) == []
    store.rmdir()
    aside.rename(store)
    (run / "stores.json").unlink()
    assert node.holds() == [hold]


def test_who_reads_follows_a_disk_that_was_mounted_anew(tmp_path: Path) -> None:
    store = tmp_path / "store"
    Catalogue(store).close()
    reader = LazyArchive(store)
    first = reader.get()
    assert reader.get() is first
    shutil.copytree(store, tmp_path / "copy")
    store.rename(tmp_path / "old")
    (tmp_path / "copy").rename(store)
    assert reader.get() is not first
