"""Lost frames: many cameras for a while, each picture in the files told by its coded bytes."""

from __future__ import annotations

from benchmarks.film import bench_film
from benchmarks.report import Figure, Result
from benchmarks.size import Size
from footage.bench.farm import simulated
from footage.bench.recording import measure

NAME, TITLE = "frames", "Frames lost"
EXPECT = "short 1 min, full 12 min"


def run(size: Size) -> Result:
    cameras, seconds = size.pick((20, 30.0), (100, 600.0))
    path, film = bench_film()
    rows = []
    wrong = 0
    # One write for each packet is the hard way that some cameras send; it is tried short.
    for name, more, time_s in (
        ("a picture a write", [], seconds),
        ("a packet a write", ["--packets-apart"], seconds / 10),
    ):
        with size.folder() as folder, simulated(path, cameras, more) as farm:
            made = measure(farm, film, folder, time_s)
        count = made.count
        wrong += count.lost + count.repeated + count.strange
        row: dict[str, str | float | int] = {"cameras send": name, "seconds": time_s, "recorded": count.recorded}
        row |= {"lost": count.lost, "repeated": count.repeated, "changed": count.strange}
        rows.append(row | {"CPU-s per camera-minute": made.cpu_s_per_camera_minute})
    setting = f"{cameras} cameras, 720p, 25 fps, 2 Mbit/s; every recorded picture told by its coded bytes."
    return Result(NAME, TITLE, setting, rows, [Figure("lost, repeated or changed", str(wrong), "0", wrong == 0)])
