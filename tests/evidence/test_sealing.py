"""Sealing, from the mark to the bag: by services and pages, with the real node, the real job, the real logbook."""

from __future__ import annotations

import asyncio
import io
import json
import re
import shutil
import zipfile
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from unittest import mock
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from evidence.making import flip, run_verify
from footage.contract import CameraId
from footage.times import utc_text
from overt.estate.node import node
from overt.evidence import errors
from overt.evidence.bag import layout
from overt.evidence.exhibits.folders import bag_folder, draft_folder
from overt.evidence.exhibits.services.opening import ClipRequest, open_exhibit, retry
from overt.evidence.exhibits.services.sealing import resume_unfinished, run_sealing
from overt.evidence.exhibits.services.verifying import verify_exhibit
from overt.evidence.holds.node_sync import sync_holds
from overt.evidence.holds.rules import Grounds
from overt.evidence.holds.services import mark, release_hold
from overt.evidence.models import Exhibit, Hold
from overt.jobs.queue import run_waiting
from overt.logbook.models import Entry
from overt.shared.reasons import ReasonMissing
from playback.making import BEGIN, HZ, STEP, Recorded
from world import World, adopt_policy

ClientAs = Callable[..., Client]
GROUNDS = Grounds("case_history", "4417/26", "PC 4417 Hill", date(2999, 1, 1))


def wish(number: str = "127", start: int = BEGIN + HZ, end: int = BEGIN + 6 * HZ, hold: object = None) -> ClipRequest:
    return ClipRequest(number, start, end, hold)  # type: ignore[arg-type]


def seal(user: object, reference: str = "JD-7", *wishes: ClipRequest, reason: str = "incident 4417") -> Exhibit:
    """Open an exhibit and let the worker's jobs run."""
    exhibit, _ = open_exhibit(user, reference, reason, list(wishes) or [wish()])  # type: ignore[arg-type]
    run_waiting()
    exhibit.refresh_from_db()
    return exhibit


@pytest.fixture
def sealed(world: World, footage: dict[str, Recorded]) -> Exhibit:
    adopt_policy()
    exhibit = seal(world.asha)
    assert exhibit.state == "sealed", exhibit.failure
    return exhibit


def test_a_sealed_exhibit_is_a_bag_that_a_stranger_verifies(sealed: Exhibit) -> None:
    code, report = run_verify(bag_folder("JD-7"), "--key", sealed.key_fingerprint)
    assert (code, report["findings"]) == (0, [])
    assert report["reference"] == "JD-7"
    assert sealed.verified_answer == "good"


def test_the_bag_holds_its_own_sealing_with_its_proof(sealed: Exhibit) -> None:
    folder = bag_folder("JD-7")
    events = [json.loads(line) for line in (folder / "metadata/events.jsonl").read_text().splitlines()]
    entries = [json.loads(event["canonical"]) for event in events]
    assert [entry["action"] for entry in entries] == ["evidence.exhibit.opened", "evidence.exhibit.sealed"]
    assert entries[1]["facts"]["manifest_sha512"] == sealed.payload_sha512
    assert events[1]["opened"]["actor_name"]["value"] == "Asha Patel"
    assert run_verify(folder)[1]["logbook"]["proven"] == 2


def test_each_act_is_one_logbook_entry_in_order(sealed: Exhibit) -> None:
    actions = list(Entry.objects.filter(subject_id=str(sealed.pk)).order_by("number").values_list("action", flat=True))
    steps = ["opened", "sealed", "signed", "verified"]
    assert actions == [f"evidence.exhibit.{step}" for step in steps]


def test_exhibit_json_states_the_facts_of_the_records(sealed: Exhibit) -> None:
    said = json.loads((bag_folder("JD-7") / "metadata/exhibit.json").read_text())
    [clip] = said["clips"]
    assert (said["reason"], said["operator"]) == ("incident 4417", "Asha Patel")
    assert clip["camera"]["name"] == "High Street North"
    assert clip["asked_for"]["start"] == utc_text(BEGIN + HZ)
    assert clip["segments"]
    assert clip["original_kept_until"] == "2026-12-02T09:00:36Z"
    assert said["recorder"]["alive"] is False
    assert said["holds"][0]["placed_by"] == "Asha Patel"
    assert said["logbook"]["public_key"].startswith("-----BEGIN PUBLIC KEY-----")
    assert said["keep_until"][:4] == str(timezone.now().year + 3)


def test_the_master_holds_the_pictures_of_the_span_byte_for_byte(sealed: Exhibit, footage: dict[str, Recorded]) -> None:
    [master] = (bag_folder("JD-7") / "data/master").iterdir()
    from playback.making import played

    store = footage["127"].store
    recorded = [played((store / row.path).read_bytes(), decode=False) for row in segments(footage["127"])]
    coded = [picture for one in recorded for picture in one.coded]
    shown = played(master.read_bytes(), decode=False).coded
    assert shown == coded[25 : 25 + len(shown)]
    assert len(shown) == 125


def segments(recorded: Recorded) -> list:
    return recorded.catalogue.segments(recorded.camera_id, BEGIN, BEGIN + 20 * HZ)


def test_a_gap_inside_the_span_is_told_with_its_cause(world: World, footage: dict[str, Recorded]) -> None:
    from footage.contract import GapCause

    gap = footage["129"].catalogue.open_gap(
        footage["129"].camera_id, BEGIN + 125 * STEP, GapCause.CAMERA_LOST, "no packets for 3 s"
    )
    footage["129"].catalogue.close_gap(footage["129"].camera_id, BEGIN + 375 * STEP)
    exhibit, missing = open_exhibit(world.asha, "AP-1", "why", [wish("129", BEGIN, BEGIN + 20 * HZ)])
    assert [one.cause for one in missing] == ["camera-lost"], gap
    run_waiting()
    exhibit.refresh_from_db()
    [clip] = exhibit.clips.all()
    assert exhibit.state == "sealed", exhibit.failure
    assert [(g["cause"], g["end_90k"] - g["start_90k"]) for g in clip.gaps] == [("camera-lost", 250 * STEP)]
    page = (bag_folder("AP-1") / "data/README.html").read_text()
    assert "1 gap is in it" in page
    assert run_verify(bag_folder("AP-1"))[0] == 0


def test_several_cameras_make_one_exhibit(world: World, footage: dict[str, Recorded]) -> None:
    exhibit = seal(world.asha, "AP-2", wish(), wish("129", BEGIN, BEGIN + 4 * HZ))
    assert exhibit.state == "sealed", exhibit.failure
    assert len(list((bag_folder("AP-2") / "data/master").iterdir())) == 2
    assert run_verify(bag_folder("AP-2"))[0] == 0


def refusals(world: World) -> dict[str, Callable[[], object]]:
    asha, now = world.asha, BEGIN
    return {
        "bad-span": lambda: open_exhibit(asha, "X-1", "why", [wish(end=BEGIN - HZ)]),
        "span-in-future": lambda: open_exhibit(asha, "X-1", "why", [wish(end=2**52)]),
        "no-footage": lambda: open_exhibit(asha, "X-1", "why", [wish(start=BEGIN - 90 * HZ, end=BEGIN - 60 * HZ)]),
        "bad-reference": lambda: open_exhibit(asha, "a/../b", "why", [wish()]),
        "reason-missing": lambda: open_exhibit(asha, "X-1", "  ", [wish()]),
        "no-such-camera": lambda: open_exhibit(asha, "X-1", "why", [wish("201")]),
        "no-such-hold": lambda: open_exhibit(asha, "X-1", "why", [wish(hold=uuid4())]),
        "reference-used": lambda: open_exhibit(asha, "jd 7", "why", [wish()]),
        "": lambda: open_exhibit(asha, "X-1", "why", [wish(start=now)]),
    }


def test_bad_input_gets_its_code_and_nothing_is_written(world: World, sealed: Exhibit) -> None:
    for code, act in refusals(world).items():
        before = (Exhibit.objects.count(), Hold.objects.count(), Entry.objects.count())
        if not code:
            act()  # the same call without the fault goes through
            assert Exhibit.objects.count() == before[0] + 1
            continue
        with pytest.raises(Exception) as refused:
            act()
        assert refused.value.code == code  # type: ignore[attr-defined]
        assert (Exhibit.objects.count(), Hold.objects.count(), Entry.objects.count()) == before


def test_a_full_disk_fails_in_words_leaves_nothing_and_can_be_tried_again(
    world: World, footage: dict[str, Recorded]
) -> None:
    exhibit, _ = open_exhibit(world.asha, "JD-8", "why", [wish()])
    with mock.patch("shutil.disk_usage", return_value=mock.Mock(free=10, total=10)):
        run_sealing(exhibit.pk)
    exhibit.refresh_from_db()
    assert (exhibit.state, exhibit.failure_code) == ("failed", "disk-full")
    assert "Make room" in exhibit.failure
    told = Entry.objects.get(action="evidence.exhibit.failed")
    assert (told.subject_id, told.facts["reference"], told.facts["code"]) == (str(exhibit.pk), "JD-8", "disk-full")
    assert not draft_folder("JD-8").exists()
    assert not bag_folder("JD-8").exists()
    retry(exhibit, by=world.asha)
    assert Entry.objects.get(action="evidence.exhibit.retried").subject_id == str(exhibit.pk)
    run_waiting()
    exhibit.refresh_from_db()
    assert exhibit.state == "sealed"


def test_a_bag_that_does_not_pass_its_own_check_is_never_called_sealed(
    world: World, footage: dict[str, Recorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that keeps another byte of a signature than it was given."""
    write = layout.write

    def write_badly(folder: Path, name: str, data: bytes) -> None:
        write(folder, name, bytes([data[0] ^ 1]) + data[1:] if name == layout.ED25519_SIGNATURE else data)

    with monkeypatch.context() as disk:
        disk.setattr(layout, "write", write_badly)
        exhibit = seal(world.asha)
    assert (exhibit.state, exhibit.failure_code) == ("failed", "seal-broken")
    assert not bag_folder("JD-7").exists()
    retry(exhibit, by=world.asha)
    run_waiting()
    exhibit.refresh_from_db()
    assert exhibit.state == "sealed"


def test_footage_that_vanished_before_the_job_fails_with_the_nodes_words(
    world: World, footage: dict[str, Recorded]
) -> None:
    exhibit, _ = open_exhibit(world.asha, "JD-9", "why", [wish()])
    for row in segments(footage["127"]):
        (footage["127"].store / row.path).write_bytes(b"damaged")
    run_waiting()
    exhibit.refresh_from_db()
    assert exhibit.state == "failed"
    assert exhibit.failure_code in {"damaged-footage", "no-footage"}


def test_a_job_that_runs_twice_or_is_resumed_does_no_harm(world: World, sealed: Exhibit) -> None:
    digest = sealed.tags_sha512
    run_sealing(sealed.pk)
    sealed.refresh_from_db()
    assert sealed.tags_sha512 == digest
    Exhibit.objects.filter(pk=sealed.pk).update(state="sealing", tags_sha512="", verified_answer="")
    assert resume_unfinished() == 1
    run_waiting()
    sealed.refresh_from_db()
    assert (sealed.state, sealed.tags_sha512, sealed.verified_answer) == ("sealed", digest, "good")


def test_a_strangers_folder_of_that_name_is_never_overwritten(world: World, footage: dict[str, Recorded]) -> None:
    bag_folder("JD-7").mkdir()
    (bag_folder("JD-7") / "notes.txt").write_text("somebody's")
    exhibit = seal(world.asha)
    assert (exhibit.state, exhibit.failure_code) == ("failed", "seal-broken")
    assert (bag_folder("JD-7") / "notes.txt").read_text() == "somebody's"


def test_a_released_hold_is_gone_from_the_node_and_stays_in_the_books(
    world: World, footage: dict[str, Recorded], django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    hold, _ = mark(world.asha, "127", BEGIN, BEGIN + 5 * HZ, "a fight", grounds=GROUNDS)
    with pytest.raises(ReasonMissing):
        release_hold(hold, by=world.asha, reason=" ")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        release_hold(hold, by=world.asha, reason="not needed")
    assert node().holds() == []
    with pytest.raises(errors.WrongMove):
        release_hold(hold, by=world.asha, reason="again")
    assert Entry.objects.filter(action="evidence.hold.released", subject_id=str(hold.pk)).count() == 1


def test_a_release_that_is_undone_has_let_nothing_go(
    world: World, footage: dict[str, Recorded], django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    hold, _ = mark(world.asha, "127", BEGIN, BEGIN + 5 * HZ, "a fight", grounds=GROUNDS)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():  # type: ignore[attr-defined]
        release_hold(hold, by=world.asha, reason="not needed")
        transaction.set_rollback(True)
    hold.refresh_from_db()
    assert hold.released_at is None
    assert [order.hold_id for order in node().holds()] == [hold.pk]


def test_footage_is_not_let_go_while_an_exhibit_of_it_is_being_sealed(
    world: World, footage: dict[str, Recorded]
) -> None:
    exhibit, _ = open_exhibit(world.asha, "AP-6", "why", [wish()])
    hold = exhibit.clips.get().hold
    assert hold is not None
    with pytest.raises(errors.WrongMove, match="AP-6 is being sealed"):
        release_hold(hold, by=world.asha, reason="not needed")
    run_sealing(exhibit.pk)
    release_hold(hold, by=world.asha, reason="not needed")
    hold.refresh_from_db()
    assert (hold.released_by, hold.release_reason) == (world.asha, "not needed")


def test_the_nodes_holds_are_brought_in_step_with_the_records(world: World, footage: dict[str, Recorded]) -> None:
    hold, _ = mark(world.asha, "127", BEGIN, BEGIN + 5 * HZ, "a fight", grounds=GROUNDS)
    from footage.contract import Hold as Order

    node().release_hold(hold.pk, "lost")
    node().put_hold(Order(uuid4(), CameraId(world.camera("129").pk), 1, 2, "marked", "never committed"))
    assert sync_holds() == 2
    assert [kept.hold_id for kept in node().holds()] == [hold.pk]
    assert sync_holds() == 0


def test_a_hold_made_by_marking_becomes_the_exhibits(world: World, footage: dict[str, Recorded]) -> None:
    hold, _ = mark(world.asha, "127", BEGIN, BEGIN + 7 * HZ, "a fight", grounds=GROUNDS)
    exhibit = seal(world.asha, "AP-5", wish(hold=hold.pk))
    hold.refresh_from_db()
    assert exhibit.clips.get().hold == hold
    assert hold.exhibit == exhibit
    assert [kept.owner for kept in node().holds()] == ["exhibit:AP-5"]
    events = (bag_folder("AP-5") / "metadata/events.jsonl").read_text()
    assert "evidence.hold.placed" in events


def test_verify_now_finds_what_happened_to_the_bag_since(client_as: ClientAs, world: World, sealed: Exhibit) -> None:
    browser = client_as(world.cerys)
    assert "Sealed, verified today" in browser.get("/exhibits/JD-7/").content.decode()
    [master] = (bag_folder("JD-7") / "data/master").iterdir()
    flip(master, 4000, 1)
    assert browser.post("/exhibits/JD-7/verify/").status_code == 302
    page = browser.get("/exhibits/JD-7/").content.decode()
    assert "Altered since it was sealed" in page
    assert "bit 1 of byte 4,000 is flipped" in page
    last = Entry.objects.filter(action="evidence.exhibit.verified").order_by("number").last()
    assert last is not None
    assert last.facts["answer"] == "altered"


def test_a_whole_bag_of_another_sealing_is_not_this_exhibit(world: World, sealed: Exhibit) -> None:
    other = seal(world.asha, "JD-8", wish())
    shutil.rmtree(bag_folder("JD-7"))
    shutil.copytree(bag_folder("JD-8"), bag_folder("JD-7"))
    report = verify_exhibit(sealed)
    assert report["answer"] == "altered"
    assert "not the one that was sealed" in report["findings"][0]["says"]
    assert verify_exhibit(other)["answer"] == "good"


def test_only_those_who_may_export_download_the_bag_and_each_download_is_logged(
    client_as: ClientAs, world: World, sealed: Exhibit, tmp_path: Path
) -> None:
    assert client_as(world.asha).post("/exhibits/JD-7/bag/").status_code == 403
    assert client_as(world.bryn).post("/exhibits/JD-7/bag/").status_code == 404
    answer = client_as(world.dev).post("/exhibits/JD-7/bag/", {"reason": "PC 4417 Hill, court"})
    assert answer.status_code == 200
    data = asyncio.run(collected(answer.streaming_content))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    assert run_verify(tmp_path / "JD-7")[0] == 0
    entry = Entry.objects.get(action="evidence.exhibit.downloaded")
    assert entry.personal.get(field="actor_name").value == "Dev Chandra"


async def collected(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


def test_an_exhibit_with_one_foreign_clip_is_nobodys_of_one_partner(
    client_as: ClientAs, world: World, footage: dict[str, Recorded]
) -> None:
    seal(world.dev, "DC-1", wish(), wish("201", BEGIN, BEGIN + HZ))
    for stranger in (world.asha, world.bryn):
        assert client_as(stranger).get("/exhibits/DC-1/").status_code == 404
        assert "DC-1" not in client_as(stranger).get("/exhibits/").content.decode()
    assert client_as(world.dev).get("/exhibits/DC-1/").status_code == 200
    assert "DC-1" in client_as(world.dev).get("/exhibits/").content.decode()


def test_a_foreign_exhibit_and_a_missing_one_are_the_same_to_a_stranger(
    client_as: ClientAs, world: World, sealed: Exhibit
) -> None:
    browser = client_as(world.bryn)
    foreign, missing = browser.get("/exhibits/JD-7/"), browser.get("/exhibits/ZZ-99/")
    assert foreign.status_code == missing.status_code == 404
    said = [re.sub(r".*<main", "", page.content.decode(), flags=re.DOTALL) for page in (foreign, missing)]
    assert said[0].replace("JD-7", "…") == said[1].replace("ZZ-99", "…")
