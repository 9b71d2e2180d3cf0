"""Many cameras on one machine, simulated there too: no frame lost; and past what it can do, none without a gap row."""

from __future__ import annotations

import os

from benchmarks.film import bench_film
from benchmarks.report import Cell, Figure, Result
from benchmarks.size import Size
from footage.bench.farm import simulated
from footage.bench.recording import Run, measure

NAME, TITLE = "many", "Many cameras, and too many"
EXPECT = "short 2 min, full 6 min and 20 GB"

#: The simulator has the same cores: it sends on a grid of ten moments a picture, so that one waking serves many.
_CHEAP = ("--grid", "0.004")


def run(size: Size) -> Result:
    fit, too_many, seconds = size.pick((100, 200, 15.0), (500, 900, 60.0))
    rows, runs = [], []
    for cameras in (fit, too_many):
        path, film = bench_film()
        with size.folder() as folder, simulated(path, cameras, _CHEAP) as farm:
            made = measure(farm, film, folder, seconds)
        runs.append(made)
        rows.append(_row(made))
    few, over = (made.count for made in runs)
    wrong = few.lost + few.repeated + few.strange
    figures = [
        Figure(f"frames of {fit} cameras lost, repeated or changed", str(wrong), "0", wrong == 0),
        Figure(f"frames of {too_many} cameras lost without a gap row", str(over.untold), "0", over.untold == 0),
    ]
    setting = f"720p, 25 fps, 2 Mbit/s, a picture a write, {seconds:g} s; recorder and simulator on the same "
    setting += f"{len(os.sched_getaffinity(0))} cores; hashing and fsync on."
    return Result(NAME, TITLE, setting, rows, figures)


def _row(made: Run) -> dict[str, Cell]:
    return {
        "cameras": made.cameras,
        "frames recorded": made.count.recorded,
        "lost": made.count.lost,
        "lost without a gap row": made.count.untold,
        "recorder, cores": made.cost.cpu_s / made.seconds,
        "simulator, cores": made.cameras_cpu_s / made.seconds,
        "CPU-s per camera-minute": made.cpu_s_per_camera_minute,
        "PSS MB per camera": made.pss_per_camera / 1e6,
    }
