"""Review as an operator uses it: a reason first, then to the picture, in step, into the basket and sealed."""

from __future__ import annotations

import re
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from recorder.truth import pictures_so_far

pytestmark = [pytest.mark.browser]

CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d)\.(\d\d\d)")


def ms(text: str) -> int:
    """Milliseconds of the day that a time on the page shows."""
    hours, minutes, seconds, rest = map(int, CLOCK.search(text).groups())  # type: ignore[union-attr]
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def big(page: Any) -> int:
    return ms(page.locator(".transport time").inner_text())


def shown(page: Any) -> list[int]:
    return [ms(text) for text in page.locator(".tile .foot time").all_inner_texts()]


def wait_shown(page: Any, count: int) -> None:
    ends = time.monotonic() + 20
    while len([t for t in page.locator(".tile .foot time").all_inner_texts() if CLOCK.search(t)]) < count:
        assert time.monotonic() < ends, "no picture came"
        page.wait_for_timeout(100)


def settled(page: Any, than: int | None = None) -> int:
    """The time of the first picture, once it is another than `than` and has stayed for a second."""
    ends, last, stayed = time.monotonic() + 15, -1, 0
    while time.monotonic() < ends:
        now = shown(page)[0]
        stayed = stayed + 1 if now == last else 0
        if stayed >= 4 and now != than:
            return now
        last = now
        page.wait_for_timeout(250)
    return last


@pytest.fixture
def opened(page_as: Any, stack: Any) -> Any:
    """Dev, in a review of two cameras a few seconds ago, stopped on a picture."""
    page = page_as("dev")
    stack.recorded(10)
    page.goto("/review/?cameras=127,128&new=1")
    page.get_by_label("Why do you need to look?").fill("Incident 4417, fight in High Street")
    clock = page.evaluate("new Date(Date.now()-5000).toLocaleTimeString('en-GB',{timeZone:'Europe/London'})")
    day = page.evaluate("new Date(Date.now()-5000).toLocaleDateString('en-CA',{timeZone:'Europe/London'})")
    page.get_by_label("Date").fill(day)  # the form begins some minutes ago: after midnight, yesterday
    page.get_by_label("Time").fill(clock)
    page.get_by_label("Nobody else can see the screen").check()
    page.get_by_role("button", name="Open recordings").click()
    wait_shown(page, 2)
    return page


def test_a_picture_comes_with_its_true_time_and_steps_by_one_frame(opened: Any) -> None:
    page = opened
    began = settled(page)
    page.keyboard.press(",")
    first = settled(page, than=began)
    page.keyboard.press(".")
    second = settled(page, than=first)
    assert 38 <= second - first <= 42  # the film has 25 pictures a second
    page.keyboard.press(",")
    assert settled(page, than=second) == first
    assert "frame" in page.locator(".speed").inner_text()


def test_no_picture_is_stepped_over_up_to_now(opened: Any, stack: Any) -> None:
    """Groups are fetched when they are whole: a step waits for its picture instead of taking a later one."""
    page = opened
    camera = Recorded(stack.store, settled(page))
    steps = 0
    for direction in [*"............,,..,,"]:  # twelve seconds on from six ago: it waits at the edge for what comes
        for _ in range(25):
            page.keyboard.press(direction)
        steps += 25 if direction == "." else -25
        assert camera.reached(page, steps), (direction, steps, shown(page), camera.around(shown(page)[0]))


class Recorded:
    """When the pictures of one camera are shown, as its files say: which one stands on the page is known by that.

    On a busy machine pictures come late and are placed some milliseconds apart, so the film's rate does not say it.
    """

    def __init__(self, store: Path, at: int) -> None:
        for folder in store.iterdir():
            files = sorted(folder.glob("**/*.mp4"))
            self._folder, self._since = folder, (files or [folder])[max(-2, -len(files))]
            if any(abs(at - one) <= 1 for one in self._times()):
                break
        self._first = self._number(at)

    def reached(self, page: Any, steps: int) -> bool:
        """Whether the picture so many steps from the first comes to be the one on the page."""
        ends = time.monotonic() + 15
        while time.monotonic() < ends:
            if self._number(shown(page)[0]) == self._first + steps:
                return True
            page.wait_for_timeout(20)
        return False

    def around(self, at: int) -> list[int]:
        return [one for one in self._times() if abs(one - at) < 500]

    def _number(self, at: int) -> int:
        times = self._times()
        return min(range(len(times)), key=lambda number: abs(times[number] - at))

    def _times(self) -> list[int]:
        """Milliseconds of the day in London of every picture in whole fragments, from the same file on."""
        files = [file for file in self._folder.glob("**/*.mp4") if file >= self._since]
        return [ms_of(start) for start in sorted(one.start_90k for file in files for one in pictures_so_far(file))]


def ms_of(utc_90k: int) -> int:
    moment = datetime.fromtimestamp(utc_90k // 90_000, ZoneInfo("Europe/London"))
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1000 + utc_90k % 90_000 // 90


def test_cameras_play_in_step_and_the_shuttle_goes_both_ways(opened: Any) -> None:
    page = opened
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(500)
    start = big(page)
    page.keyboard.press(" ")
    page.wait_for_timeout(2000)
    assert 800 < big(page) - start < 2600
    one, two = shown(page)
    assert abs(one - two) <= 160
    page.keyboard.press("k")
    stopped = big(page)
    page.keyboard.press("j")
    page.wait_for_timeout(1000)
    assert big(page) < stopped
    page.keyboard.press("k")
    page.keyboard.press("l")
    page.keyboard.press("l")
    page.keyboard.press("l")
    assert page.locator(".speed").inner_text() in ("4×", "waiting for pictures")


def test_the_address_is_the_place_and_a_click_goes_there(opened: Any) -> None:
    page = opened
    at = big(page)
    slider = page.get_by_role("slider", name="Time line")
    for _ in range(5):
        page.keyboard.press("+")
    box = slider.bounding_box()
    slider.click(position={"x": 64 + (box["width"] - 64) * 0.48, "y": 45})
    page.wait_for_timeout(800)
    assert big(page) < at
    assert re.search(r"cameras=127,128&at=\d{4}-\d\d-\d\dT[\d:.]+Z&span=\d+", page.url)
    place = big(page)
    page.reload()
    wait_shown(page, 2)
    assert abs(big(page) - place) <= 1


def test_a_clip_is_held_when_its_end_is_marked_and_sealed_from_the_basket(opened: Any, axe: Any) -> None:
    page = opened
    basket = page.get_by_role("complementary", name="Basket")
    page.keyboard.press("o")
    assert "Mark the beginning" in basket.inner_text()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("i")
    for _ in range(25):
        page.keyboard.press(".")
    page.keyboard.press("o")
    basket.get_by_text(re.compile(r"^Held until")).first.wait_for()
    assert axe(page) == []
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog", name="Seal as an exhibit")
    assert dialog.get_by_label("Reason").input_value() == "Incident 4417, fight in High Street"
    dialog.get_by_label("Reference").fill("bad//ref!")
    dialog.get_by_role("button", name="Seal").click()
    dialog.get_by_role("alert").filter(has_text="reference").wait_for()
    dialog.get_by_label("Reference").fill("DC-1")
    dialog.get_by_role("button", name="Seal").click()
    dialog.get_by_text("DC-1 is sealed").wait_for(timeout=30_000)
    assert axe(page) == []
    dialog.get_by_role("link", name="Open DC-1").click()
    assert page.url.endswith("/exhibits/DC-1/")


def test_a_beginning_on_one_camera_stays_while_another_is_marked_and_over_a_reload(opened: Any) -> None:
    page = opened
    held = page.get_by_role("complementary", name="Basket").get_by_text(re.compile(r"^Held until"))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("i")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("i")
    page.reload()
    wait_shown(page, 2)
    for _ in range(5):
        page.keyboard.press(".")
    page.keyboard.press("o")
    held.first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("o")
    held.nth(1).wait_for()


def test_a_camera_joins_by_its_number_and_leaves(opened: Any) -> None:
    page = opened
    page.keyboard.type("201")
    page.keyboard.press("Enter")
    wait_shown(page, 3)
    assert "cameras=127,128,201" in page.evaluate("new Promise(r => setTimeout(() => r(location.search), 400))")
    page.keyboard.press("Delete")
    assert page.locator(".stage .tile").count() == 2


def test_going_to_the_hour_that_comes_twice_asks_which(opened: Any) -> None:
    page = opened
    page.keyboard.press("g")
    dialog = page.get_by_role("dialog", name="Go to a time")
    dialog.get_by_label("Date").fill("2025-10-26")
    dialog.get_by_label("Time").fill("01:30:00")
    dialog.get_by_label("01:30:00 BST, the first time").check()
    dialog.get_by_label("01:30:00 GMT, the second time").check()
    dialog.get_by_role("button", name="Go").click()
    assert "Sun 26 Oct 2025 01:30:00.000 GMT" in page.locator(".transport time").inner_text()
    page.get_by_text("Nothing was recorded here").first.wait_for()


def test_the_way_out_of_a_review_is_in_sight_whatever_is_folded(opened: Any) -> None:
    page = opened
    way_out = page.get_by_role("button", name="Close this review")
    width = page.evaluate("document.querySelector('.stage video').getBoundingClientRect().width")
    for key in ("", "c", "b"):
        if key:
            page.keyboard.press(key)
        box = way_out.bounding_box()
        assert box["y"] + box["height"] <= 768
        assert box["x"] + box["width"] <= 1366
    assert page.evaluate("document.querySelector('.stage video').getBoundingClientRect().width") > width * 1.5
    page.keyboard.press("i")  # what became of the mark is told in the basket
    assert page.get_by_role("complementary", name="Basket").is_visible()


def test_a_closed_review_shows_nothing_more(opened: Any) -> None:
    page = opened
    address = page.url
    page.get_by_role("button", name="Close this review").click()
    page.get_by_label("What did you find?").fill("Nothing of the fight")
    page.get_by_role("button", name="Close the review").click()
    page.wait_for_url("**/watch/**")
    page.goto(address)
    assert page.get_by_label("Why do you need to look?").is_visible()


def test_long_words_about_a_gap_move_nothing_under_the_rail(opened: Any, stack: Any) -> None:
    page = opened
    page.set_viewport_size({"width": 1100, "height": 768})
    # What comes after finds a hole a few seconds ago.
    stack.break_camera("cam1", "unplug")
    page.wait_for_timeout(5000)  # three seconds of silence are a lost camera
    stack.break_camera("cam1", "plug")
    page.wait_for_timeout(3000)
    page.reload()
    page.locator(".gap-words button").first.wait_for()
    edges = page.evaluate("""() => ['.review', '.stage', '.lanes'].map(
        (part) => document.querySelector(part).getBoundingClientRect().right)""")
    assert max(edges) <= page.evaluate("document.querySelector('.right').getBoundingClientRect().left")
