"""Review: from a click on the time line to the picture of that moment on the screen."""

from __future__ import annotations

import random
from typing import Any

from benchmarks.report import Figure, Result, spread
from benchmarks.size import Size
from benchmarks.stack import READER, browser, overt

NAME, TITLE = "review", "Review: click to picture"
EXPECT = "short 2 min, full 9 min"

#: From the end of a click: when every picture has changed to another moment and has come to the screen.
ARM = """
() => {
  const slider = document.querySelector('.slider');
  window.clicked = [];
  slider.addEventListener('pointerup', () => {
    const began = performance.now(), videos = [...document.querySelectorAll('.tile video')];
    const before = videos.map((video) => readCode(video)?.value);
    const look = () => {
      const shown = [...document.querySelectorAll('.tile video')].map((video) => readCode(video)?.value);
      const fresh = shown.every((value, n) => value !== undefined && Math.abs(value - (before[n] ?? 0)) > 300);
      if (fresh) window.clicked.push(performance.now() - began);
      else if (performance.now() - began < 5000) requestAnimationFrame(look);
      else window.clicked.push(null);
    };
    requestAnimationFrame(look);
  }, {capture: true});
}
"""


def run(size: Size) -> Result:
    record_s, clicks = size.pick((45, 15), (300, 100))
    rows: list[dict[str, str | float | int]] = []
    misses = 0
    with overt(size) as stack:
        stack.recorded(record_s)
        with browser(stack) as page:
            for cameras in ("127", "127,128"):
                took = _clicks(page, cameras, record_s, clicks)
                misses += took.count(None)
                facts = spread([each for each in took if each is not None])
                row = {name + " ms": facts[name] for name in ("median", "p95", "most")}
                late = {"clicks": len(took), "no picture within 5 s": took.count(None)}
                rows.append({"cameras in step": len(cameras.split(",")), **row, **late})
    one = float(rows[0]["median ms"])
    figures = [
        Figure("one camera, median", f"{one:.0f} ms", "under 300 ms", one < 300),
        Figure("clicks without a picture", str(misses), "0", misses == 0),
    ]
    setting = f"720p, groups of a second; {clicks} clicks at random in the last {record_s * 2 // 3} s recorded."
    return Result(NAME, TITLE, setting, rows, figures)


def _clicks(page: Any, cameras: str, recorded_s: float, clicks: int) -> list[float | None]:
    """Milliseconds for each click; None where no picture came."""
    middle, span = recorded_s / 2, int(recorded_s * 2 / 3)
    page.goto(f"/review/?cameras={cameras}&new=1")
    page.get_by_label("Why do you need to look?").fill("Incident 4417, fight in High Street")
    page.get_by_label("Nobody else can see the screen").check()
    page.get_by_role("button", name="Open recordings").click()
    page.wait_for_url("**/review/?cameras=*")
    at = page.evaluate(f"new Date(Date.now() - {middle * 1000}).toISOString()")
    page.goto(f"/review/?cameras={cameras}&at={at}&span={span}")
    page.wait_for_timeout(4000)
    page.evaluate(READER)
    page.evaluate(ARM)
    box = page.locator(".slider").bounding_box()
    dice = random.Random(4417)
    for _ in range(clicks):
        page.mouse.click(box["x"] + 64 + (box["width"] - 64) * dice.uniform(0.05, 0.95), box["y"] + 40)
        page.wait_for_timeout(900)
    page.wait_for_timeout(5000)
    found: list[float | None] = page.evaluate("window.clicked")
    return found
