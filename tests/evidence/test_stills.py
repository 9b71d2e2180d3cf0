"""Stills: made on authority with everything asked before, told by what stands beneath them, and never out by themselves."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha512
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from evidence.making import flip, run_verify
from evidence.test_copies import handed_over, made, opened, the_zip
from footage.times import utc_90k
from overt.evidence import errors, papers
from overt.evidence.errors import CopyIncomplete
from overt.evidence.exhibits.folders import bag_folder
from overt.evidence.exhibits.services.opening import ClipRequest, open_exhibit
from overt.evidence.models import Exhibit, Still, StoragePlace
from overt.evidence.stills.services import StillRequest, take_still
from overt.evidence.storage.services import add_location
from overt.jobs.queue import run_waiting
from overt.logbook.models import Entry
from overt.policy.rules.errors import PolicySilent
from playback.making import BEGIN, HZ, Recorded, number_of
from world import World, adopt_policy

pytest.importorskip("av", reason="pictures are an extra")

ClientAs = Callable[..., Client]
PAPER = b"%PDF-1.7\n a written authority\n"
LEAVES = {"stills_may_leave_control_room": True, "stills_authority_rank": "inspector"}


@pytest.fixture
def place(world: World, footage: dict[str, Recorded]) -> StoragePlace:
    said = {"name": "Cabinet 2", "whereabouts": "Control room", "security": "lock", "security_number": "K-2"}
    return add_location(by=world.elin, keepers=[world.dev], **said)


def asked(world: World, place: StoragePlace, **change: object) -> dict[str, Any]:
    return {
        "camera": "127",
        "at": BEGIN + 2 * HZ,
        "start": BEGIN + HZ,
        "end": BEGIN + 6 * HZ,
        "necessity": "To name the man at a briefing",
        "case_reference": "42/4417/26",
        "requester": "PC 4417 Hill",
        "authoriser": str(world.dev.pk),
        "place": str(place.pk),
        **change,
    }


def taken(browser: Client, world: World, place: StoragePlace, **change: object) -> Still:
    answer = browser.post("/exhibits/stills/take/", asked(world, place, **change))
    assert answer.status_code == 302, answer.content.decode()
    return Still.objects.latest("number")


def to_police(browser: Client, still: Still, **change: object) -> HttpResponse:
    said = {
        "officer": "PC Hill",
        "officer_number": "4417",
        "authority_officer": "Insp Rao",
        "authority_rank": "inspector",
        "authority": SimpleUploadedFile("authority.pdf", PAPER),
        **change,
    }
    return browser.post(f"{still.get_absolute_url()}hand-over/", {k: v for k, v in said.items() if v})


def words_of(page: HttpResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


@pytest.mark.clause("HERTS-25.1", "BASS-9.5.a")
@pytest.mark.parametrize("lacking", ["necessity", "case_reference", "requester", "authoriser", "nothing"])
def test_a_still_is_made_for_a_reason_a_case_and_on_authority_or_not_at_all(
    lacking: str, world: World, place: StoragePlace, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client_as(world.asha)
    if lacking == "nothing":
        for reason in ("A briefing", "A briefing", "A missing child"):
            taken(browser, world, place, necessity=reason)
        taken(client_as(world.dev), world, place, necessity="A briefing")
        counted = words_of(client_as(world.cerys).get("/exhibits/stills/")).split("Who made how many")[1]
        for row in ("Asha Patel A briefing 2", "Asha Patel A missing child 1", "Dev Chandra A briefing 1"):
            assert row in counted
        return
    for empty in ("", " "):
        answer = browser.post("/exhibits/stills/take/", asked(world, place, **{lacking: empty}))
        assert answer.status_code == 422
    if lacking != "authoriser":
        span = {"camera": "127", "at_90k": BEGIN + 2 * HZ, "start_90k": BEGIN + HZ, "end_90k": BEGIN + 6 * HZ}
        words = {name: "" if name == lacking else "Given" for name in ("necessity", "case_reference", "requester")}
        with pytest.raises(CopyIncomplete) as refused:  # nor by any other door than the page
            take_still(world.asha, StillRequest(**span, **words, authoriser=world.dev, place=place))
        assert refused.value.field == lacking
    assert not Still.objects.exists()
    assert list((papers._folder()).glob("*")) == [], "no picture was made before it was asked for properly"


def test_nobody_authorises_who_may_not_hand_evidence_out(
    world: World, place: StoragePlace, client_as: ClientAs
) -> None:
    for person in (world.asha, world.cerys, world.bryn):
        answer = client_as(world.asha).post("/exhibits/stills/take/", asked(world, place, authoriser=str(person.pk)))
        assert answer.status_code == 422
    assert client_as(world.bryn).post("/exhibits/stills/take/", asked(world, place)).status_code == 404
    assert client_as(world.bryn).get("/exhibits/stills/take/?camera=127").status_code == 404
    assert client_as(world.cerys).post("/exhibits/stills/take/", asked(world, place)).status_code == 403


def test_what_a_still_shows_stands_beneath_it_and_the_picture_is_not_written_on(
    world: World, place: StoragePlace, client_as: ClientAs
) -> None:
    import PIL.Image

    from overt.estate.node import node

    browser = client_as(world.asha)
    still = taken(browser, world, place)
    caption = [
        "Camera 127 High Street North, Market Town",
        "Sun 1 Nov 2026 09:00:32.000 GMT, from the sequence 09:00:31 GMT to 09:00:36 GMT",
        "Still 1 of CCTV scheme",
    ]
    page = words_of(browser.get(still.get_absolute_url()))
    sheet = words_of(browser.get(f"{still.get_absolute_url()}sheet/"))
    for words in caption[:2]:
        assert words in page
    for words in ("127 High Street North", "09:00:32.000 GMT, from the sequence 09:00:31 GMT to 09:00:36 GMT"):
        assert words in sheet
    data = browser.get(f"{still.get_absolute_url()}picture.jpg").content
    recorded = node().still(still.camera_id, still.at_90k)
    with PIL.Image.open(io.BytesIO(data)) as shown:
        assert shown.info["comment"].decode().splitlines() == caption
        assert (shown.width, shown.height > recorded.height) == (recorded.width, True)
        picture, band = (shown.crop(box).convert("L") for box in _boxes(shown.size, recorded.height))
    out = io.BytesIO()
    picture.save(out, "PNG")
    assert number_of(out.getvalue()) == number_of(recorded.jpeg) == 50
    ink = band.point(lambda value: 255 if value < 100 else 0)
    assert ink.getbbox() is not None, "the band is written on"
    assert band.getextrema()[1] > 250


def _boxes(size: tuple[int, int], height: int) -> list[tuple[int, int, int, int]]:
    return [(0, 0, size[0], height), (0, height, size[0], size[1])]


@pytest.mark.clause("BASS-9.5.b")
@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 302),
        ({"authority_rank": "chief_inspector"}, 302),
        ({"authority_rank": "sergeant"}, 422),
        ({"authority_rank": ""}, 422),
        ({"authority_officer": ""}, 422),
        ({"authority": None}, 422),
        ({"authority": SimpleUploadedFile("a.exe", b"MZ")}, 422),
    ],
)
def test_police_get_a_still_on_the_written_authority_of_an_inspector_or_above(
    change: dict[str, object], status: int, world: World, place: StoragePlace, client_as: ClientAs
) -> None:
    adopt_policy(**LEAVES)
    still = taken(client_as(world.asha), world, place)
    assert to_police(client_as(world.asha), still).status_code == 403
    assert to_police(client_as(world.dev), still, **change).status_code == status
    still.refresh_from_db()
    if status != 302:
        assert (still.state, still.officer) == ("in_cabinet", "")
        return
    assert (still.state, still.authority_officer) == ("handed_to_police", "Insp Rao")
    assert papers.read(still.authority_name, still.authority_sha512) == (PAPER, "application/pdf")
    entry = Entry.objects.get(action="evidence.still.handed_over")
    assert entry.facts["authority_rank"] == still.authority_rank
    assert to_police(client_as(world.dev), still).status_code == 409, "it is gone"


@pytest.mark.parametrize(
    "rule", [{}, {"stills_may_leave_control_room": False}, {"stills_may_leave_control_room": True}]
)
def test_where_the_code_says_no_or_nothing_a_still_stays(
    rule: dict[str, object], world: World, place: StoragePlace, client_as: ClientAs
) -> None:
    adopt_policy(**rule)
    still = taken(client_as(world.asha), world, place)
    assert to_police(client_as(world.dev), still).status_code in {403, 409}, "no rule, or no rank in it"
    still.refresh_from_db()
    assert still.state == "in_cabinet"
    if rule.get("stills_may_leave_control_room") is not True:
        assert "stay inside the control room" in words_of(client_as(world.dev).get(still.get_absolute_url()))


@pytest.mark.clause("BASS-9.5.c")
def test_a_still_lies_in_its_cabinet_until_the_police_have_it_or_its_destruction_was_authorised(
    world: World, place: StoragePlace, client_as: ClientAs, django_capture_on_commit_callbacks: Any
) -> None:
    adopt_policy(**LEAVES)
    assert client_as(world.asha).post("/exhibits/stills/take/", asked(world, place) | {"place": ""}).status_code == 422
    still, gone = (taken(client_as(world.asha), world, place) for _ in range(2))
    assert (still.state, still.place) == ("in_cabinet", place)
    to_police(client_as(world.dev), gone)
    gone.refresh_from_db()
    assert gone.state == "handed_to_police"
    today = timezone.localdate()
    said = {"reason": "The case is closed", "authoriser": "Elin Ward", "authorised_on": str(today)}
    address, elin = f"{still.get_absolute_url()}destroy/", client_as(world.elin)
    assert client_as(world.dev).post(address, said).status_code == 403
    for wrong in ({"authoriser": ""}, {"authorised_on": ""}, {"authorised_on": str(today + timedelta(days=1))}):
        assert elin.post(address, said | wrong).status_code == 422
    still.refresh_from_db()
    assert still.state == "in_cabinet"
    with django_capture_on_commit_callbacks(execute=True):
        assert elin.post(address, said).status_code == 302
    still.refresh_from_db()
    assert (still.state, still.destruction_authoriser, still.destruction_authorised_on) == (
        "destroyed",
        "Elin Ward",
        today,
    )
    assert papers.read(still.file_name, still.sha512) is None
    told = Entry.objects.filter(subject_id=str(still.pk)).order_by("number").values_list("action", flat=True)
    assert list(told) == ["evidence.still.made", "access.refused", "evidence.still.destroyed"]
    assert elin.post(f"{gone.get_absolute_url()}destroy/", said).status_code == 409
    assert "stays the property of" in words_of(client_as(world.dev).get(f"{gone.get_absolute_url()}sheet/"))


@pytest.mark.clause("BASS-9.5.d")
def test_the_register_numbers_each_still_and_tells_all_of_it(
    world: World, place: StoragePlace, client_as: ClientAs
) -> None:
    adopt_policy(**LEAVES)
    first, second = (taken(client_as(world.asha), world, place) for _ in range(2))
    assert (first.number, second.number) == (1, 2)
    to_police(client_as(world.dev), second)
    register = words_of(client_as(world.cerys).get("/exhibits/stills/"))
    made = timezone.localtime(first.made_at)
    for words in (
        f"{made:%H:%M:%S}",
        "Camera 127 High Street North",
        "Sun 1 Nov 2026 09:00:32.000 GMT",
        "Asha Patel",
        "PC 4417 Hill",
        "Dev Chandra",
        "Cabinet 2",
        "Handed to police PC Hill, 4417; authority: Insp Rao, inspector",
    ):
        assert words in register, words
    assert "Camera 127" not in words_of(client_as(world.bryn).get("/exhibits/stills/"))
    looks = Entry.objects.filter(action="evidence.stills.seen").order_by("number")
    assert [look.facts["stills"] for look in looks] == [2, 0]
    assert client_as(world.bryn).get(first.get_absolute_url()).status_code == 404
    assert client_as(world.kit).get(f"{first.get_absolute_url()}picture.jpg").status_code == 403, (
        "no sight of recordings"
    )
    before = Entry.objects.filter(action="evidence.still.seen").count()
    assert client_as(world.dev).get(f"{first.get_absolute_url()}picture.jpg").status_code == 200
    assert Entry.objects.filter(action="evidence.still.seen").count() == before + 1


def test_a_still_is_sealed_into_an_exhibit_with_its_camera_time_and_sequence(
    world: World, place: StoragePlace, client_as: ClientAs
) -> None:
    adopt_policy(**LEAVES)
    browser = client_as(world.asha)
    still, other = taken(browser, world, place), taken(browser, world, place, camera="129")
    clip = ClipRequest("127", BEGIN + HZ, BEGIN + 6 * HZ)
    for wrong, error in (([99], errors.NoSuchStill), ([other.number], errors.NoSuchStill)):
        with pytest.raises(error):
            open_exhibit(world.asha, "JD-6", "why", [clip], stills=wrong)
    said = {"camera": "127", "start": str(BEGIN + HZ), "end": str(BEGIN + 6 * HZ), "reason": "An assault"}
    answer = browser.post("/exhibits/seal/", said | {"reference": "JD-7", "stills": str(still.number)})
    assert answer.status_code == 302, answer.content.decode()
    run_waiting()
    exhibit = Exhibit.objects.get(reference="JD-7")
    assert (exhibit.state, exhibit.verified_answer) == ("sealed", "good"), exhibit.failure
    [picture] = (bag_folder("JD-7") / "data/stills").iterdir()
    assert picture.name == "JD-7_still-1_camera-127_20261101T090032000Z.jpg"
    [told] = json.loads((bag_folder("JD-7") / "metadata/exhibit.json").read_text())["stills"]
    assert (told["camera_number"], told["at_local"]) == ("127", "2026-11-01T09:00:32.000+00:00")
    assert told["sequence"]["start_local"] == "2026-11-01T09:00:31.000+00:00"
    assert told["sequence"]["end_local"] == "2026-11-01T09:00:36.000+00:00"
    assert sha512(picture.read_bytes()).hexdigest() == told["sha512"] == still.sha512
    flip(picture, 400, 3)
    code, report = run_verify(bag_folder("JD-7"))
    assert code == 1
    assert any(str(one["path"]).startswith("data/stills/") for one in report["findings"])  # type: ignore[attr-defined]
    with pytest.raises(errors.WrongMove):
        open_exhibit(world.asha, "JD-8", "why", [clip], stills=[still.number])


@pytest.mark.clause("BASS-9.5.b", part="StillPrint for police requires the authority document … otherwise refused")
def test_a_still_in_a_bag_leaves_with_it_on_the_same_authority_only(
    world: World, place: StoragePlace, client_as: ClientAs
) -> None:
    adopt_policy(**LEAVES)
    dev = client_as(world.dev)
    still = taken(client_as(world.asha), world, place)
    clip = ClipRequest("127", BEGIN + HZ, BEGIN + 6 * HZ)
    open_exhibit(world.asha, "JD-7", "why", [clip], stills=[still.number])
    run_waiting()
    copy = made(dev, medium="disc", medium_number="D-1")
    opened(dev, copy, the_zip())
    refused = handed_over(dev, copy)
    assert refused.status_code == 409
    assert "Still 1 in it has no written authority" in words_of(refused)
    assert to_police(dev, still).status_code == 302
    assert handed_over(dev, copy).status_code == 302


def test_no_still_goes_into_a_bag_where_stills_stay(world: World, place: StoragePlace, client_as: ClientAs) -> None:
    still = taken(client_as(world.asha), world, place)
    clip = ClipRequest("127", BEGIN + HZ, BEGIN + 6 * HZ)
    for rule, error in (({}, PolicySilent), ({"stills_may_leave_control_room": False}, errors.WrongMove)):
        adopt_policy(**rule)
        with pytest.raises(error):
            open_exhibit(world.asha, "JD-7", "why", [clip], stills=[still.number])
    assert not Exhibit.objects.exists()


def test_a_moment_outside_the_sequence_or_without_a_picture_is_refused_in_words(
    world: World, place: StoragePlace, client_as: ClientAs
) -> None:
    browser = client_as(world.asha)
    outside = browser.post("/exhibits/stills/take/", asked(world, place, at=BEGIN + 7 * HZ))
    assert "outside that sequence" in words_of(outside)
    later = int(utc_90k(timezone.now() + timedelta(hours=1)))
    future = asked(world, place, at=later, start=later, end=later + HZ)
    assert browser.post("/exhibits/stills/take/", future).status_code == 422
    early = BEGIN - 60 * HZ
    nothing = browser.post("/exhibits/stills/take/", asked(world, place, at=early, start=early, end=early + HZ))
    assert nothing.status_code in {404, 422}
    assert not Still.objects.exists()


def test_a_still_of_a_clip_comes_with_its_times_as_a_person_reads_them(
    world: World, place: StoragePlace, client_as: ClientAs
) -> None:
    query = {"camera": "127", "at": BEGIN + HZ, "start": BEGIN + HZ, "end": BEGIN + 6 * HZ}
    page = client_as(world.asha).get("/exhibits/stills/take/", query).content.decode()
    assert 'value="2026-11-01 09:00:31.000+00:00"' in page
    said = asked(world, place, at="2026-11-01 09:00:31.000+00:00")
    assert client_as(world.asha).post("/exhibits/stills/take/", said).status_code == 302
    assert Still.objects.get().at_90k == BEGIN + HZ


def test_the_autumn_hour_is_told_by_its_offset() -> None:
    from zoneinfo import ZoneInfo

    from overt.evidence.stills.rules import caption_lines

    zone = ZoneInfo("Europe/London")
    at = datetime(2026, 10, 25, 1, 30, tzinfo=zone)
    later = at.replace(fold=1)
    lines = caption_lines(7, "Scheme", "127 High Street North, Market Town", at, at, later)
    assert lines[1] == "Sun 25 Oct 2026 01:30:00.000 BST, from the sequence 01:30:00 BST to 01:30:00 GMT"
