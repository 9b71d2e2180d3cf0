"""The timeline of one camera for a month, with a whole scheme's segments in the catalogue."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from uuid import UUID, uuid5

from benchmarks.report import Figure, Result, spread
from benchmarks.size import Size
from footage.catalogue import Catalogue, usual_path
from footage.contract import CameraId, CameraSource, GapCause
from footage.local import LocalNode
from footage.times import utc_now

NAME, TITLE = "timeline", "Timeline of a month"
EXPECT = "short 1 min, full 8 min and 4 GB of disk"
MINUTE_90K, DAY_90K = 60 * 90_000, 86_400 * 90_000
DAYS, SPACE = 31, UUID(int=0x0E47)


def run(size: Size) -> Result:
    cameras, asked = size.pick((20, 50), (500, 200))
    ids = [CameraId(uuid5(SPACE, str(number))) for number in range(cameras)]
    end = utc_now() // MINUTE_90K * MINUTE_90K
    start = end - DAYS * DAY_90K
    with size.folder() as folder:
        _fill(folder / "store", ids, start)
        node = LocalNode(folder / "store", folder / "run")
        cold = _timed(lambda: node.timeline(ids[0], start, end))
        times = [_timed(lambda camera=ids[n % cameras]: node.timeline(camera, start, end)) for n in range(asked)]  # type: ignore[misc]
        listed = _listing(folder / "list", ids[0], start) * 1000
    facts = spread([each * 1000 for each in times])
    rows: list[dict[str, str | float | int]] = [
        {"what": "timeline: spans, gaps and holds", "median ms": facts["median"], "p95 ms": facts["p95"]},
        {"what": "reading the names of one camera's files, as others do", "median ms": listed, "p95 ms": listed},
    ]
    figures = [
        Figure("median", f"{facts['median']:.1f} ms", "under 100 ms", facts["median"] < 100),
        Figure("the first, cold", f"{cold * 1000:.1f} ms"),
    ]
    setting = (
        f"{cameras} cameras, {DAYS} days of one-minute segments ({cameras * DAYS * 1440:,} rows), a gap each day; "
    )
    setting += "each camera asked for in turn."
    return Result(NAME, TITLE, setting, rows, figures)


def _fill(store: Path, ids: list[CameraId], start: int) -> None:
    """Rows as recording would have left them, written in bulk: 22 million one by one would take days."""
    with Catalogue(store) as catalogue:
        catalogue.set_cameras(
            [CameraSource(camera, f"camera {n}", "rtsp://127.0.0.1:9/x") for n, camera in enumerate(ids)]
        )
        numbers = [catalogue.number(camera) for camera in ids]
        with catalogue.write() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO formats (no, codec, width, height) VALUES (1, 'avc1.42c01f', 1280, 720)"
            )
        for number in numbers:
            with catalogue.write() as connection:
                connection.executemany(
                    "INSERT INTO segments (camera, run, sequence, start_90k, end_90k, path, size_bytes, sha256, "
                    "frames, format) VALUES (?, ?, ?, ?, ?, NULL, 15000000, randomblob(32), 1500, 1)",
                    _segments(number, start),
                )
                connection.executemany("INSERT INTO spans VALUES (?, ?, ?, ?)", _spans(number, start))
                connection.executemany(
                    "INSERT INTO gaps (camera, start_90k, end_90k, cause, detail) VALUES (?, ?, ?, ?, '')",
                    [
                        (number, start + day * DAY_90K, start + day * DAY_90K + MINUTE_90K, GapCause.CAMERA_LOST.value)
                        for day in range(DAYS)
                    ],
                )


def _segments(number: int, start: int) -> Iterator[tuple[int, int, int, int, int]]:
    for minute in range(DAYS * 1440):
        if minute % 1440:
            at = start + minute * MINUTE_90K
            yield number, minute // 1440 + 1, minute + 1, at, at + MINUTE_90K


def _spans(number: int, start: int) -> Iterator[tuple[int, int, int, int]]:
    for day in range(DAYS):
        yield number, day + 1, start + day * DAY_90K + MINUTE_90K, start + (day + 1) * DAY_90K


def _listing(store: Path, camera: CameraId, start: int) -> float:
    """Make one camera's month of (empty) files, and time working their spans out from the names alone."""
    for minute in range(DAYS * 1440):
        path = store / usual_path(camera, start + minute * MINUTE_90K)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    name = re.compile(r"(\d{8}T\d{9})Z\.mp4")
    return median(
        _timed(lambda: sorted(name.fullmatch(path.name)[1] for path in store.rglob("*.mp4"))) for _ in range(3)
    )  # type: ignore[index]


def _timed(act: object) -> float:
    began = time.perf_counter()
    act()  # type: ignore[operator]
    return time.perf_counter() - began
