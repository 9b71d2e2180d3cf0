"""Whatever fails, and for however long: what is not on the disk has a row in the journal, with its cause."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from footage.catalogue import Catalogue
from footage.contract import Gap, GapCause
from footage.recorder.adopt import adopt_unfinished
from footage.recorder.file import SegmentFile
from footage.recorder.lag import LoopLag
from footage.rtsp.events import LossCause
from footage.times import Utc90k
from footage.verify.reindex import reindex
from recorder.making import FRAME, SECOND, START, Bench, film


@pytest.fixture(autouse=True)
def never_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is not what is tested."""
    monkeypatch.setattr(LoopLag, "felt", lambda self, least_seconds=0.5: False)


class Disk:
    """What a file's calls do: nothing special, or fail with an errno. Rows go on being written."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.failing: dict[str, int] = {}
        for name in ("__init__", "append", "close"):
            monkeypatch.setattr(SegmentFile, name, self._wrapped(name, getattr(SegmentFile, name)))

    def _wrapped(self, name: str, really: Callable[..., Any]) -> Callable[..., Any]:
        def call(file: SegmentFile, *words: Any) -> Any:
            if name in self.failing:
                if name == "close":
                    os.close(file._descriptor)
                raise OSError(self.failing[name], os.strerror(self.failing[name]))
            return really(file, *words)

        return call

    def fail(self, *names: str, with_errno: int = 5) -> None:
        self.failing = dict.fromkeys(names, with_errno)

    def mend(self) -> None:
        self.failing = {}


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def audit(spans: list, gaps: list[Gap], start: int = START, end: int | None = None) -> None:
    """From start to end every moment is in a span or in a gap, and none in two of them."""
    pieces = sorted([(one.start_90k, one.end_90k) for one in (*spans, *gaps) if one.end_90k != one.start_90k])
    assert pieces[0][0] == start
    for before, after in pairwise(pieces):
        assert before[1] == after[0], [(a - START, None if b is None else b - START) for a, b in pieces]
    assert pieces[-1][1] == end


async def seconds(bench: Bench, count: int) -> None:
    """So many seconds of pictures, the disk keeping up, and no patience between two tries."""
    for _ in range(count):
        bench.seconds(1)
        await bench.settle()
        bench.recorder._retry_at = 0.0


def told(gaps: list[Gap]) -> list[tuple[GapCause, int, int | None]]:
    return [(gap.cause, gap.start_90k - START, None if gap.end_90k is None else gap.end_90k - START) for gap in gaps]


@pytest.mark.parametrize("call", ["__init__", "append"])
@pytest.mark.parametrize(("errno", "cause"), [(5, GapCause.DISK_BEHIND), (28, GapCause.DISK_FULL)])
async def test_a_disk_that_fails_for_a_minute_leaves_one_row_from_the_last_picture_to_the_next(
    bench: Bench, disk: Disk, call: str, errno: int, cause: GapCause
) -> None:
    """Each file that is tried meanwhile comes to nothing, and none of them may end the gap."""
    bench.begin()
    await seconds(bench, 5)
    disk.fail("append", call, with_errno=errno)
    await seconds(bench, 60)
    spans, gaps = await bench.timeline()
    assert told(gaps) == [(cause, spans[-1].end_90k - START, None)]
    disk.mend()
    await seconds(bench, 5)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    spans, gaps = await bench.timeline()
    assert [gap.cause for gap in gaps] == [cause, GapCause.NODE_STOPPED]
    assert gaps[0].end_90k - gaps[0].start_90k >= 60 * SECOND
    audit(spans, gaps)
    reindex_is_the_same(bench, spans, gaps)


async def test_a_disk_that_fails_while_the_camera_is_away_takes_the_gap_over(bench: Bench, disk: Disk) -> None:
    bench.begin()
    await seconds(bench, 5)
    bench.lose()
    bench.pass_time(10 * SECOND)
    disk.fail("__init__")
    bench.begin()
    await seconds(bench, 20)
    disk.mend()
    await seconds(bench, 5)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    spans, gaps = await bench.timeline()
    assert told(gaps)[:2] == [
        (GapCause.CAMERA_LOST, 5 * SECOND, 15 * SECOND),
        (GapCause.DISK_BEHIND, 15 * SECOND, spans[1].start_90k - START),
    ]
    audit(spans, gaps)
    reindex_is_the_same(bench, spans, gaps)


@pytest.mark.parametrize("then", ["rotation", "asked", "size", "lost", "stop", "blocked"])
@pytest.mark.parametrize("fails", ["append", "close", "append close"])
async def test_trouble_with_a_file_that_was_left_already_has_its_row(
    bench: Bench, disk: Disk, then: str, fails: str
) -> None:
    """The recorder goes on before the disk has said that it does not."""
    bench.begin()
    bench.seconds(54)
    await bench.settle()
    disk.fail(*fails.split())
    hold_back(bench)
    bench.seconds(4)
    if then == "rotation":
        bench.seconds(3)
    elif then == "asked":
        bench.recorder._rotate_asked = True
    elif then == "size":
        bench.film = film(192, 96)
        bench.recorder.on_parameters(bench.film.parameters)
    elif then == "lost":
        bench.lose(LossCause.CLOSED)
        bench.pass_time(3 * SECOND)
        bench.begin()
    elif then == "blocked":
        bench.recorder.shed("the disk is full, and cameras of higher priority go on")
        bench.pass_time(3 * SECOND)
        bench.recorder.unshed()
        bench.begin()
    if then == "stop":
        bench.recorder.stop(GapCause.NODE_STOPPED)
        let_go(bench)
        await bench.settle()
        disk.mend()
    else:
        bench.seconds(2)
        let_go(bench)
        await bench.settle()
        disk.mend()
        bench.recorder._retry_at = 0.0
        await seconds(bench, 70)
        bench.recorder.stop(GapCause.NODE_STOPPED)
    bench.recorder.disk.settle()
    spans, gaps = await bench.timeline()
    audit(spans, gaps)
    assert gaps[-1].cause is GapCause.NODE_STOPPED
    if "append" in fails:
        assert GapCause.DISK_BEHIND in {gap.cause for gap in gaps}
    assert bench.catalogue.open_files() == []


def hold_back(bench: Bench) -> None:
    """The disk's thread has other things to do for now."""
    import threading

    bench.__dict__["free"] = free = threading.Event()
    bench.recorder.disk.when_done(lambda: free.wait(20))


def let_go(bench: Bench) -> None:
    bench.__dict__["free"].set()


async def test_a_journal_that_cannot_be_written_gets_its_rows_later(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.begin()
    await seconds(bench, 5)
    really = Catalogue.write

    def refuse(self: Catalogue) -> Any:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(Catalogue, "write", refuse)
    bench.lose()
    bench.pass_time(5 * SECOND)
    bench.begin()
    await seconds(bench, 20)
    monkeypatch.setattr(Catalogue, "write", really)
    await seconds(bench, 5)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    spans, gaps = await bench.timeline()
    assert [gap.cause for gap in gaps] == [GapCause.CAMERA_LOST, GapCause.DISK_BEHIND, GapCause.NODE_STOPPED]
    audit(spans, gaps)


async def test_an_error_nobody_thought_of_is_a_gap_too(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.begin()
    await seconds(bench, 5)
    really = SegmentFile.append

    def fail(self: SegmentFile, *words: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(SegmentFile, "append", fail)
    await seconds(bench, 10)
    monkeypatch.setattr(SegmentFile, "append", really)
    await seconds(bench, 5)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    spans, gaps = await bench.timeline()
    assert [gap.cause for gap in gaps] == [GapCause.DISK_BEHIND, GapCause.NODE_STOPPED]
    audit(spans, gaps)


@pytest.mark.parametrize("made", [False, True])
async def test_a_crash_between_a_file_and_its_gap_leaves_neither_hole_nor_overlap(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, made: bool
) -> None:
    """The gap is closed by a file that is there: before its first fragment, and before the row of the gap's end."""
    bench.begin()
    await seconds(bench, 5)
    bench.lose()
    bench.pass_time(5 * SECOND)

    def crash(self: Any, *words: Any) -> None:
        raise KeyboardInterrupt

    if made:
        monkeypatch.setattr(Catalogue, "close_gap", crash)
    else:
        monkeypatch.setattr(SegmentFile, "__init__", crash)
    monkeypatch.setattr("footage.recorder.strand.Strand.run", _run_to_the_crash)
    bench.begin()
    bench.seconds(4)
    await bench.settle_or_crash()
    monkeypatch.undo()
    adopt_unfinished(bench.catalogue)
    found = bench.catalogue.timeline(bench.camera.camera_id, 0, 1 << 52)
    causes = [gap.cause for gap in found.gaps]
    assert causes == ([GapCause.CAMERA_LOST, GapCause.NODE_STOPPED] if made else [GapCause.CAMERA_LOST])
    audit(list(found.spans), list(found.gaps))


def _run_to_the_crash(self: Any) -> None:
    """A strand that does its jobs until one ends the process."""
    while self._jobs and not getattr(self, "crashed", False):
        try:
            self._jobs.popleft()()
        except KeyboardInterrupt:
            self.crashed = True
    self._scheduled = False


# Packets that were lost


def lose_packets(bench: Bench, pictures: int = 15) -> None:
    bench.recorder.on_packets_lost(7, Utc90k(bench.wall))
    bench.pass_time(pictures * FRAME)
    bench.sent = 0


@pytest.mark.parametrize("step", [3600, -3600, 2, -2])
async def test_packets_lost_while_the_clock_is_set_have_their_row_beside_the_steps(bench: Bench, step: int) -> None:
    bench.begin()
    bench.seconds(5.4)
    bench.wall += step * SECOND
    lose_packets(bench)
    bench.seconds(4)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    spans, gaps = await bench.timeline()
    by_cause = {gap.cause: gap for gap in gaps}
    lost, stepped = by_cause[GapCause.CAMERA_LOST], by_cause[GapCause.CLOCK_STEP]
    assert (lost.start_90k - START, lost.end_90k - START) == (int(5.4 * SECOND), 6 * SECOND)
    ends = START + (6 + step) * SECOND
    assert (stepped.start_90k, stepped.end_90k) == (min(ends, lost.end_90k), ends)
    reindex_is_the_same(bench, spans, gaps)


async def test_packets_lost_before_a_camera_is_paused_for_its_files_are_not_the_pauses(tmp_path: Path) -> None:
    bench = Bench.make(tmp_path / "store", files_a_minute=2)
    bench.begin()
    for size in (160, 192):
        bench.film = film(size, 96)
        bench.recorder.on_parameters(bench.film.parameters)
        bench.seconds(2)
    lose_packets(bench)
    bench.film = film(224, 96)
    bench.recorder.on_parameters(bench.film.parameters)
    bench.seconds(3)
    _, gaps = await bench.timeline()
    assert [gap.cause for gap in gaps] == [GapCause.CAMERA_LOST, GapCause.CAMERA_TOO_MUCH]
    assert gaps[0].start_90k - START == 4 * SECOND
    await bench.close()


def reindex_is_the_same(bench: Bench, spans: list, gaps: list[Gap]) -> None:
    """A journal made anew, from the files and from the old one, tells the same."""
    bench.catalogue.close()
    reindex(bench.store)
    with Catalogue(bench.store) as again:
        found = again.timeline(bench.camera.camera_id, 0, 1 << 52)
    assert [(span.start_90k, span.end_90k) for span in found.spans] == [(s.start_90k, s.end_90k) for s in spans]
    assert list(found.gaps) == gaps
    for file in bench.store.glob("catalogue*"):
        file.unlink()
    reindex(bench.store)
    with Catalogue(bench.store) as alone:
        found = alone.timeline(bench.camera.camera_id, 0, 1 << 52)
    ended = [gap for gap in gaps if gap.end_90k is not None]
    assert [(g.start_90k, g.end_90k, g.cause) for g in found.gaps] == [(g.start_90k, g.end_90k, g.cause) for g in ended]


async def test_an_outage_has_one_age_however_the_camera_is_tried_meanwhile(tmp_path: Path) -> None:
    """It began with the last picture, where the gap begins too, and goes on over a restart."""
    bench = Bench.make(tmp_path)
    bench.begin()
    bench.seconds(3)
    ended = bench.wall - FRAME
    ages = []
    for cause in (LossCause.SILENT, LossCause.UNREACHABLE, LossCause.REFUSED, LossCause.UNREACHABLE):
        bench.pass_time(10 * SECOND)
        bench.lose(cause)
        ages.append(bench.recorder.condition.health(bench.camera.camera_id).since_90k)
    assert ages == [ended] * 4
    (_, gaps) = await bench.timeline()
    assert 0 <= gaps[0].start_90k - ended <= FRAME + SECOND // 1000
    await bench.close()
    again = Bench.make(tmp_path)
    since = again.recorder.condition.health(again.camera.camera_id).since_90k
    assert since == gaps[0].start_90k
    again.wall = bench.wall + 60 * SECOND
    again.begin()
    again.seconds(1)
    assert again.recorder.condition.health(again.camera.camera_id).since_90k >= bench.wall
    await again.close()
