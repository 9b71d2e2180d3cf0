"""The wall as an operator uses it: by numbers and keys, with true pictures, and words where there is none."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

pytestmark = [pytest.mark.browser]


def tile(page: Any, number: int) -> Any:
    return page.get_by_role("group", name=re.compile(rf"^Tile {number}:"))


def until(page: Any, condition: str, seconds: float = 20) -> None:
    """Wait for something to be true on the page; its policy forbids what playwright's own waiting evaluates."""
    ends = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < ends, f"never came true: {condition}"
        page.wait_for_timeout(100)


def is_live(number: int) -> str:
    return f"document.querySelector('[data-tile=\"{number - 1}\"]').dataset.state === 'live'"


def entries(page: Any, action: str) -> int:
    """How many entries of an act the logbook holds, as a supervisor's page counts them."""
    answer = page.request.get(f"/api/v1/logbook/entries?action={action}&limit=200")
    assert answer.ok, answer.text()
    body = answer.json()
    return len(body["entries"] if isinstance(body, dict) else body)


def test_a_camera_is_its_number_and_its_picture_moves(page_as: Any) -> None:
    page = page_as("dev")
    page.goto("/watch/?layout=4&tiles=&selected=2")
    assert "Type a camera’s number" in tile(page, 2).inner_text()
    page.keyboard.type("127")
    page.keyboard.press("Enter")
    until(page, is_live(2))
    assert "127" in tile(page, 2).inner_text()
    assert re.search(r"\d\d:\d\d:\d\d (GMT|BST)", tile(page, 2).inner_text())
    assert "tiles=,127" in page.url
    before = page.evaluate("document.querySelector('[data-tile=\"1\"] video').currentTime")
    page.wait_for_timeout(1000)
    after = page.evaluate("document.querySelector('[data-tile=\"1\"] video').currentTime")
    assert 0.5 < after - before < 2


def test_one_opening_is_one_entry_and_leaving_closes_it(page_as: Any) -> None:
    page = page_as("dev")
    opened, closed = entries(page, "watch.live.opened"), entries(page, "watch.live.closed")
    page.goto("/watch/?layout=1&tiles=128")
    until(page, is_live(1))
    page.wait_for_timeout(1500)
    page.goto("/")
    page.wait_for_timeout(800)
    assert entries(page, "watch.live.opened") == opened + 1
    assert entries(page, "watch.live.closed") == closed + 1


def test_arrows_select_m_shows_one_alone_and_shift_numbers_lay_out(page_as: Any) -> None:
    page = page_as("dev")
    page.goto("/watch/?layout=4&tiles=127,128")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert "selected=4" in page.url
    page.keyboard.press("ArrowUp")
    page.keyboard.press("m")
    assert page.get_by_role("group", name=re.compile("^Tile")).count() == 1
    assert tile(page, 2).is_visible()
    page.keyboard.press("m")
    page.keyboard.press("Shift+Digit9")
    assert page.get_by_role("group", name=re.compile("^Tile")).count() == 9
    assert "layout=9" in page.url
    page.keyboard.press("Shift+Digit1")
    assert page.get_by_role("group", name=re.compile("^Tile")).count() == 1


def test_the_mouse_does_what_the_keys_do(page_as: Any) -> None:
    page = page_as("dev")
    page.goto("/watch/?layout=4&tiles=127,128")
    sizes = page.get_by_role("group", name="Size of the wall")
    sizes.get_by_role("button", name="9").click()
    assert page.get_by_role("group", name=re.compile("^Tile")).count() == 9
    assert sizes.get_by_role("button", name="9").get_attribute("aria-pressed") == "true"
    page.keyboard.type("129")
    page.keyboard.press("Enter")  # the number's Enter, though the button has the focus
    assert "129" in tile(page, 1).inner_text()
    tile(page, 2).hover()
    tile(page, 2).get_by_role("button", name="Alone").click()
    assert page.get_by_role("group", name=re.compile("^Tile")).count() == 1
    tile(page, 2).get_by_role("button", name="All tiles").click()
    assert page.get_by_role("group", name=re.compile("^Tile")).count() == 9
    tile(page, 2).hover()
    tile(page, 2).get_by_role("button", name="Empty").click()
    assert "tiles=129&selected=2" in page.url
    tile(page, 1).hover()
    tile(page, 1).get_by_role("button", name="Review").click()
    page.wait_for_url("**/review/?cameras=129*")


def test_a_camera_whose_number_begins_with_a_letter_is_typed_like_any(page_as: Any) -> None:
    page = page_as("dev")
    page.goto("/watch/?layout=4&tiles=127,128")
    page.keyboard.type("r2")  # R alone opens the review of the selected camera
    page.keyboard.press("Enter")
    assert "R2" in tile(page, 1).inner_text()
    page.keyboard.press("r")
    page.wait_for_url("**/review/?cameras=R2*")


def test_nothing_of_a_picture_is_cut_off_and_no_words_lie_on_it_where_there_is_room(page_as: Any) -> None:
    page = page_as("dev")
    page.goto("/watch/?layout=9&tiles=128")
    until(page, is_live(1))
    shown = page.evaluate("""() => {
        const tile = document.querySelector('[data-tile="0"]'), video = tile.querySelector("video");
        const box = video.getBoundingClientRect(), style = getComputedStyle(video);
        const height = Math.min(box.height, box.width * video.videoHeight / video.videoWidth);
        return { fit: style.objectFit, bottom: box.top + height,
                 words: tile.querySelector(".foot .number").getBoundingClientRect().top };
    }""")
    assert shown["fit"] == "contain"
    assert shown["words"] >= shown["bottom"]


def test_what_is_not_seen_gives_up_its_connection_and_takes_it_again(page_as: Any) -> None:
    page = page_as("dev")
    sockets: list[Any] = []
    page.on("websocket", lambda socket: sockets.append(socket))
    page.goto("/watch/?layout=4&tiles=127,128")
    until(page, is_live(1))
    until(page, is_live(2))
    assert [socket.is_closed() for socket in sockets] == [False, False]
    page.keyboard.press("m")
    page.wait_for_timeout(700)
    assert [socket.is_closed() for socket in sockets].count(True) == 1
    page.keyboard.press("m")
    page.wait_for_timeout(700)
    assert [socket.is_closed() for socket in sockets].count(False) == 2
    until(page, is_live(2))


def test_search_finds_a_camera_by_its_place(page_as: Any) -> None:
    page = page_as("dev")
    page.goto("/watch/?layout=4&tiles=")
    page.keyboard.press("/")
    page.keyboard.type("mill car")
    page.keyboard.press("Enter")
    assert "202" in tile(page, 1).inner_text()
    page.keyboard.press("/")
    page.keyboard.type("no such place")
    assert page.get_by_text("No camera of that number or place").is_visible()


def test_a_line_typed_in_the_strip_is_in_the_logbook_with_the_camera(page_as: Any) -> None:
    page = page_as("dev")
    page.goto("/watch/?layout=4&tiles=127")
    page.keyboard.press("e")
    page.keyboard.type("Two people arguing outside the bank")
    page.keyboard.press("Enter")
    page.get_by_text("Written: entry").first.wait_for()
    page.goto("/logbook/")
    assert page.locator("main table").get_by_text("Entry written").first.is_visible()


def test_a_number_of_another_partners_camera_is_no_camera(page_as: Any) -> None:
    page = page_as("bryn")
    page.goto("/watch/?layout=4&tiles=127,201")
    until(page, is_live(2))
    assert "Type a camera’s number" in tile(page, 1).inner_text()
    page.keyboard.type("127")
    page.keyboard.press("Enter")
    assert page.get_by_text("127: no such camera").is_visible()


def test_a_codec_that_the_browser_lacks_is_said_in_words(page_as: Any) -> None:
    page = page_as("dev")
    page.goto("/watch/?layout=1&tiles=129")  # the third film: H.265
    page.wait_for_timeout(3000)
    if page.evaluate("MediaSource.isTypeSupported('video/mp4; codecs=\"hvc1.1.6.L93.B0\"')"):
        pytest.skip("this Chromium decodes H.265")
    assert "this browser cannot show it" in tile(page, 1).inner_text()


def test_a_lost_camera_says_since_when_and_comes_back_by_itself(page_as: Any, stack: Any) -> None:
    page = page_as("dev")
    page.goto("/watch/?layout=1&tiles=202")  # the fifth camera
    until(page, is_live(1))
    stack.break_camera("cam5", "stall", seconds=9)
    until(page, "document.querySelector('[data-tile=\"0\"]').dataset.state === 'lost'", 15)
    assert re.search(r"No picture for \d+ s", tile(page, 1).inner_text())
    page.get_by_text("202 Mill car park").first.wait_for()
    until(page, is_live(1), 40)


def test_keys_are_shown_in_place(page_as: Any, axe: Any) -> None:
    page = page_as("dev")
    page.goto("/watch/?layout=4&tiles=")
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog", name="Keys").is_visible()


SHARE = """(where) => {
    let sum = 0;
    for (const video of document.querySelectorAll(where + " video")) {
        const box = video.getBoundingClientRect(), wide = video.videoWidth, high = video.videoHeight;
        if (wide) sum += Math.min(box.width / wide, box.height / high) ** 2 * wide * high;
    }
    return sum / innerWidth / innerHeight;
}"""


def test_with_the_panels_folded_the_pictures_have_the_screen_and_so_it_stays(page_as: Any, axe: Any) -> None:
    page = page_as("dev")
    page.goto("/watch/?layout=4&tiles=127,128,201,202")
    for number in range(1, 5):
        until(page, is_live(number))
    assert page.evaluate(SHARE, ".wall") > 0.33
    cameras, now = (page.locator(f"[data-fold={side}]") for side in ("left", "right"))
    assert [cameras.get_attribute("aria-expanded"), now.get_attribute("aria-expanded")] == ["true", "true"]
    page.keyboard.press("c")
    now.focus()
    page.keyboard.press("Enter")
    assert page.evaluate(SHARE, ".wall") > 0.6  # some of the films are 4:3
    page.reload()
    assert [cameras.get_attribute("aria-expanded"), now.get_attribute("aria-expanded")] == ["false", "false"]
    assert not page.get_by_role("navigation", name="Cameras").is_visible()
    assert axe(page) == []
    for layout in (1, 4, 9):
        page.keyboard.press(f"Shift+Digit{layout}")
        box = page.locator(".wall").bounding_box()
        assert page.evaluate(
            "document.querySelector('.wall').scrollHeight <= document.querySelector('.wall').clientHeight"
        )
        assert (box["width"], box["y"]) == (1366, 0)
    page.keyboard.press("/")  # a search that nobody sees would be typed into nothing
    assert page.get_by_label("Camera number or place").is_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Close 128").click()
    assert "Type a camera’s number" in tile(page, 2).inner_text()


def test_another_person_at_the_same_browser_has_panels_of_his_own(page_as: Any) -> None:
    page = page_as("dev")
    page.goto("/watch/?layout=1&tiles=")
    page.keyboard.press("n")
    names = page.evaluate("Object.entries(localStorage).map((one) => one.join(' '))")
    user = page.evaluate("JSON.parse(document.getElementById('watch-data').textContent).user")
    assert names == [f"overt.folded.{user} right"]


def test_f_fills_the_screen_and_gives_it_back(page_as: Any) -> None:
    page = page_as("dev")
    page.goto("/watch/?layout=4&tiles=")
    page.keyboard.press("f")
    until(page, "document.fullscreenElement === document.documentElement")
    assert page.get_by_role("button", name="Full screen").get_attribute("aria-pressed") == "true"
    page.keyboard.press("f")
    until(page, "document.fullscreenElement === null")
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").get_by_text("full screen, and back").is_visible()
