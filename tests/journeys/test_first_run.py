"""The first day: the printed address, the first person, the others and their roles, the first camera."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from journeys.conftest import CAMERA_PASSWORD, CAMERA_USER, PASSWORD, sign_in
from journeys.installation import Installation, SimulatedCameras, until
from journeys.visitor import Visitor

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def fresh(install: Callable[..., Installation]) -> Installation:
    installation = install("first")
    installation.start()
    return installation


def add_person(page: Any, username: str, full_name: str, role: str) -> str:
    """As the manager does it on the page; the one-time link."""
    page.goto("/people/")
    page.get_by_role("link", name=re.compile("Add a person")).or_(
        page.get_by_role("button", name=re.compile("Add a person"))
    ).first.click()
    page.get_by_label("Full name").fill(full_name)
    page.get_by_label("Sign-in name").fill(username)
    page.locator("main form button").click()
    link = str(page.locator("#one-time-link").inner_text())
    page.get_by_role("link", name=f"Go on to {full_name}").click()
    page.get_by_role("button", name="Give a role").click()
    page.get_by_label("Role").select_option(label=role)
    page.get_by_label("Reason").fill("Appointed in November")
    page.locator("main form button").click()
    page.get_by_text(f"{full_name} has the role of {role.lower()}").wait_for()
    return link


def test_a_first_day_from_the_printed_address_to_the_first_camera(
    fresh: Installation, simulated: SimulatedCameras, browse: Callable[..., Any]
) -> None:
    printed = fresh.first_run_address()
    assert fresh.said.count("/first-run/?token=") == 1
    assert httpx.get(f"{fresh.address}/first-run/?token=guess").status_code in (403, 404)

    page = browse(fresh.address)
    page.goto("/")
    assert "Nobody can sign in yet" in page.inner_text("main")
    page.goto(printed)
    page.get_by_label("Full name").fill("Elin Ward")
    page.get_by_label("Sign-in name").fill("elin")
    page.get_by_label("New password", exact=True).fill("password1234")
    page.get_by_label("New password, again").fill("password1234")
    page.get_by_role("button", name="Make this person").click()
    assert "too common" in page.inner_text("main")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password, again").fill(PASSWORD)
    page.get_by_role("button", name="Make this person").click()
    page.wait_for_url("**/")
    assert "Manager" in page.inner_text("body")

    assert httpx.get(printed).status_code in (403, 404), "the address works once"
    for name, password in (("admin", "admin"), ("root", "root"), ("elin", "elin"), ("asha", PASSWORD)):
        with Visitor(fresh.address) as stranger:
            assert "do not go together" in stranger.sign_in(name, password).text

    links = {}
    for username, full_name, role in (
        ("asha", "Asha Patel", "Operator"), ("dev", "Dev Chandra", "Supervisor"), ("cerys", "Cerys Morgan", "Inspector")
    ):  # fmt: skip
        links[username] = add_person(page, username, full_name, role)
    asha = browse(fresh.address)
    asha.goto(links["asha"])
    asha.get_by_label("New password", exact=True).fill(PASSWORD)
    asha.get_by_label("New password, again").fill(PASSWORD)
    asha.locator("main form button").first.click()
    asha.get_by_text("Your password is set. Sign in with it.").wait_for()
    sign_in(asha, "asha", PASSWORD)
    asha.goto("/")
    assert "Operator" in asha.inner_text("body")
    asha.goto("/people/")
    assert "Add a person" not in asha.inner_text("main")

    page.goto("/cameras/add/")
    page.get_by_role("link", name="Add a partner").click()
    page.get_by_label("Name").fill("Borough of Marketon")
    page.get_by_role("button", name="Add partner").click()
    page.goto("/estate/towns/")
    page.get_by_label("Name").fill("Market Town")
    page.get_by_label("Partner").select_option(label="Borough of Marketon")
    page.get_by_role("button", name="Add town").click()
    page.goto("/cameras/add/")
    page.get_by_label("Number").fill("127")
    page.get_by_label("Name", exact=True).fill("High Street north")
    page.get_by_label("Town", exact=True).select_option(label="Market Town")
    page.get_by_label("Stream address").fill("http://127.0.0.1/stream")
    page.get_by_label("Camera's user name").fill(CAMERA_USER)
    page.get_by_label("Camera's password").fill(CAMERA_PASSWORD)
    page.get_by_role("button", name="Add camera").click()
    assert "begins with rtsp:// or rtsps://" in page.inner_text("main")
    page.get_by_label("Stream address").fill(simulated.url("cam2"))
    page.get_by_label("Camera's password").fill(CAMERA_PASSWORD)
    page.get_by_role("button", name="Add camera").click()
    page.wait_for_url("**/cameras/127/")
    page.get_by_role("button", name="Check it now").click()
    words = page.get_by_role("alert").inner_text()
    assert re.search(r"Connects; H\.264 640x360 25 fps; clock [a-z0-9. ]+; \d\.\d Mbit/s", words), words
    assert CAMERA_PASSWORD not in page.content()

    listed = fresh.overt_json("camera", "list")
    assert [(one["number"], one["name"], one["town"]) for one in listed] == [
        ("127", "High Street north", "Market Town")
    ]
    until(lambda: fresh.overt_json("camera", "list")[0]["state"] == "recording")
    status = fresh.overt("status", "--json")
    assert status.returncode == 0, status.stdout + status.stderr
    assert '"1 of 1 cameras recording"' in status.stdout


def test_at_the_next_start_no_address_is_printed_and_everybody_is_still_there(fresh: Installation) -> None:
    before = fresh.said.count("/first-run/?token=")
    assert fresh.stop() == 0
    assert "Traceback" not in fresh.said
    fresh.start()
    assert fresh.said.count("/first-run/?token=") == before
    done = fresh.overt("logbook", "verify")
    assert done.returncode == 0, done.stdout
