"""Every page, as every kind of person: nothing for axe to find, no script error, works without script."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser]

PAGES = {
    "elin": [
        "/",
        "/cameras/",
        "/cameras/127/",
        "/cameras/add/",
        "/people/",
        "/exhibits/",
        "/exhibits/holds/",
        "/exhibits/mark/",
        "/exhibits/register/",
        "/exhibits/places/",
        "/exhibits/places/add/",
        "/exhibits/stills/",
        "/exhibits/stills/take/?camera=127",
        "/account/",
        "/policy/",
        "/policy/versions/1/",
        "/policy/published/bassetlaw/",
        "/policy/published/bassetlaw/findings/",
        "/policy/compare/?a=hertfordshire&b=bassetlaw",
        "/policy/history/",
        "/policy/draft/",
        "/clocks/",
        "/clocks/?kind=subject-access&received=2026-03-10&asked=2026-03-12&answered=2026-03-20",
        "/clocks/?kind=breach&received=2026-10-25&at=01:30&hour=first",
        "/clocks/held/",
        "/clocks/holidays/",
        "/clocks/?kind=foi&received=2026-11-09&nation=england-and-wales",
    ],
    "dev": [
        "/",
        "/watch/",
        "/review/?cameras=127",
        "/review/register/",
        "/review/supervised/",
        "/review/supervised/allow/",
        "/logbook/",
        "/logbook/entries/1/",
        "/logbook/entries/1/correct/",
        "/logbook/breaches/",
        "/logbook/breaches/report/",
        "/roles/",
        "/exhibits/",
        "/cameras/",
    ],
    "farah": ["/", "/people/", "/roles/confirm/"],
    "asha": ["/", "/watch/?layout=1", "/watch/?layout=9", "/review/", "/exhibits/"],
    "cerys": ["/", "/watch/", "/logbook/", "/exhibits/"],
    "kit": ["/", "/logbook/", "/cameras/"],
    "hari": ["/", "/review/", "/logbook/"],
    "iris": ["/", "/cameras/"],
}


@pytest.mark.parametrize("username", PAGES)
def test_axe_finds_nothing_on_the_pages_of(username: str, page_as: Any, axe: Any) -> None:
    page = page_as(username)
    found = {}
    for address in PAGES[username]:
        answer = page.goto(address)
        if "/watch/" in address:
            page.wait_for_timeout(1000)
        if answer.status != 200:
            found[address] = [f"answered {answer.status}"]
        elif wrong := axe(page):
            found[address] = wrong
    assert found == {}


def test_axe_finds_nothing_on_what_a_stranger_sees(page_as: Any, axe: Any) -> None:
    page = page_as(None)
    for address in ("/sign-in/", "/nothing-here/"):
        page.goto(address)
        assert axe(page) == [], address


def test_axe_finds_nothing_on_a_form_with_errors(page_as: Any, axe: Any) -> None:
    page = page_as("asha")
    page.goto("/review/?cameras=127")
    page.get_by_role("button", name="Open recordings").click()
    summary = page.get_by_role("alert")
    assert "Say why you need to look at recordings" in summary.inner_text()
    assert page.title().startswith("Error: ")
    assert axe(page) == []


def test_pages_are_read_and_forms_sent_without_script(page_as: Any) -> None:
    page = page_as("asha", script=False)
    page.goto("/review/?cameras=127")
    page.get_by_label("Why do you need to look?").fill("Incident 4417")
    page.get_by_label("Nobody else can see the screen").check()
    page.get_by_role("button", name="Open recordings").click()
    assert "cameras=127" in page.url
    page.goto("/")
    assert page.get_by_role("link", name="Go back to your review").is_visible()


def test_the_first_stop_of_the_keyboard_leads_past_the_navigation(page_as: Any) -> None:
    page = page_as("dev")
    page.goto("/logbook/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_nothing_scrolls_sideways_on_a_narrow_window(page_as: Any) -> None:
    page = page_as("dev", width=360, height=740)
    for address in ("/", "/review/?cameras=127", "/exhibits/", "/cameras/", "/logbook/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), address
