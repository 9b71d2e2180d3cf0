"""Kept over years: stopped and started, copied away and brought back, and reached through a proxy."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable

import httpx
import pytest

from journeys.conftest import CAMERA_PASSWORD, CAMERA_USER, MANAGER, PASSWORD
from journeys.installation import Installation, SimulatedCameras, run, until
from journeys.visitor import Visitor

#: What a proxy on this machine sends on, when people open https://cctv.example.org/.
PROXIED = {"Host": "cctv.example.org", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def behind(install: Callable[..., Installation], simulated: SimulatedCameras) -> Installation:
    """Set up as docs/guide/running.md says for a reverse proxy, with one camera."""
    made = install(
        "proxied", OVERT_HOSTS="cctv.example.org", OVERT_ORIGINS="https://cctv.example.org", OVERT_HTTPS="yes",
        OVERT_TRUSTED_PROXIES="127.0.0.1",
    )  # fmt: skip
    made.start()
    words = ["--name", "High Street", "--town", "Market Town", "--partner", "Marketon", "--new-places"]
    done = made.overt("camera", "add", "127", simulated.url("cam1"), *words, "--user", CAMERA_USER,
                      OVERT_CAMERA_PASSWORD=CAMERA_PASSWORD)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return made


def seen_through_the_proxy(address: str, origin: str) -> Visitor:
    """A browser at https://cctv.example.org/ that also sends back what is for HTTPS alone; the hop is played here."""
    browser = Visitor(address, headers=PROXIED | {"Origin": origin})
    browser.event_hooks["request"] = [
        lambda request: request.headers.update(
            {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar)}
        )
    ]
    return browser


def test_through_a_proxy_the_printed_address_works_and_the_true_address_is_written(behind: Installation) -> None:
    printed = behind.first_run_address()
    assert printed.startswith("https://cctv.example.org/first-run/?token=")
    path = printed.removeprefix("https://cctv.example.org")
    with seen_through_the_proxy(behind.address, "https://cctv.example.org") as browser:
        made = browser.submit(path, **MANAGER, password=PASSWORD, again=PASSWORD)
        assert made.status_code == 302, made.text
        assert all("Secure" in value for value in made.headers.get_list("set-cookie"))
    with seen_through_the_proxy(behind.address, "https://evil.example.org") as stranger:
        assert stranger.submit("/sign-in/", username="elin", password=PASSWORD).status_code == 403
    assert httpx.get(f"{behind.address}/sign-in/", headers={"Host": "evil.example.org"}).status_code == 400


def test_a_copy_of_the_folder_is_the_whole_installation(
    behind: Installation, install: Callable[..., Installation]
) -> None:
    until(lambda: behind.overt_json("camera", "list")[0]["state"] == "recording", seconds=40)
    kept = behind.overt("logbook", "checkpoint", "--out", str(behind.data.parent / "kept.txt"))
    assert kept.returncode == 0, kept.stderr
    assert behind.stop() == 0
    copied = install("restored")
    shutil.copytree(behind.data, copied.data)
    copied.start()
    with Visitor(copied.address) as visitor:
        assert visitor.sign_in("elin", PASSWORD).status_code == 302
    until(lambda: copied.overt_json("camera", "list")[0]["state"] == "recording", seconds=40)
    since = copied.overt("logbook", "since", str(behind.data.parent / "kept.txt"))
    assert since.returncode == 0, since.stdout
    checked = copied.footage("check", "--level", "hash", "--json")
    assert json.loads(checked.stdout)["ok"], checked.stdout
    spans = json.loads(copied.footage("spans", "127 High Street", "--json").stdout)
    assert "node-stopped" in {gap["cause"] for gap in spans["gaps"]}


def test_a_footage_folder_whose_disk_is_not_there_stops_the_recorder_alone(
    behind: Installation,
) -> None:
    """The folder is empty, as when a disk was not mounted: nothing is recorded beside it, and it says so."""
    assert behind.process
    if behind.process.poll() is None:
        behind.stop()
    away = behind.data / "footage"
    away.rename(behind.data / "elsewhere")
    away.mkdir()
    behind.start()
    until(lambda: "Is the disk mounted?" in behind.said, seconds=30, says=lambda: behind.said[-800:])
    status = behind.overt("status")
    assert status.returncode == 1
    assert re.search(r"node +NOT WELL .*Is the disk mounted\?", status.stdout), status.stdout
    with seen_through_the_proxy(behind.address, "https://cctv.example.org") as browser:
        assert browser.sign_in("elin", PASSWORD).status_code == 302
        for path in ("/", "/cameras/", "/cameras/127/", "/watch/", "/exhibits/holds/"):
            assert browser.get(path).status_code == 200, path
    figures = httpx.get(f"{behind.address}/metrics", headers={"Host": "cctv.example.org"})
    assert 'overt_ready{check="node"} 0.0' in figures.text
    away.rmdir()  # nothing was put where the disk belongs
    (behind.data / "elsewhere").rename(away)
    until(lambda: behind.overt_json("camera", "list")[0]["state"] == "recording", seconds=40)


def test_the_demo_is_not_built_over_a_real_installation(behind: Installation) -> None:
    done = run("overt.cli", "demo", "--data", str(behind.data), "--listen", "127.0.0.1:1")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
