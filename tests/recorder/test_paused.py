"""The recorder itself was slow: its times stay right, and what it missed is its own fault."""

from __future__ import annotations

import asyncio
import hashlib
import signal
import time
from pathlib import Path

import pytest

from footage.contract import CameraCondition, GapCause
from footage.recorder.lag import LoopLag
from footage.rtsp.events import LossCause
from footage.segments.reader import fragments, samples
from footage.times import Utc90k
from recorder.making import FRAME, SECOND, START, Bench, film
from recorder.node import Cameras, recording, spans, until

ROUND = 100  # pictures in the simulated cameras' film, each different


def pictures(store: Path) -> list[tuple[str, int]]:
    """Every recorded picture in order: a hash of its bytes, and when it was taken."""
    found = []
    for file in sorted(store.glob("*-*/**/*.mp4")):
        data = file.read_bytes()
        for fragment in fragments(file):
            for one in samples(file, fragment):
                found.append((hashlib.sha256(data[one.offset : one.offset + one.size_bytes]).hexdigest(), one.wall_90k))
    return found


def test_a_recorder_that_was_paused_reads_what_waited_and_keeps_its_times(cameras: Cameras, store: Path) -> None:
    with recording(store, f"a={cameras.url('cam1')}") as recorder:
        until(lambda: spans(store, "a")["spans"])
        time.sleep(2)
        recorder.process.send_signal(signal.SIGSTOP)
        time.sleep(5)
        recorder.process.send_signal(signal.SIGCONT)
        time.sleep(3)
    told = spans(store, "a")
    assert [gap["cause"] for gap in told["gaps"]] == ["node-stopped"]
    assert len(told["spans"]) == 1
    found = pictures(store)
    begin = [name for name, _ in found[:ROUND]]
    assert len(found) > 225
    assert [name for name, _ in found] == [begin[number % ROUND] for number in range(len(found))]
    off = [wall - found[0][1] - number * FRAME for number, (_, wall) in enumerate(found)]
    assert max(map(abs, off)) < SECOND // 10


async def stand_still(seconds: float = 0.9) -> None:
    """The event loop does nothing for a while, as when the process is paused."""
    await asyncio.sleep(0.3)
    time.sleep(seconds)
    await asyncio.sleep(0)


async def test_pictures_that_a_camera_dropped_while_we_stood_still_are_our_gap(bench: Bench) -> None:
    """The camera's buffer ran over: no packet number is missing, and still three seconds are."""
    bench.begin()
    bench.seconds(5)
    await stand_still()
    bench.pass_time(3 * SECOND)
    bench.seconds(5)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    _, gaps = await bench.timeline()
    assert [(gap.cause, gap.start_90k - START, gap.end_90k) for gap in gaps[:1]] == [
        (GapCause.RECORDER_BEHIND, 5 * SECOND, START + 8 * SECOND)
    ]
    assert "paused or overloaded" in gaps[0].detail


@pytest.mark.parametrize(("slow", "told"), [(True, [GapCause.RECORDER_BEHIND]), (False, [])])
async def test_a_few_pictures_that_a_camera_dropped_while_we_stood_still_are_our_gap_too(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, slow: bool, told: list[GapCause]
) -> None:
    """Less than a second is told as missing where we were slow; else a camera may send so seldom."""
    monkeypatch.setattr(LoopLag, "felt", lambda self, least_seconds=0.5: slow)
    bench.begin()
    bench.seconds(5)
    bench.pass_time(SECOND // 2)
    bench.seconds(5)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    _, gaps = await bench.timeline()
    assert [gap.cause for gap in gaps] == [*told, GapCause.NODE_STOPPED]
    if told:
        assert (gaps[0].start_90k - START, gaps[0].end_90k - START) == (5 * SECOND, 5 * SECOND + SECOND // 2)


@pytest.fixture
def never_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is not what is tested."""
    monkeypatch.setattr(LoopLag, "felt", lambda self, least_seconds=0.5: False)


@pytest.mark.usefixtures("never_slow")
@pytest.mark.parametrize(("quiet", "told"), [(3, []), (11, []), (13, [GapCause.CAMERA_LOST] * 5)])
async def test_a_camera_that_sends_seldom_is_no_gap_until_it_is_too_long(
    bench: Bench, quiet: int, told: list[GapCause]
) -> None:
    """It answers meanwhile, so the connection stands; what is said of it now is another matter."""
    bench.begin()
    bench.seconds(5)
    for _ in range(5):
        bench.pass_time(quiet * SECOND - FRAME)
        bench.send(1)
    bench.seconds(5)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    spans, gaps = await bench.timeline()
    assert [gap.cause for gap in gaps] == [*told, GapCause.NODE_STOPPED]
    if told:
        assert {gap.detail for gap in gaps[:-1]} == {"the camera sent no pictures, and still answered"}
    else:
        assert [(span.start_90k, span.end_90k) for span in spans] == [(START, bench.wall)]


@pytest.mark.usefixtures("never_slow")
@pytest.mark.parametrize("quiet", [1.0, 1.4, 3.0, 9.0, 11.0, 13.0])
@pytest.mark.parametrize("before", [5.0, 5.48, 59.96])  # a key frame is next, none is, a file is
async def test_a_pause_of_a_camera_that_sends_often_is_a_hole_though_no_packet_is_missing(
    bench: Bench, quiet: float, before: float
) -> None:
    bench.begin()
    bench.seconds(before)
    bench.pass_time(round(quiet * SECOND))
    bench.seconds(5)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    spans, gaps = await bench.timeline()
    at = START + round(before * SECOND)
    assert [(gap.start_90k, gap.end_90k, gap.cause, gap.detail) for gap in gaps[:-1]] == [
        (at, at + round(quiet * SECOND), GapCause.CAMERA_LOST, "the camera sent no pictures, and still answered")
    ]
    assert [(span.start_90k, span.end_90k) for span in spans] == [(START, at), (gaps[0].end_90k, bench.wall)]
    assert len(pictures(bench.store)) == bench.sent


@pytest.mark.usefixtures("never_slow")
@pytest.mark.parametrize("leap", [3600 * SECOND, -3600 * SECOND, 9 * SECOND])
@pytest.mark.parametrize("quiet", [2, 9])
async def test_a_hole_before_stamps_that_leap_has_its_row(bench: Bench, leap: int, quiet: int) -> None:
    """A camera that began anew behind its own connection: its pictures stand where they came."""
    bench.begin()
    bench.seconds(5)
    bench.pass_time(quiet * SECOND)
    bench.at += leap
    bench.seconds(5)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    spans, gaps = await bench.timeline()
    assert [gap.cause for gap in gaps] == [GapCause.CAMERA_LOST, GapCause.NODE_STOPPED]
    assert (gaps[0].start_90k, gaps[0].end_90k) == (spans[0].end_90k, spans[1].start_90k)
    assert abs(gaps[0].start_90k - START - 5 * SECOND) < SECOND // 10
    assert abs(gaps[0].end_90k - START - (5 + quiet) * SECOND) < SECOND // 2


@pytest.mark.usefixtures("never_slow")
@pytest.mark.parametrize("end", ["lost", "packets", "stop", "size"])
async def test_a_pause_whose_first_picture_is_the_last_for_now_is_a_hole(bench: Bench, end: str) -> None:
    """Whether the camera sends seldom now cannot be seen: what cannot is told as missing."""
    bench.begin()
    bench.seconds(5)
    bench.pass_time(2 * SECOND)
    bench.send(1)
    if end == "packets":
        bench.recorder.on_packets_lost(1, Utc90k(bench.wall))
    elif end == "size":
        bench.recorder.on_parameters(film(192, 96).parameters)
    elif end == "lost":
        bench.lose()
    bench.recorder.stop(GapCause.NODE_STOPPED)
    _, gaps = await bench.timeline()
    assert (gaps[0].start_90k - START, gaps[0].end_90k - START) == (5 * SECOND, 7 * SECOND)
    assert len(pictures(bench.store)) == bench.sent


async def test_a_quiet_camera_is_shown_as_lost_until_its_next_picture(bench: Bench) -> None:
    bench.begin()
    bench.seconds(5)
    bench.connection.on_quiet("No picture for 3 s, though the camera still answers.", Utc90k(bench.wall))
    assert bench.recorder.health().condition is CameraCondition.LOST
    bench.seconds(1)
    assert bench.recorder.health().condition is CameraCondition.RECORDING


@pytest.mark.parametrize(
    ("pause", "lost", "left"),
    [
        (0.0, GapCause.CAMERA_LOST, GapCause.CAMERA_LOST),
        (0.9, GapCause.RECORDER_BEHIND, GapCause.CAMERA_LOST),
        (1.8, GapCause.RECORDER_BEHIND, GapCause.RECORDER_BEHIND),
    ],
)
async def test_a_loss_after_a_pause_of_ours_is_not_the_cameras(
    bench: Bench, pause: float, lost: GapCause, left: GapCause
) -> None:
    """Packets soon run over; a connection is not given up for a moment's pause."""
    bench.begin()
    bench.seconds(5)
    await stand_still(pause)
    bench.recorder.on_packets_lost(7, Utc90k(bench.wall))
    bench.pass_time(SECOND)
    bench.sent = 0
    bench.seconds(5)
    bench.lose(LossCause.CLOSED)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    _, gaps = await bench.timeline()
    assert [gap.cause for gap in gaps] == [lost, left, GapCause.NODE_STOPPED]
