"""Sealing an hour of one camera, with everything an exhibit has, beside `cp` and `sha512sum` of the same bytes."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from statistics import median

from benchmarks import scheme
from benchmarks.film import bench_film
from benchmarks.made import MINUTE_90K, record_minutes
from benchmarks.report import Figure, Result
from benchmarks.size import Size
from footage.contract import CameraId
from footage.times import utc_now

NAME, TITLE = "sealing", "Sealing an exhibit"
EXPECT = "short 1 min, full 3 min"


def run(size: Size) -> Result:
    minutes, rounds = size.pick((5, 1), (60, 5))
    _, film = bench_film()
    with size.folder() as folder:
        scheme.set_up(folder)
        scheme.build()
        from django.conf import settings

        from overt.estate.models import Camera

        camera = CameraId(Camera.objects.get(number="127").pk)
        store = Path(settings.FOOTAGE_STORE)
        start = utc_now() - (minutes + 10) * MINUTE_90K
        total = record_minutes(store, camera, film, start, minutes)
        ours, theirs = [], []
        for number in range(rounds):
            ours.append(_seal(f"BM-{number + 1}", start, minutes))
            theirs.append(_copy(store / str(camera), folder / "copy"))
    ratio = median(a / b for a, b in zip(ours, theirs, strict=True))
    rows: list[dict[str, str | float | int]] = [
        {"what": name, "median s": median(times), "MB/s": total / median(times) / 1e6}
        for name, times in (
            ("seal (hold, clip, bag, hashes, signatures, logbook)", ours),
            ("cp, then sha512sum, then sync", theirs),
        )
    ]
    setting = f"{minutes} minutes of 720p at 2 Mbit/s, {total / 1e6:.0f} MB; {rounds} rounds."
    return Result(NAME, TITLE, setting, rows, [Figure("ratio", f"{ratio:.2f}", "at most 2", ratio <= 2)],
                  {"seal_s": ours, "copy_s": theirs})  # fmt: skip


def _seal(reference: str, start: int, minutes: int) -> float:
    from overt.accounts.models import User
    from overt.evidence.exhibits.services.opening import ClipRequest, open_exhibit
    from overt.evidence.exhibits.services.sealing import run_sealing

    began = time.perf_counter()
    wish = ClipRequest("127", start, start + minutes * MINUTE_90K)
    exhibit, _ = open_exhibit(User.objects.get(username="dev"), reference, "Incident 4417", [wish], start_job=False)
    sealed = run_sealing(exhibit.pk)
    took = time.perf_counter() - began
    if sealed.state != "sealed":
        raise RuntimeError(f"{reference} was not sealed: {sealed.state}")
    return took


def _copy(source: Path, target: Path) -> float:
    """What a careful person does without us. The sync is fair: an exhibit is flushed before it is called sealed."""
    shutil.rmtree(target, ignore_errors=True)
    began = time.perf_counter()
    subprocess.run(["cp", "-r", str(source), str(target)], check=True)
    files = [str(path) for path in target.rglob("*.mp4")]
    subprocess.run(["sha512sum", *files], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["sync", *files], check=True)
    return time.perf_counter() - began
