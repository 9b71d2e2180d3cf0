"""VERIFY.html and README.html as their reader has them: a copy on a disk, opened from it, no network."""

from __future__ import annotations

import io
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

from evidence.making import cut_clip, flip, make_bag, run_verify
from evidence.test_bag import leave
from overt.evidence.bag import verify
from playback.making import number_of

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium here")]


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bag") / "JD-7"
    make_bag(folder, clip=lambda bag: cut_clip(bag, with_gap=True))
    return folder


@pytest.fixture
def copy(sealed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed, tmp_path / "JD-7"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        arguments = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"]
        running = play.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield running
        running.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(offline=True, viewport={"width": 1366, "height": 768})
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert troubles == []


def until(page: Any, condition: str, seconds: float = 30) -> None:
    """Wait for something to be true on the page; its own policy forbids what playwright's waiting would evaluate."""
    end = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(40)


def check(page: Any, folder: Path, key: str = "") -> dict[str, Any]:
    """Give the folder to VERIFY.html, and return what it makes of it."""
    page.goto((folder / "VERIFY.html").as_uri())
    if key:
        page.get_by_label("Key fingerprint").fill(key)
    page.locator("#folder").set_input_files(str(folder))
    until(page, "!!window.overtReport")
    report: dict[str, Any] = page.evaluate("window.overtReport")
    return report


def test_what_a_desktop_leaves_is_told_apart_from_the_exhibit(page: Any, copy: Path) -> None:
    left = leave(copy)
    (copy / "data/master/._other.mp4").write_bytes(b"no AppleDouble")
    report = check(page, copy)
    assert [(one["code"], one["path"]) for one in report["findings"]] == [("added", "data/master/._other.mp4")]
    (copy / "data/master/._other.mp4").unlink()
    report = check(page, copy)
    assert (report["exit"], report["findings"], report["besides"]) == (0, [], left)
    assert "with files in its folder that are not part of it" in page.locator("#result").inner_text()
    assert page.locator(".besides li").all_inner_texts() == left


def test_an_untouched_exhibit_is_good_and_the_page_says_what_is_not_proven(page: Any, copy: Path) -> None:
    report = check(page, copy)
    assert (report["exit"], report["findings"]) == (0, [])
    assert page.get_by_role("heading", name="Nothing was altered").is_visible()
    assert page.get_by_text("two good signatures").is_visible()
    assert page.get_by_text("There is no time stamp of an independent authority").is_visible()
    assert page.get_by_text("Nothing recorded: the camera could not be reached").is_visible()
    own = run_verify(copy)[1]
    assert report["key"] == own["key"]
    assert report["logbook"]["proven"] == own["logbook"]["proven"] == 2


@pytest.mark.parametrize(
    "name",
    [
        "data/README.html",
        "manifest-sha512.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha512.txt",
        "tagmanifest-sha256.txt",
        "metadata/exhibit.json",
        "metadata/proofs/000000002.tlog-proof",
        "signatures/ed25519.pem",
        verify.ED_SIG,
        verify.EC_SIG,
        verify.SIGNATURE_SUMS,
    ],
)
def test_a_flipped_bit_is_found_and_named_as_verify_py_does(page: Any, copy: Path, name: str) -> None:
    flip(copy / name, (copy / name).stat().st_size // 2, 2)
    report = check(page, copy)
    assert report["exit"] == 1
    assert {found["path"] for found in report["findings"]} == {name}, report["findings"]
    assert page.get_by_role("heading", name="This is not as it was sealed").is_visible()
    assert run_verify(copy)[1]["answer"] == "altered"


def test_a_flipped_bit_in_the_recording_is_placed_like_verify_py_places_it(page: Any, copy: Path) -> None:
    master = next((copy / "data/master").iterdir())
    flip(master, master.stat().st_size // 3, 6)
    [found] = check(page, copy)["findings"]
    [theirs] = run_verify(copy)[1]["findings"]
    assert found == theirs
    assert page.get_by_text("bit 6 of byte").is_visible()


def test_both_copies_altered_are_placed_by_chunk(page: Any, copy: Path) -> None:
    name = next((copy / "data/master").iterdir()).name
    for folder in ("master", "working"):
        flip(copy / "data" / folder / name, 9_999, 1)
    assert check(page, copy)["findings"] == run_verify(copy)[1]["findings"]


def test_missing_and_added_files_are_named(page: Any, copy: Path) -> None:
    (copy / "metadata/chunks.sha256").unlink()
    (copy / "data/working/more.mp4").write_bytes(b"more")
    found = {(one["code"], one["path"]) for one in check(page, copy)["findings"]}
    assert found == {("missing", "metadata/chunks.sha256"), ("added", "data/working/more.mp4")}


def test_the_right_key_and_another_key_are_told_apart(page: Any, copy: Path) -> None:
    own = run_verify(copy)[1]["key"]["ed25519"]
    assert check(page, copy, key=own.replace(" ", ":"))["key"]["answer"] == "trusted"
    report = check(page, copy, key="0" * 64)
    assert (report["exit"], report["answer"]) == (4, "key-wrong")
    assert page.get_by_role("heading", name="Another key signed this").is_visible()


def test_a_folder_that_is_no_exhibit_is_refused_in_words(page: Any, copy: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "picture.txt").write_text("nothing")
    page.goto((copy / "VERIFY.html").as_uri())
    page.locator("#folder").set_input_files(str(tmp_path / "other"))
    assert page.get_by_role("heading", name="This cannot be checked").is_visible()


def test_readme_plays_the_recording_with_its_true_time_frame_by_frame(page: Any, copy: Path) -> None:
    page.goto((copy / "data/README.html").as_uri())
    until(page, "document.querySelector('video').readyState >= 2")
    clock = page.locator("#now")
    until(page, "document.querySelector('#now').textContent.includes('frame 1 of')")
    assert "09:00:30.000 GMT" in clock.inner_text()
    for _ in range(27):
        page.keyboard.press(".")
    until(page, "!document.querySelector('video').seeking")
    assert "09:00:31.080 GMT" in clock.inner_text()
    assert "frame 28 of" in clock.inner_text()
    assert shows(page, 27), "the picture on the screen is the one the clock names"
    page.keyboard.press(",")
    until(page, "!document.querySelector('video').seeking")
    assert shows(page, 26)
    assert page.get_by_role("cell", name="Nothing recorded: the camera could not be reached").is_visible()


def test_with_sound_before_the_first_picture_the_clock_still_names_the_picture(page: Any, tmp_path: Path) -> None:
    make_bag(tmp_path / "JD-7", clip=lambda bag: cut_clip(bag, sound=True))
    page.goto((tmp_path / "JD-7/data/README.html").as_uri())
    until(page, "document.querySelector('video').readyState >= 2")
    until(page, "document.querySelector('#now').textContent.includes('frame 1 of')")
    assert shows(page, 0)
    for _ in range(27):
        page.keyboard.press(".")
    until(page, "!document.querySelector('video').seeking")
    assert "09:00:31.080 GMT" in page.locator("#now").inner_text()
    assert shows(page, 27)
    page.evaluate("document.querySelector('video').play()")
    until(page, "document.querySelector('video').webkitAudioDecodedByteCount > 500", 10)


def shows(page: Any, number: int) -> bool:
    """Whether this picture comes to the screen; a busy machine paints a little after the seek is done."""
    end = time.monotonic() + 10
    while (found := number_shown(page)) != number and time.monotonic() < end:
        pass
    return found == number


def number_shown(page: Any) -> int:
    """The number of the picture on the screen, read from its twelve blocks."""
    page.wait_for_timeout(200)
    shot = PIL.Image.open(io.BytesIO(page.locator("video").screenshot())).convert("L")
    width = shot.height * 16 // 9  # the recording is 16:9, with black beside it
    left = (shot.width - width) // 2
    return number_of(np.asarray(shot.crop((left, 0, left + width, shot.height))))
