"""What a regular camera costs now beside what it cost in an older build, turn and turn about on the same cameras."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.film import bench_film
from benchmarks.report import Figure, Result
from benchmarks.size import Size
from footage.bench.farm import simulated
from footage.bench.recording import measure

NAME, TITLE = "regular", "A regular camera beside an older build"
EXPECT = "short 3 min, full 12 min"
#: The last build that knew nothing of odd cameras. `BENCH_BESIDE` names another: a commit, or a folder of packages.
_BESIDE = "d1ebb01"


@contextmanager
def _older() -> Iterator[Path]:
    """The packages of the build to compare with, taken out of the history."""
    beside = os.environ.get("BENCH_BESIDE", _BESIDE)
    if Path(beside).is_dir():
        yield Path(beside).absolute()
        return
    with Size.scratch_folder() as folder:
        archive = subprocess.run(["git", "archive", beside, "src"], check=True, capture_output=True)
        subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
        yield folder / "src"


def run(size: Size) -> Result:
    cameras, seconds, rounds = size.pick((32, 20.0, 3), (32, 60.0, 5))
    path, film = bench_film()
    costs: dict[str, list[float]] = {"now": [], "before": []}
    lost = 0
    with _older() as older, simulated(path, cameras) as farm:
        for number in range(rounds):
            turns: list[tuple[str, Path | None]] = [("now", None), ("before", older)]
            for name, source in turns if number % 2 == 0 else reversed(turns):
                with size.folder() as folder:
                    made = measure(farm, film, folder, seconds, source=source)
                costs[name].append(made.cpu_s_per_camera_minute)
                lost += made.count.lost + made.count.repeated + made.count.strange
    ratio = median(costs["now"]) / median(costs["before"])
    rows = [{"build": name, "CPU-s per camera-minute": median(found)} for name, found in costs.items()]
    figures = [
        Figure("CPU, ratio of medians", f"{ratio:.3f}", "at most 1.02", ratio <= 1.02),
        Figure("frames lost, repeated or changed meanwhile", str(lost), "0", lost == 0),
    ]
    setting = f"{cameras} cameras, 720p, 25 fps, 2 Mbit/s, each in its own rhythm; {rounds} turns of {seconds:g} s."
    return Result(NAME, TITLE, setting, rows, figures, dict(costs))
