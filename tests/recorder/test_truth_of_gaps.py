"""A real recorder and real cameras that pause, lose packets and hang up: what is told is true, seen from outside."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from recorder.node import Cameras, Recorder, recording, spans, until
from recorder.truth import Round, audit

Trouble = Callable[[Cameras, Recorder], None]


def _pause(cameras: Cameras, recorder: Recorder) -> None:
    cameras.fault("cam1", "stall", seconds=2.0)
    time.sleep(3)


def _loss(cameras: Cameras, recorder: Recorder) -> None:
    cameras.fault("cam1", "loss", packets=3)
    time.sleep(2)


def _hang_up(cameras: Cameras, recorder: Recorder) -> None:
    cameras.fault("cam1", "drop")
    time.sleep(2)


def _stand_still(cameras: Cameras, recorder: Recorder) -> None:
    recorder.process.send_signal(signal.SIGSTOP)
    time.sleep(3)
    recorder.process.send_signal(signal.SIGCONT)
    time.sleep(1)


@pytest.mark.parametrize(
    "troubles",
    [(_pause,), (_loss, _pause), (_pause, _hang_up), (_stand_still, _pause), (_pause, _loss)],
    ids=lambda troubles: " ".join(one.__name__.strip("_") for one in troubles),
)
def test_all_that_is_missing_is_told_and_nothing_else(
    cameras: Cameras, store: Path, street: Path, troubles: tuple[Trouble, ...]
) -> None:
    with recording(store, f"a={cameras.url('cam1')}") as recorder:
        until(lambda: spans(store, "a")["spans"])
        time.sleep(2)
        for trouble in troubles:
            trouble(cameras, recorder)
        time.sleep(2)
    assert audit(store, "a", Round.of_film(street), steady=False) == []
    told = spans(store, "a")["gaps"]
    if _pause in troubles:
        assert any(1.5 < (gap["end_90k"] - gap["start_90k"]) / 90_000 < 4 for gap in told if gap["end_90k"])
