"""Recording: CPU and memory beside one ffmpeg process for each camera, turn and turn about on the same cameras."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from benchmarks.film import bench_film
from benchmarks.report import Cell, Figure, Result
from benchmarks.size import Size
from footage.bench.farm import Farm, simulated
from footage.bench.meter import Cost, Watch
from footage.bench.recording import SETTLE_S, measure

NAME, TITLE = "recording", "Recording beside one ffmpeg process for each camera"
EXPECT = "short 4 min, full 15 min"


@contextmanager
def _ffmpegs(farm: Farm, folder: Path) -> Iterator[list[int]]:
    """`ffmpeg -c copy -f segment`, a process for each camera, as people run it. No hashing, no fsync, no journal."""
    with ExitStack() as stack:
        processes = []
        for name, url in farm.urls.items():
            out = folder / name
            out.mkdir()
            read = ["ffmpeg", "-nostdin", "-v", "fatal", "-rtsp_transport", "tcp", "-i", url, "-c", "copy"]
            write = ["-f", "segment", "-segment_time", "60", "-segment_format", "mp4", "-reset_timestamps", "1"]
            command = [*read, *write, str(out / "%05d.mp4")]
            processes.append(stack.enter_context(subprocess.Popen(command)))
        yield [process.pid for process in processes]
        for process in processes:
            process.terminate()


def _measure_ffmpeg(farm: Farm, folder: Path, seconds: float) -> Cost:
    import time

    with _ffmpegs(farm, folder) as pids:
        time.sleep(SETTLE_S)
        watch = Watch(pids)
        watch.begin()
        time.sleep(seconds)
        return watch.end()


#: How cameras send: most write a picture at once, some each packet, some spread their packets over the time.
_KINDS: tuple[tuple[str, Sequence[str]], ...] = (
    ("a picture a write", ()),
    ("a packet a write", ("--packets-apart",)),
    ("packets over 30 ms", ("--spread", "0.03")),
)


def run(size: Size) -> Result:
    cameras, seconds = size.pick((32, 15.0), (32, 75.0))
    rows: list[dict[str, Cell]] = []
    figures: list[Figure] = []
    raw: dict[str, object] = {}
    lost = 0
    for number, (kind, more) in enumerate(_KINDS):
        rounds = size.pick(1, 3 if number == 0 else 1)
        ours, theirs, wrong = _turns(size, cameras, seconds, rounds, more)
        lost += wrong
        minutes = cameras * seconds / 60
        for name, costs in (("footage", ours), ("ffmpeg a camera", theirs)):
            rows.append({"cameras send": kind} | _row(name, costs, cameras, minutes))
            raw[f"{name}, {kind}"] = [vars_of(c) for c in costs]
        cpu = median(a.cpu_s / b.cpu_s for a, b in zip(ours, theirs, strict=True))
        figures.append(Figure(f"CPU, ratio, {kind}", f"{cpu:.2f}", "at most 0.5", cpu <= 0.5))
        if number == 0:
            memory = median(a.pss_bytes / b.pss_bytes for a, b in zip(ours, theirs, strict=True))
            figures.append(Figure("memory (PSS), ratio", f"{memory:.2f}", "at most 0.15", memory <= 0.15))
    figures.append(Figure("frames lost, repeated or changed meanwhile", str(lost), "0", lost == 0))
    setting = f"{cameras} cameras, 720p, 25 fps, 2 Mbit/s, each in its own rhythm, {seconds:g} s a turn, turn and turn "
    setting += "about; hashing and fsync on for footage."
    return Result(NAME, TITLE, setting, rows, figures, raw)


def _turns(
    size: Size, cameras: int, seconds: float, rounds: int, more: Sequence[str]
) -> tuple[list[Cost], list[Cost], int]:
    """What footage and ffmpeg cost in each turn, and how many frames footage got wrong."""
    path, film = bench_film()
    ours, theirs, wrong = [], [], 0
    with simulated(path, cameras, more) as farm:
        for _ in range(rounds):
            with size.folder() as folder:
                made = measure(farm, film, folder, seconds)
            ours.append(made.cost)
            wrong += made.count.lost + made.count.repeated + made.count.strange
            with size.folder() as folder:
                theirs.append(_measure_ffmpeg(farm, folder, seconds))
    return ours, theirs, wrong


def _row(name: str, costs: list[Cost], cameras: int, minutes: float) -> dict[str, Cell]:
    return {
        "recorder": name,
        "CPU-s per camera-minute": median(c.cpu_s for c in costs) / minutes,
        "share of one core": median(c.cpu_s for c in costs) / minutes * cameras / 60,
        "PSS MB per camera": median(c.pss_bytes for c in costs) / cameras / 1e6,
    }


def vars_of(cost: Cost) -> dict[str, float]:
    return {"cpu_s": round(cost.cpu_s, 3), "pss_bytes": cost.pss_bytes}
