"""Live: from the moment a camera sends a picture to the moment Chromium shows it, read from the picture itself."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.report import Figure, Result, spread
from benchmarks.size import Size
from benchmarks.stack import READER, Stack, browser, overt
from footage.simcam.code import Kind, read_code

NAME, TITLE = "live", "Live pictures"
EXPECT = "short 2 min, full 8 min"

#: Every frame that comes to the screen: when, by the wall clock, and the time in it.
FOLLOW = """
() => {
  window.seen = [];
  const follow = (video) => video.requestVideoFrameCallback((now, meta) => {
    const code = readCode(video);
    if (code && code.kind === 1) {
      const shown = performance.timeOrigin + meta.expectedDisplayTime;
      const late = ((shown % 2 ** 32) - code.value + 1.5 * 2 ** 32) % 2 ** 32 - 2 ** 31;
      window.seen.push([late, code.camera, meta.presentedFrames]);
    }
    follow(video);
  });
  for (const video of document.querySelectorAll('video')) follow(video);
}
"""


def run(size: Size) -> Result:
    seconds = size.pick(10, 60)
    rows: list[dict[str, str | float | int]] = []
    raw: dict[str, object] = {}
    with overt(size) as stack:
        floor = _straight(stack, seconds)
        rows.append(_row("straight from the camera, decoded by libav in Python", floor))
        with browser(stack) as page:
            for layout, tiles in ((1, "127"), (4, "127,128,129,201"), (9, "127,128,129,201,202,R2")):
                late = _watched(page, layout, tiles, seconds)
                rows.append(_row(f"watch page in Chromium, {len(tiles.split(','))} of {layout} tiles", late))
                raw[f"layout {layout}"] = [round(each, 1) for each in late]
    one = float(rows[1]["median ms"])
    figures = [Figure("one tile, median", f"{one:.0f} ms", "at most 150 ms", one <= 150)]
    setting = f"720p, 25 fps; every picture shown in {seconds} s, its code against the clock at its expected display."
    return Result(NAME, TITLE, setting, rows, figures, raw)


def _row(what: str, late: list[float]) -> dict[str, str | float | int]:
    facts = spread(late)
    return {
        "path": what,
        "median ms": facts["median"],
        "p95 ms": facts["p95"],
        "least ms": facts["least"],
        "pictures": len(late),
    }


def _watched(page: Any, layout: int, tiles: str, seconds: float) -> list[float]:
    page.goto(f"/watch/?layout={layout}&tiles={tiles}")
    _until_live(page, len(tiles.split(",")))
    page.wait_for_timeout(4000)  # until the edge is reached
    page.evaluate(READER)
    page.evaluate(FOLLOW)
    page.wait_for_timeout(seconds * 1000)
    return [late for late, _, _ in page.evaluate("window.seen")]


def _until_live(page: Any, count: int) -> None:
    for _ in range(300):
        if page.evaluate("document.querySelectorAll('[data-state=live] video').length") >= count:
            return
        page.wait_for_timeout(100)
    raise RuntimeError("the tiles did not come to life")


def _straight(stack: Stack, seconds: float) -> list[float]:
    """The least there can be: no recorder, no gateway, no browser."""
    import av

    late = []
    with av.open(
        stack.cameras["127"], options={"rtsp_transport": "tcp", "fflags": "nobuffer", "flags": "low_delay"}
    ) as camera:
        ends = time.monotonic() + seconds + 3
        for frame in camera.decode(video=0):
            code = read_code(frame.to_ndarray(format="gray"))
            if code and code.kind is Kind.TIME:
                late.append((time.time() - code.sent_at_s()) * 1000)
            if time.monotonic() > ends:
                break
    return late[75:]  # libav reads ahead at first
