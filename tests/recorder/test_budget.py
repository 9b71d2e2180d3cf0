"""What one camera may cost the others: files, memory, flushes. Past it the camera is paused, and that is said."""

from __future__ import annotations

import threading
from pathlib import Path

from footage.contract import GapCause
from footage.recorder.budget import FileBudget
from footage.recorder.gather import Gatherer
from footage.recorder.live import LiveChannel
from footage.rtsp.events import AccessUnit
from footage.times import MonotonicNs, Utc90k
from recorder.making import FRAME, SECOND, START, Bench, film


async def test_a_camera_that_begins_files_without_end_is_paused_with_a_sentence_and_recorded_again(tmp_path: Path):
    bench = Bench.make(tmp_path / "store", files_a_minute=5)
    bench.begin()
    for number in range(12):
        bench.connection.on_parameters(film(160 + number % 2 * 16).parameters)
        bench.film = film(160 + number % 2 * 16)
        bench.send(25)
    rows = await bench.rows()
    assert len(rows) == 5
    _, gaps = await bench.timeline()
    assert [(gap.cause, gap.start_90k, gap.end_90k) for gap in gaps] == [
        (GapCause.CAMERA_TOO_MUCH, rows[-1].end_90k, None)
    ]
    assert "began more than 5 files within a minute; it is paused for a minute" in gaps[0].detail
    assert "began more than 5 files" in bench.recorder.health().detail
    bench.recorder._retry_at = 0.0  # a minute later
    bench.seconds(3)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    rows = await bench.rows()
    assert len(rows) == 6
    _, gaps = await bench.timeline()
    assert gaps[0].end_90k == rows[-1].start_90k
    await bench.close()


def test_a_minute_of_files_is_counted_anew_and_a_pause_is_as_long():
    budget = FileBudget(2)
    assert [budget.spend(at) for at in (0.0, 59.0, 60.5, 61.0)] == [True, True, True, True]
    assert budget.paused_until < 0
    assert not budget.spend(62.0)
    assert budget.paused_until == 122.0
    assert budget.spend(122.0)
    assert all(FileBudget(0).spend(0.0) for _ in range(1000))


async def test_fragments_that_wait_for_the_disk_are_flushed_together_and_nothing_of_them_is_lost(bench: Bench):
    gate = threading.Event()
    bench.begin()
    bench.seconds(2)
    await bench.settle()
    bench.recorder.disk.when_done(gate.wait)
    bench.seconds(30)
    gate.set()
    bench.recorder.stop(GapCause.NODE_STOPPED)
    rows = await bench.rows()
    assert (len(rows), sum(row.frames for row in rows)) == (1, 32 * 25)
    assert bench.recorder.disk.pending_bytes == 0


async def test_countless_small_things_that_wait_for_the_disk_are_bounded_as_large_ones_are(tmp_path: Path):
    bench = Bench.make(tmp_path / "store", buffer_bytes=300_000)
    gate = threading.Event()
    bench.begin()
    bench.seconds(2)
    await bench.settle()
    bench.recorder.disk.when_done(gate.wait)
    bench.film = film(pictures=1)
    for _ in range(400):  # each a key frame and so a fragment, of some two hundred bytes
        bench.sent = 0
        bench.send(1)
    gate.set()
    _, gaps = await bench.timeline()
    assert [gap.cause for gap in gaps] == [GapCause.DISK_BEHIND]
    await bench.close()


def tiny(number: int, *, media: int, key: bool = False) -> AccessUnit:
    return AccessUnit([b"\0\0\0\1\x41"], 5, media, key, Utc90k(START), MonotonicNs(number))


def test_pictures_whose_clock_stands_still_are_cut_all_the_same():
    gatherer = Gatherer()
    fullest = 0
    for number in range(10_000):
        unit = tiny(number, media=0)
        if gatherer.full_before(unit):
            gatherer.cut(unit.media_90k)
        gatherer.add(unit)
        fullest = max(fullest, len(gatherer.units))
    assert fullest == 2_000
    large = AccessUnit([bytes(1 << 20)], 1 << 20, FRAME, False, Utc90k(START), MonotonicNs(0))
    for _ in range(4):
        gatherer.add(large)
    assert gatherer.full_before(tiny(0, media=SECOND // 2))


def test_countless_tiny_pictures_are_not_kept_for_viewers():
    channel = LiveChannel()
    channel.picture(tiny(0, media=0, key=True), START)
    for number in range(20_000):
        channel.picture(tiny(number, media=number), START)
    assert len(channel._since_key) == 0
    channel.picture(tiny(0, media=0, key=True), START)
    assert len(channel._since_key) == 1
