"""Runs the recorder on a farm for a while and says what it cost and what it lost."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from footage.bench.counting import Count, Ledger, segments_of
from footage.bench.farm import Farm
from footage.bench.meter import Cost, Watch, family
from footage.simcam.film import Film

SETTLE_S = 8.0  # connecting and the first files are not what recording costs


@dataclass(frozen=True)
class Run:
    """One run. `cost` covers `seconds` after the settling; `count` everything recorded."""

    cameras: int
    seconds: float
    cost: Cost
    count: Count

    @property
    def cpu_s_per_camera_minute(self) -> float:
        return self.cost.cpu_s / self.cameras / (self.seconds / 60)

    @property
    def pss_per_camera(self) -> float:
        return self.cost.pss_bytes / self.cameras


@contextmanager
def recorder(farm: Farm, store: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`footage record` over the whole farm, with everything on that is on by default: hashing, fsync, catalogue."""
    cameras = [f"{name}={url}" for name, url in farm.urls.items()]
    command = [sys.executable, "-m", "footage.cli", "record", "--store", str(store), *cameras]
    with subprocess.Popen(command) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def measure(farm: Farm, film: Film, store: Path, seconds: float) -> Run:
    """Record the farm into a new store; the run's cost, and every picture in its files counted."""
    with recorder(farm, store) as process:
        cost = over(process.pid, seconds)
    total = Count()
    ledger = Ledger(film)
    for paths in segments_of(store).values():
        total += ledger.count(paths)
    return Run(len(farm.urls), seconds, cost, total)


def over(pid: int, seconds: float) -> Cost:
    """The cost of a process and its children over so many seconds, once it has settled."""
    time.sleep(SETTLE_S)
    watch = Watch(family(pid))
    watch.begin()
    time.sleep(seconds)
    return watch.end()
