"""Two things fail at once, of the disk, the clock, the process or a camera: what is told afterwards is true.

`make torture` runs it; a seed is one pair at one moment each. Kills and the disk's errors come by the library that
stands between the recorder and its disk (meddle.c), the cameras' faults from themselves.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from recorder.node import Cameras, Recorder, footage, footage_json, recording, spans, until
from recorder.truth import Round, audit
from torture.meddling import environment

#: Of the recorder's own calls; the first number is when.
OURS = (
    "write .mp4 {n} 3 errno 5",
    "write .mp4 {n} 1 errno 28",
    "write .mp4 {n} 2 short 700",
    "flush .mp4 {n} 2 errno 5",
    "flush .mp4 {n} 1 slow 1500",
    "create .mp4 2 2 errno 28",
    "flush sqlite3-wal {n} 2 errno 5",
    "write sqlite3-wal {m} 3 errno 28",
    "any * {m} 1 kill 0",
    "write .mp4 {n} 1 killed 0",
    "flush .mp4 {n} 1 clock 7200000",
)
THEIRS: tuple[Callable[[Cameras], None], ...] = (
    lambda cameras: cameras.fault("cam1", "drop"),
    lambda cameras: cameras.fault("cam1", "stall", seconds=2),
    lambda cameras: cameras.fault("cam1", "refuse", seconds=2),
    lambda cameras: cameras.fault("cam1", "loss", packets=5),
)


@contextmanager
def meddled_with(store: Path, rules: str) -> Iterator[None]:
    """Processes that are started meanwhile have the library before them."""
    before = dict(os.environ)
    os.environ.update(environment(store, rules=rules))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def two_faults(chance: random.Random) -> tuple[list[str], list[Callable[[Cameras], None]]]:
    """Two of all, at least one of them of our own."""
    first, second = chance.choice(OURS), chance.choice((*OURS, *THEIRS))
    ours = [rule for rule in (first, second) if isinstance(rule, str)]
    rules = [rule.format(n=chance.randint(2, 6), m=chance.randint(30, 90)) for rule in ours]
    return rules, [fault for fault in (second,) if not isinstance(fault, str)]


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(24))
def test_what_is_told_after_two_faults_is_true(cameras: Cameras, street: Path, store: Path, seed: int) -> None:
    rules, faults = two_faults(random.Random(seed))
    words = [f"{name}={cameras.url(camera)}" for name, camera in (("a", "cam1"), ("b", "cam2"))]
    with meddled_with(store, ";".join(rules)):
        recorder = Recorder(store, *words)
    time.sleep(3)
    for fault in faults:
        fault(cameras)
    time.sleep(6)
    if recorder.process.poll() is None:
        recorder.kill() if seed % 2 else recorder.stop()
    with recording(store, *words):
        until(lambda: all(spans(store, name)["spans"] for name in "ab"))
        time.sleep(2)
    wrong = {name: audit(store, name, Round.of_film(street), steady=False) for name in "ab"}
    assert wrong == {"a": [], "b": []}, (rules, [THEIRS.index(one) for one in faults])
    report = footage_json("check", "--store", store, "--level", "hash")
    assert report["ok"], (rules, report["problems"])
    assert footage("reindex", "--store", store).returncode == 0
