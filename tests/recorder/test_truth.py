"""The audit of a store: a true one passes, and each way of lying is noticed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from footage.contract import GapCause
from footage.rtsp.events import LossCause
from recorder.making import SECOND, Bench, film
from recorder.node import Cameras, recording, spans, until
from recorder.truth import Round, audit, pictures_of

ROUND = Round.of(film(told_apart=True).pictures)


@pytest.fixture
async def lost_once(bench: Bench) -> Bench:
    """Two stretches with three seconds between them, for which there is a gap."""
    bench.begin(film(told_apart=True))
    bench.seconds(5)
    bench.lose(LossCause.SILENT)
    bench.pass_time(3 * SECOND)
    bench.begin(film(told_apart=True))
    bench.seconds(4)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    await bench.rows()
    return bench


def told(bench: Bench, *, steady: bool = False) -> list[str]:
    return audit(bench.store, "127", ROUND, steady=steady, folder=str(bench.camera.camera_id))


async def test_a_true_store_passes(lost_once: Bench) -> None:
    assert told(lost_once) == []
    assert told(lost_once, steady=True) == []  # three whole rounds are missing


def without(sql: str) -> Callable[[Bench], None]:
    def lie(bench: Bench) -> None:
        with bench.catalogue.write() as connection:
            assert connection.execute(sql).rowcount

    return lie


def other_bytes(bench: Bench) -> None:
    (file, *_) = bench.store.glob("*/*/*/*/*/*.mp4")
    data = bytearray(file.read_bytes())
    data[-200] ^= 1
    file.write_bytes(data)


def zeros(bench: Bench) -> None:
    (file, *_) = bench.store.glob("*/*/*/*/*/*.mp4")
    data = file.read_bytes()
    at = data.rindex(b"mdat") + 4
    file.write_bytes(data[:at] + bytes(len(data) - at))


def moved(bench: Bench) -> None:
    """A fragment says another time than that at which its pictures were taken."""
    (file, *_) = bench.store.glob("*/*/*/*/*/*.mp4")
    data = bytearray(file.read_bytes())
    at = data.rindex(b"prft") + 12
    data[at + 3] += 1
    file.write_bytes(data)


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        (without("DELETE FROM gaps WHERE cause = 'camera-lost'"), "in no gap"),
        (without("UPDATE gaps SET end_90k = end_90k - 90000 WHERE cause = 'camera-lost'"), "in no gap"),
        (without("UPDATE spans SET end_90k = end_90k + 90000 WHERE run = 1"), "the last picture ends at"),
        (without("UPDATE spans SET start_90k = start_90k - 90000 WHERE run = 2"), "no picture is there until"),
        (without("UPDATE spans SET end_90k = end_90k - 90000 WHERE run = 1"), "is in no span"),
        (without("UPDATE spans SET end_90k = end_90k + 4 * 90000 WHERE run = 1"), "before the one that ends"),
        (other_bytes, "is no picture of the film"),
        (zeros, "cannot be read"),
        (moved, "in no gap"),
    ],
)
async def test_each_lie_is_noticed(lost_once: Bench, lie: Callable[[Bench], None], said: str) -> None:
    lie(lost_once)
    assert any(said in line for line in told(lost_once)), told(lost_once)


async def test_a_picture_left_out_and_one_said_twice_are_noticed(bench: Bench) -> None:
    bench.begin(film(told_apart=True))
    bench.send(30)
    bench.sent += 1  # the camera showed one that never came, and its time is not missing
    bench.send(20)
    bench.sent -= 1
    bench.send(30)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    await bench.rows()
    found = told(bench)
    assert any("1 pictures are missing" in line for line in found), found
    assert any("the picture before it again" in line for line in found), found


def test_a_recording_over_the_network_is_true(cameras: Cameras, street: Path, store: Path) -> None:
    round_ = Round.of_film(street)
    with recording(store, f"a={cameras.url('cam1')}"):
        until(lambda: spans(store, "a")["spans"] and len(list(store.glob("*/*/*/*/*/*.mp4"))) > 0)
        until(
            lambda: spans(store, "a")["spans"][-1]["end_90k"] - spans(store, "a")["spans"][0]["start_90k"] > 3 * SECOND
        )
        cameras.fault("cam1", "drop")
        until(lambda: len(spans(store, "a")["spans"]) == 2)
    assert audit(store, "a", round_) == []
    assert sum(len(pictures_of(file)) for file in store.glob("*/*/*/*/*/*.mp4")) > 75
