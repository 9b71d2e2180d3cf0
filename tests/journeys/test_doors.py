"""The doors for scripts: health, figures, and what the demo writes about itself."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from journeys.conftest import Scheme
from journeys.installation import Installation, until
from journeys.visitor import TRUST, Visitor

ELSEWHERE = {"X-Forwarded-For": "203.0.113.9"}


def test_alive_and_ready_are_said_to_everybody_and_why_only_to_this_machine(scheme: Scheme) -> None:
    scheme.wait_for_state("127", "recording", seconds=60)
    here = httpx.Client(base_url=scheme.installation.address)
    assert here.get("/healthz").text == "ok\n"
    ready = here.get("/readyz")
    assert ready.status_code == 200, ready.text
    checks = ready.json()["checks"]
    assert set(checks) == {"database", "node", "disk", "logbook"}
    assert all(check["ok"] and check["detail"] for check in checks.values())


def test_figures_are_for_this_machine(scheme: Scheme) -> None:
    figures = httpx.get(f"{scheme.installation.address}/metrics")
    assert figures.status_code == 200
    assert 'overt_ready{check="node"} 1.0' in figures.text
    assert len(re.findall(r"^overt_camera_recording\{camera=.*\} 1\.0$", figures.text, re.MULTILINE)) >= 1
    proxied = httpx.get(f"{scheme.installation.address}/metrics", headers=ELSEWHERE)
    assert proxied.status_code == 403, "a proxy passed it on, and none is named in the settings"


@pytest.fixture(scope="module")
def demo(install: Callable[..., Installation], films: list[Path]) -> Installation:
    """A demo of the given film, behind a proxy on this machine, with a token for figures."""
    proxied = {"OVERT_TRUSTED_PROXIES": "127.0.0.1", "OVERT_METRICS_TOKEN": "figures-please-7"}
    made = install("demo", str(films[0]), program="demo", **proxied)
    made.start()
    return made


@pytest.fixture
def note(demo: Installation) -> Any:
    return json.loads((demo.data / "demo.json").read_text(encoding="utf-8"))


def test_from_elsewhere_figures_need_the_token_and_readiness_has_no_details(demo: Installation) -> None:
    until(lambda: httpx.get(f"{demo.address}/readyz", verify=TRUST).status_code == 200, seconds=40)
    elsewhere = httpx.Client(base_url=demo.address, headers=ELSEWHERE)
    assert elsewhere.get("/metrics").status_code == 403
    assert elsewhere.get("/metrics").json()["code"] == "metrics-refused"
    assert elsewhere.get("/metrics", headers={"Authorization": "Bearer guess"}).status_code == 403
    assert elsewhere.get("/metrics", headers={"Authorization": "Bearer figures-please-7"}).status_code == 200
    assert elsewhere.get("/readyz").json()["checks"] == {
        "database": True, "node": True, "disk": True, "logbook": True
    }  # fmt: skip
    assert httpx.get(f"{demo.address}/metrics").status_code == 200, "from this machine without one"


def test_the_demo_writes_down_how_to_get_in_for_its_owner_alone(demo: Installation, note: Any) -> None:
    assert stat.S_IMODE((demo.data / "demo.json").stat().st_mode) == 0o600
    assert note["address"] == demo.address
    assert [camera["number"] for camera in note["cameras"]] == ["127", "128", "129", "201", "202", "R2"]
    assert all(camera["stream"].startswith("rtsp://127.0.0.1:") for camera in note["cameras"])
    roles = {person["role"] for person in note["people"]}
    assert roles == {
        "manager", "operator", "supervisor", "owner_nominee", "data_controller", "data_protection_officer",
        "inspector", "engineer", "police_reviewer", "auditor",
    }  # fmt: skip
    for line in (demo.address, note["people"][0]["password"], "asha", "operator"):
        assert line in demo.said, "it is printed as well"


def test_every_sign_in_and_every_token_of_the_demo_works(demo: Installation, note: Any) -> None:
    numbers = {}
    for person in note["people"]:
        bearer = {"Authorization": f"Bearer {person['token']}"}
        answer = httpx.get(f"{demo.address}/api/v1/cameras", headers=bearer, verify=TRUST)
        assert answer.status_code == 200, (person["username"], answer.text)
        numbers[person["username"]] = [camera["number"] for camera in answer.json()]
    assert len(numbers["asha"]) == 6
    assert numbers["bryn"] == ["201", "202"], "the other partner's operator knows of his own alone"
    for person in (note["people"][0], note["people"][-1]):
        assert Visitor(demo.address).sign_in(person["username"], person["password"]).status_code == 302


def test_a_second_start_of_the_demo_keeps_its_people_and_takes_new_ports(demo: Installation, note: Any) -> None:
    assert demo.stop() == 0
    assert "Traceback" not in demo.said
    demo.start()
    again = json.loads((demo.data / "demo.json").read_text(encoding="utf-8"))
    assert again["people"] == note["people"]
    until(lambda: httpx.get(f"{demo.address}/readyz", verify=TRUST).status_code == 200, seconds=40)
    bearer = {"Authorization": f"Bearer {again['people'][1]['token']}"}

    def all_recorded() -> bool:
        cameras = httpx.get(f"{demo.address}/api/v1/cameras", headers=bearer, verify=TRUST).json()
        return all(camera["state"] == "recording" for camera in cameras)

    until(all_recorded, seconds=40)


def test_a_film_that_is_not_there_stops_the_demo(tmp_path: Path) -> None:
    from journeys.installation import run

    done = run("overt.cli", "demo", "--data", str(tmp_path / "d"), "no-such-film.mp4")
    assert done.returncode == 2
    assert "No such video: no-such-film.mp4" in done.stderr
    (tmp_path / "notes.txt").write_text("not a film")
    done = run("overt.cli", "demo", "--data", str(tmp_path / "d"), str(tmp_path / "notes.txt"))
    assert done.returncode == 2
    assert "notes.txt" in done.stderr
    assert "Traceback" not in done.stderr
