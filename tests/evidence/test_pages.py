"""The doors of the evidence room: pages without script, the island's JSON, the API, the commands."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from evidence.making import flip, make_bag, run_verify
from evidence.test_sealing import collected, seal
from footage.contract import Gap, GapCause
from footage.times import utc_text
from overt.access.rules import Role
from overt.cli import main
from overt.evidence.exhibits.folders import bag_folder
from overt.evidence.models import Exhibit, Hold
from overt.jobs.queue import run_waiting
from overt.logbook.models import Entry
from playback.making import BEGIN, HZ, Recorded
from world import World, give_role

ClientAs = Callable[..., Client]
Footage = dict[str, Recorded]


def post_json(browser: Client, address: str, body: object) -> tuple[int, dict]:
    answer = browser.post(
        address, json.dumps(body), content_type="application/json", headers={"Accept": "application/json"}
    )
    return answer.status_code, answer.json()


#: Footage of this day is past its period sooner or later; on a ground it is held whatever its age.
GROUND = {
    "ground": "case_history",
    "case_reference": "4417/26",
    "requester": "PC 4417 Hill",
    "review_on": "2999-01-01",
}
SPAN = {"camera": "127", "start": BEGIN + HZ, "end": BEGIN + 6 * HZ, **GROUND}


def test_the_reviewers_island_marks_seals_and_follows(client_as: ClientAs, world: World, footage: Footage) -> None:
    browser = client_as(world.asha)
    status, marked = post_json(browser, "/api/v1/marks", {**SPAN, "reason": "a fight"})
    assert status == 201
    assert marked["grounded"]
    clip = {
        "camera": "127",
        "start": utc_text(BEGIN + HZ),
        "end": utc_text(BEGIN + 6 * HZ),
        "hold_id": marked["hold_id"],
    }
    body = {"reference": "JD/7", "reason": "incident 4417", "clips": [clip]}
    status, answer = post_json(browser, "/api/v1/exhibits", body)
    told = {name: answer[name] for name in ("reference", "url", "state")}
    assert (status, told) == (202, {"reference": "JD-7", "url": "/exhibits/JD-7/", "state": "sealing"})
    assert [clip["gaps"] for clip in answer["clips"]] == [[]]
    assert browser.get("/api/v1/exhibits/JD-7/progress").json()["state"] == "sealing"
    run_waiting()
    assert browser.get("/api/v1/exhibits/JD-7/progress").json()["state"] == "sealed"
    status, problem = post_json(browser, "/api/v1/exhibits", body)
    assert (status, problem["code"]) == (409, "reference-used")


def test_the_answer_to_a_sealing_tells_of_each_clip_what_is_missing(
    client_as: ClientAs, world: World, footage: Footage
) -> None:
    lost = Gap(footage["129"].camera_id, BEGIN + 5 * HZ, BEGIN + 15 * HZ, GapCause.CAMERA_LOST, "no answer")
    footage["129"].catalogue.add_gap(lost)
    whole = {"camera": "127", "start": BEGIN + HZ, "end": BEGIN + 6 * HZ}
    across = {"camera": "129", "start": BEGIN + HZ, "end": BEGIN + 18 * HZ}
    body = {"reference": "JD-7", "reason": "incident 4417", "clips": [whole, across]}
    status, answer = post_json(client_as(world.asha), "/api/v1/exhibits", body)
    assert status == 202
    early, late = (clip["gaps"] for clip in answer["clips"])
    assert early == []
    assert late == [lost.as_json()]
    run_waiting()
    sealed = client_as(world.dev).get("/api/v1/exhibits/JD-7").json()
    assert [clip["gaps"] for clip in sealed["clips"]] == [early, late], "and it is what was found when it was cut"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({}, 201, None),
        ({"camera": "201"}, 404, "no-such-camera"),
        ({"camera": "999"}, 404, "no-such-camera"),
        ({"end": BEGIN}, 409, "bad-span"),
        ({"start": "yesterday"}, 422, "bad-time"),
        ({"start": "2026-11-01T09:00:31"}, 422, "bad-time"),
        ({"start": True}, 422, "bad-input"),
        ({"end": "2199-01-01T00:00:00Z"}, 409, "span-in-future"),
        ({"reason": ""}, 409, "reason-missing"),
        ({"ground": "curiosity"}, 409, "bad-ground"),
        ({"review_on": "tomorrow"}, 422, "bad-input"),
        ({"start": BEGIN - 60 * HZ, "end": BEGIN - 30 * HZ}, 409, "no-footage"),
    ],
)
def test_a_mark_is_taken_or_refused_with_its_code(
    client_as: ClientAs, world: World, footage: Footage, change: dict, status: int, code: str | None
) -> None:
    answered, body = post_json(client_as(world.asha), "/api/v1/marks", {**SPAN, "reason": "a fight", **change})
    assert (answered, body.get("code")) == (status, code)
    assert Hold.objects.count() == (1 if status == 201 else 0)


def test_somebody_without_the_role_may_neither_mark_nor_seal(
    client_as: ClientAs, world: World, footage: Footage
) -> None:
    browser = client_as(world.kit)
    assert post_json(browser, "/api/v1/marks", {**SPAN, "reason": "x"})[0] == 403
    assert post_json(browser, "/api/v1/exhibits", {"reference": "X-1", "reason": "x", "clips": [SPAN]})[0] == 403
    assert Exhibit.objects.count() == Hold.objects.count() == 0


def test_without_script_a_clip_is_held_and_sealed_in_local_time(
    client_as: ClientAs, world: World, footage: Footage
) -> None:
    browser = client_as(world.asha)
    said = {"camera": "127", "start": "2026-11-01 09:00:31", "end": "2026-11-01 09:00:35", "reason": "a fight"}
    said |= GROUND
    assert browser.get("/exhibits/mark/").status_code == 200
    assert browser.post("/exhibits/mark/", said).status_code == 302
    assert Hold.objects.get().start_90k == BEGIN + HZ
    page = browser.get("/exhibits/holds/").content.decode()
    assert "09:00:31 to 09:00:35 GMT" in page
    wrong = browser.post("/exhibits/seal/", {**said, "reference": "no reference!"})
    assert wrong.status_code == 422
    assert "letters, digits and single hyphens" in wrong.content.decode()
    assert browser.post("/exhibits/seal/", {**said, "reference": "AP-1"})["Location"] == "/exhibits/AP-1/"
    assert "Being sealed" in browser.get("/exhibits/AP-1/").content.decode()


def test_the_autumn_hour_asks_which_is_meant(client_as: ClientAs, world: World, footage: Footage) -> None:
    said = {"camera": "127", "start": "2026-10-25 01:30:00", "end": "2026-10-25 01:40:00", "reason": "x"}
    page = client_as(world.asha).post("/exhibits/mark/", said)
    assert page.status_code == 422
    assert "The clocks change" in page.content.decode()


def test_an_hour_that_spring_skips_is_told_so_and_the_hour_after_it_is_taken(
    client_as: ClientAs, world: World, footage: Footage
) -> None:
    said = {"camera": "127", "start": "2026-03-29 01:30:00", "end": "2026-03-29 01:40:00", "reason": "x"}
    page = client_as(world.asha).post("/exhibits/mark/", said)
    assert page.status_code == 422
    assert (
        "01:30 does not exist on 29 March 2026: the clocks go forward from 01:00 to 02:00. Did you mean 02:30 BST?"
        in page.content.decode()
    )
    later = {"start": "2026-03-29 02:30:00", "end": "2026-03-29 02:40:00"}
    page = client_as(world.asha).post("/exhibits/mark/", said | later)
    assert "does not exist" not in page.content.decode()


def test_the_api_takes_no_time_without_its_offset(client_as: ClientAs, world: World, footage: Footage) -> None:
    said = {"camera": "127", "start": "2026-03-29T01:30:00", "end": "2026-03-29T01:40:00", "reason": "x"} | GROUND
    answer = client_as(world.asha).post("/api/v1/holds", json.dumps(said), content_type="application/json")
    assert answer.status_code == 422
    assert "start: give a time with its offset" in answer.json()["detail"]


def test_the_story_tells_where_what_and_who(client_as: ClientAs, world: World, footage: Footage) -> None:
    seal(world.asha)
    page = client_as(world.dev).get("/exhibits/JD-7/").content.decode()
    for words in (
        "127 High Street North",
        "incident 4417",
        "by Asha Patel",
        "Download the sealed bag",
        "JD-7 working copy",
    ):
        assert words in page
    assert "Download the sealed bag" not in client_as(world.asha).get("/exhibits/JD-7/").content.decode()


def test_the_register_is_filtered(client_as: ClientAs, world: World, footage: Footage) -> None:
    seal(world.asha, "JD-7")
    seal(world.asha, "JD-8", reason="a theft")
    browser = client_as(world.dev)
    assert "JD-8" in browser.get("/exhibits/", {"q": "theft"}).content.decode()
    assert "JD-7" not in browser.get("/exhibits/", {"q": "theft"}).content.decode()
    assert "No exhibit fits" in browser.get("/exhibits/", {"state": "failed"}).content.decode()


def test_a_hold_is_released_by_its_maker_or_a_supervisor_and_nobody_else(
    client_as: ClientAs, world: World, footage: Footage
) -> None:
    def held() -> str:
        status, answer = post_json(client_as(world.asha), "/api/v1/marks", {**SPAN, "reason": "a fight"})
        assert status == 201
        return str(answer["hold_id"])

    address, reason = f"/api/v1/holds/{held()}/release", {"reason": "not needed"}
    assert post_json(client_as(world.bryn), address, reason)[0] == 404
    assert post_json(client_as(world.jo), address, reason)[0] == 403
    assert post_json(client_as(world.asha), address, {"reason": ""})[1]["code"] == "reason-missing"
    assert post_json(client_as(world.asha), address, reason)[0] == 200
    assert post_json(client_as(world.asha), address, reason)[1]["code"] == "wrong-state"
    assert client_as(world.dev).post(f"/exhibits/holds/{held()}/release/", reason).status_code == 302


def test_the_api_seals_answers_and_hands_out_the_bag(
    client_as: ClientAs, world: World, footage: Footage, tmp_path: Path
) -> None:
    browser = client_as(world.dev)
    clip = {"camera": "127", "start": utc_text(BEGIN + HZ), "end": utc_text(BEGIN + 6 * HZ)}
    status, opened = post_json(browser, "/api/v1/exhibits", {"reference": "JD-7", "reason": "why", "clips": [clip]})
    assert (status, opened["state"]) == (202, "sealing")
    assert browser.post("/api/v1/exhibits/JD-7/bag").json()["code"] == "wrong-state"
    run_waiting()
    said = browser.get("/api/v1/exhibits/JD-7").json()
    assert (said["state"], said["verified"]) == ("sealed", "good")
    assert said["clips"][0]["files"][0]["frames"] == 125
    assert browser.post("/api/v1/exhibits/JD-7/bag").json()["code"] == "reason-missing"
    bag = browser.post("/api/v1/exhibits/JD-7/bag?reason=court")
    assert bag["Content-Type"] == "application/zip"
    import asyncio

    (tmp_path / "bag.zip").write_bytes(asyncio.run(collected(bag.streaming_content)))
    subprocess.run(["python3", "-m", "zipfile", "-e", "bag.zip", "."], cwd=tmp_path, check=True)
    assert run_verify(tmp_path / "JD-7")[0] == 0
    assert client_as(world.bryn).get("/api/v1/exhibits/JD-7").json()["code"] == "no-such-exhibit"
    assert client_as(world.asha).post("/api/v1/exhibits/JD-7/bag").json()["code"] == "refused"
    wrong = {**clip, "end": clip["start"]}
    status, problem = post_json(browser, "/api/v1/exhibits", {"reference": "JD-9", "reason": "why", "clips": [wrong]})
    assert (status, problem["code"]) == (409, "bad-span")


def test_overt_export_seals_and_copies_out(
    world: World, footage: Footage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["export", "127", utc_text(BEGIN + HZ), utc_text(BEGIN + 6 * HZ), "--ref", "JD-7", "--out", str(tmp_path)]
    give_role(world.bryn, Role.SUPERVISOR, partner=world.riverside_homes)
    assert main([*words, "--reason", "incident", "--as", "dev"]) == 0
    assert run_verify(tmp_path / "JD-7")[0] == 0
    assert bag_folder("JD-7").is_dir()
    assert Exhibit.objects.get().operator == world.dev
    assert Entry.objects.filter(action="evidence.exhibit.exported").count() == 1
    for change, code, text in (
        (["--reason", "x"], 2, "is there already"),
        (["--reason", "x", "--out", "/proc/nowhere", "--ref", "JD-8"], 2, "Nothing was sealed"),
        (["--reason", "x", "--out", str(tmp_path / "other")], 2, "There is an exhibit JD-7 already"),
        (["--out", str(tmp_path / "other"), "--ref", "JD-8"], 2, "Say why"),
        (["--reason", "x", "--out", str(tmp_path / "o"), "--ref", "JD-8", "--as", "nobody"], 3, "nobody"),
        (["--reason", "x", "--out", str(tmp_path / "o"), "--ref", "JD-8", "--as", "bryn"], 3, "no camera 127"),
        (["--reason", "x", "--out", str(tmp_path / "o"), "--ref", "JD-8", "--as", "asha"], 4, "None of your roles"),
    ):
        capsys.readouterr()
        assert main([*words, *change]) == code
        assert text in capsys.readouterr().err
    assert Exhibit.objects.count() == 1


def test_overt_verify_needs_no_installation(tmp_path: Path) -> None:
    folder = tmp_path / "JD-7"
    make_bag(folder)
    program = [sys.executable, "-m", "overt.cli", "verify", str(folder), "--json"]
    clean = {"PATH": "/usr/bin:/bin", "DJANGO_SETTINGS_MODULE": "there.is.none"}
    done = subprocess.run(program, capture_output=True, text=True, env=clean, cwd=tmp_path, check=False)
    assert (done.returncode, json.loads(done.stdout)["answer"]) == (0, "good")
    flip(folder / "bag-info.txt", 5, 1)
    done = subprocess.run(program[:-1], capture_output=True, text=True, env=clean, cwd=tmp_path, check=False)
    assert done.returncode == 1
    assert "bit 1 of byte 5 is flipped" in done.stdout
    (tmp_path / "JD-7.zip").write_bytes(b"PK")
    packed = [*program[:-2], str(tmp_path / "JD-7.zip")]
    done = subprocess.run(packed, capture_output=True, text=True, env=clean, cwd=tmp_path, check=False)
    assert done.returncode == 2
    assert "unpack it first" in done.stdout + done.stderr
