"""Runs the recorder on a farm for a while and says what it cost and what it lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from footage.bench.counting import Count, Ledger, segments_of
from footage.bench.farm import Farm
from footage.bench.meter import Cost, Watch, cost, family
from footage.catalogue import Catalogue
from footage.contract import CameraId
from footage.simcam.film import Film

SETTLE_S = 8.0  # connecting and the first files are not what recording costs


@dataclass(frozen=True)
class Run:
    """One run. `cost` covers `seconds` after the settling, and so does `cameras_cpu_s`, what simulating them took.

    `count` is of everything recorded.
    """

    cameras: int
    seconds: float
    cost: Cost
    count: Count
    cameras_cpu_s: float = 0.0

    @property
    def cpu_s_per_camera_minute(self) -> float:
        return self.cost.cpu_s / self.cameras / (self.seconds / 60)

    @property
    def pss_per_camera(self) -> float:
        return self.cost.pss_bytes / self.cameras


@contextmanager
def recorder(farm: Farm, store: Path, source: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """`footage record` over the whole farm, with everything on that is on by default: hashing, fsync, catalogue.

    `source` is the folder of another build's packages; this build's without.
    """
    cameras = [f"{name}={url}" for name, url in farm.urls.items()]
    command = [sys.executable, "-m", "footage.cli", "record", "--store", str(store), *cameras]
    environment = {**os.environ, "PYTHONPATH": str(source)} if source else None
    with subprocess.Popen(command, env=environment) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(180)  # what waits for the disk is written first


def measure(farm: Farm, film: Film, store: Path, seconds: float, *, source: Path | None = None) -> Run:
    """Record the farm into a new store; the run's cost, and every picture in its files counted."""
    with recorder(farm, store, source) as process:
        made, theirs = over(process.pid, seconds, beside=farm.pid)
    total = Count()
    ledger = Ledger(film)
    with Catalogue(store, readonly=True) as catalogue:
        for camera, paths in segments_of(store).items():
            total += ledger.count(paths, catalogue.gaps(CameraId(UUID(camera)), 0, 1 << 62))
    return Run(len(farm.urls), seconds, made, total, theirs)


def over(pid: int, seconds: float, *, beside: int) -> tuple[Cost, float]:
    """The cost of a process and its children over so many seconds, once it has settled; another's CPU time beside."""
    time.sleep(SETTLE_S)
    watch, before = Watch(family(pid)), cost([beside]).cpu_s
    watch.begin()
    time.sleep(seconds)
    return watch.end(), cost([beside]).cpu_s - before
