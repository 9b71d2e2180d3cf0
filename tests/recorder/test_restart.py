"""What a start says of the time since the recorder last ran: when it stopped, and by how much the clock was set."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from footage.catalogue import Catalogue
from footage.catalogue.lived import Reading
from footage.contract import Gap, GapCause
from footage.recorder.adopt import adopt_unfinished
from footage.recorder.restart import tell_of_restart
from footage.verify.reindex import reindex
from recorder.making import SECOND, START, Bench
from recorder.node import Cameras

HOUR = 3600 * SECOND
#: The clocks as stored at the end of five seconds of footage.
STOPPED = Reading(START + 5 * SECOND, 10 * HOUR, "boot-1")


async def start_again(bench: Bench, away: int, step: int, *, boot: str = "boot-1") -> Bench:
    """Another recorder over the same store, so long after, whose clock was set meanwhile; it records five seconds."""
    await bench.close()
    wall = STOPPED.wall_90k + away + step
    with Catalogue(bench.store) as catalogue:
        adopt_unfinished(catalogue)
        tell_of_restart(catalogue, STOPPED, Reading(wall, STOPPED.boottime_90k + away, boot))
    again = Bench.make(bench.store)
    again.wall = wall + 2 * SECOND  # it takes a while to connect
    again.recorder._missing._started_90k = wall
    again.begin()
    again.seconds(5)
    again.recorder.stop(GapCause.NODE_STOPPED)
    return again


def rows(gaps: list[Gap]) -> list[tuple[GapCause, float, float | None]]:
    return [
        (gap.cause, (gap.start_90k - START) / SECOND, None if gap.end_90k is None else (gap.end_90k - START) / SECOND)
        for gap in gaps
    ]


async def test_a_clock_set_forward_while_the_recorder_was_off_is_no_time_that_it_was_off(bench: Bench) -> None:
    bench.begin()
    bench.seconds(5)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    again = await start_again(bench, 30 * SECOND, HOUR)
    _, gaps = await again.timeline()
    assert rows(gaps)[:-1] == [
        (GapCause.NODE_STOPPED, 5, 35),
        (GapCause.CLOCK_STEP, 35, 3635),
        (GapCause.NODE_STOPPED, 3635, 3637),
    ]
    assert "set forward by 3600.000 s" in gaps[1].detail
    for before, after in pairwise(gaps[:-1]):
        assert before.end_90k == after.start_90k
    reindexed(again, gaps)
    await again.close()


async def test_a_clock_set_back_while_the_recorder_was_off_hides_no_time_that_it_was_off(bench: Bench) -> None:
    bench.begin()
    bench.seconds(5)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    again = await start_again(bench, 30 * SECOND, -HOUR)
    _, gaps = await again.timeline()
    assert rows(gaps) == [
        (GapCause.CLOCK_STEP, -3565, -3565),
        (GapCause.NODE_STOPPED, -3565, -3563),
        (GapCause.NODE_STOPPED, -3558, None),
        (GapCause.NODE_STOPPED, 5, 35),
    ]
    reindexed(again, gaps)
    await again.close()


@pytest.mark.parametrize("step", [0, HOUR, -HOUR])
async def test_a_crash_while_a_camera_was_away_is_told_apart_from_the_camera(bench: Bench, step: int) -> None:
    bench.begin()
    bench.seconds(2)
    bench.lose()
    await bench.settle()
    again = await start_again(bench, 60 * SECOND, step)
    _, gaps = await again.timeline()
    found = {(gap.cause, gap.start_90k - START, gap.end_90k) for gap in gaps}
    assert (GapCause.CAMERA_LOST, 2 * SECOND, START + 5 * SECOND) in found
    ends = START + (65 + (2 if not step else 0)) * SECOND
    assert (GapCause.NODE_STOPPED, 5 * SECOND, ends) in found
    assert len([gap for gap in gaps if gap.cause is GapCause.CLOCK_STEP]) == (1 if step else 0)
    await again.close()


async def test_an_orderly_stop_and_a_start_by_the_same_clock_are_one_gap(bench: Bench) -> None:
    bench.begin()
    bench.seconds(5)
    bench.recorder.stop(GapCause.NODE_STOPPED, "the recorder was stopped")
    again = await start_again(bench, 30 * SECOND, 0)
    _, gaps = await again.timeline()
    assert rows(gaps)[:-1] == [(GapCause.NODE_STOPPED, 5, 37)]
    await again.close()


async def test_across_a_boot_nobody_knows_by_how_much_the_clock_was_set(bench: Bench) -> None:
    bench.begin()
    bench.seconds(5)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    again = await start_again(bench, 30 * SECOND, HOUR, boot="boot-2")
    _, gaps = await again.timeline()
    assert rows(gaps)[:-1] == [(GapCause.NODE_STOPPED, 5, 3637)]
    await again.close()


def reindexed(bench: Bench, gaps: list[Gap]) -> None:
    """From the files alone the same is told, but for what no file followed."""
    bench.catalogue.close()
    for file in bench.store.glob("catalogue*"):
        file.unlink()
    reindex(bench.store)
    with Catalogue(bench.store) as alone:
        found = alone.timeline(bench.camera.camera_id, 0, 1 << 52)
    assert list(found.gaps) == [gap for gap in gaps if gap.end_90k is not None]


@pytest.mark.parametrize("unlinked", [False, True])
async def test_a_reindex_during_a_deletion_says_what_was_ordered(bench: Bench, unlinked: bool) -> None:
    """The file may be gone and its receipt not be written yet; if it is there, whether it must go is asked anew."""
    bench.begin()
    bench.seconds(130)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    row = (await bench.rows())[0]
    with bench.catalogue.write() as connection:
        connection.execute("UPDATE segments SET deleting = 'retention' WHERE sequence = 1")
    bench.catalogue.close()
    if unlinked:
        (bench.store / row.path).unlink()
    done = reindex(bench.store)
    assert done.missing == ()
    with Catalogue(bench.store) as again:
        receipts, there = again.receipts(), again.all_segments()
        gaps = again.gaps(row.camera_id, row.start_90k, row.end_90k)
        assert again.doomed() == []
    if not unlinked:
        assert (receipts, len(there), gaps) == ([], 3, [])
        return
    assert [(receipt.path, receipt.reason, receipt.sha256) for receipt in receipts] == [
        (row.path, "retention", row.sha256)
    ]
    assert [(gap.start_90k, gap.end_90k, gap.cause) for gap in gaps] == [
        (row.start_90k, row.end_90k, GapCause.RETENTION)
    ]


@pytest.fixture(scope="session")
def shifted_clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that moves a process's wall clock."""
    if not shutil.which("cc"):
        pytest.skip("the preload is built with a C compiler")
    made = tmp_path_factory.mktemp("clock") / "shift_clock.so"
    source = Path(__file__).parents[1] / "suite" / "shift_clock.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(made), str(source)], check=True)
    return made


def test_the_node_itself_tells_of_a_clock_set_while_it_was_off(
    shifted_clock: Path, cameras: Cameras, store: Path
) -> None:
    """A real recorder, whose clock is an hour ahead at the next start."""
    for shift, seconds in ((0, 4), (3_600_000, 4)):
        environment = {**os.environ, "LD_PRELOAD": str(shifted_clock), "CLOCK_SHIFT_MS": str(shift)}
        words = [sys.executable, "-m", "footage.cli", "record", "--store", str(store), "--for", str(seconds)]
        subprocess.run([*words, f"a={cameras.url('cam1')}"], env=environment, check=True, capture_output=True)
    with Catalogue(store, readonly=True) as catalogue:
        camera = catalogue.find_camera("a")
        assert camera is not None
        gaps = catalogue.gaps(camera.camera_id, 0, 1 << 52)
    stopped = gaps[[gap.cause for gap in gaps].index(GapCause.CLOCK_STEP) - 1]
    step = gaps[[gap.cause for gap in gaps].index(GapCause.CLOCK_STEP)]
    assert stopped.cause is GapCause.NODE_STOPPED
    assert stopped.end_90k - stopped.start_90k < 60 * SECOND
    assert abs(step.end_90k - step.start_90k - HOUR) < SECOND
