"""Sound as the people of a scheme meet it: asked for, approved, said on the wall, and heard in review."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

pytestmark = [pytest.mark.browser]

#: The element that plays sound stands in no page, so it is caught where it is made.
CATCH = "window.heard = []; window.Audio = class extends window.Audio { constructor() { super(); window.heard.push(this) } }"
HEARD = "window.heard.map(one => [one.currentTime, one.webkitAudioDecodedByteCount, one.paused])"


@pytest.fixture(scope="module")
def manager_and_approver(stack: Any) -> tuple[str, str]:
    """Who of the demo asks, and who approves."""
    return "elin", "gwen"


def until(what: Callable[[], object], seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends, "it never came true"
        time.sleep(0.2)


def test_sound_is_switched_on_by_two_said_on_the_wall_and_heard_in_review(
    page_as: Any, stack: Any, manager_and_approver: tuple[str, str]
) -> None:
    asker, approver = manager_and_approver
    manager = page_as(asker)
    manager.goto("/cameras/127/")
    manager.get_by_role("link", name="Ask for sound").click()
    manager.get_by_label("Why sound is necessary").fill("Threats are shouted at night")
    manager.get_by_label("Case").fill("41/2026")
    manager.get_by_label("End").fill(f"{timezone.localtime() + timedelta(days=2):%Y-%m-%dT%H:%M}")
    manager.get_by_role("button", name="Ask").click()
    assert "nobody has decided yet" in manager.locator("main").inner_text()

    other = page_as(approver)
    other.goto("/cameras/127/")
    other.get_by_role("link", name="Decide on it").click()
    other.get_by_label("Approve").check()
    other.get_by_label("Reason").fill("Pictures do not tell who threatens whom")
    other.get_by_role("button", name="Decide").click()
    assert "for case 41/2026" in other.locator("main").inner_text()

    wall = page_as("asha")
    wall.goto("/watch/?layout=4&tiles=127,128")
    sign = wall.locator(".tile .sounding:visible")
    until(lambda: sign.count() == 1)
    assert sign.locator("xpath=..").locator(".number").inner_text() == "127"
    time.sleep(14)

    page = page_as("dev")
    page.add_init_script(CATCH)
    page.goto("/review/?cameras=127,128&new=1")
    page.get_by_label("Why do you need to look?").fill("Incident 4417, threats in High Street")
    clock = page.evaluate("new Date(Date.now()-12000).toLocaleTimeString('en-GB',{timeZone:'Europe/London'})")
    day = page.evaluate("new Date(Date.now()-12000).toLocaleDateString('en-CA',{timeZone:'Europe/London'})")
    page.get_by_label("Date").fill(day)  # the form begins some minutes ago: after midnight, yesterday
    page.get_by_label("Time").fill(clock)
    page.get_by_label("Nobody else can see the screen").check()
    page.get_by_role("button", name="Open recordings").click()
    until(lambda: page.evaluate("[...document.querySelectorAll('.tile video')].every(one => one.readyState >= 2)"))
    assert page.evaluate("window.heard.length") == 0, "silent until somebody asks"
    page.get_by_role("button", name="Sound: off").click()
    page.keyboard.press("k")
    until(lambda: page.evaluate(HEARD)[-1][1] > 1000)
    (before, _, paused), began = page.evaluate(HEARD)[-1], time.monotonic()
    page.wait_for_timeout(1500)
    (after, _, _), took = page.evaluate(HEARD)[-1], time.monotonic() - began
    assert not paused
    assert abs((after - before) - took) < 0.5, "heard at the speed of time"
    pictures = page.evaluate("document.querySelector('.tile video').currentTime")
    assert abs(pictures - page.evaluate(HEARD)[-1][0]) < 0.3, "and in step with its pictures"

    page.get_by_role("button", name="Sound: on").click()
    assert page.evaluate(HEARD)[-1][2], "silent again"

    manager.goto("/cameras/127/")
    manager.get_by_role("link", name="Switch it off now").click()
    manager.get_by_label("Reason").fill("The man was arrested")
    manager.get_by_role("button", name="Switch off").click()
    assert "Ask for sound" in manager.locator("main").inner_text()
    until(lambda: sign.count() == 0)
