"""Copies of an exhibit: numbered, kept under lock or seal, opened before they leave, signed for, and never back unseen."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from evidence.making import run_verify
from evidence.test_sealing import collected, seal
from overt.evidence.bag import zipstream
from overt.evidence.bag.zipstream import zip_pieces
from overt.evidence.copies.export import export_bag
from overt.evidence.copies.rules import Medium, Recipient
from overt.evidence.copies.services import hand_over, make_copy
from overt.evidence.errors import CopyIncomplete
from overt.evidence.exhibits.folders import bag_folder
from overt.evidence.models import Copy, CopyMovement, Exhibit, PlaceOpening, StoragePlace
from overt.evidence.storage.services import add_location, store
from overt.logbook.actions import words_for
from overt.logbook.models import Entry
from overt.logbook.telling import line_of
from playback.making import Recorded
from world import World, adopt_policy

ClientAs = Callable[..., Client]
STICK = {
    "reason": "For PC Hill, case 42/4417/26",
    "kind": "working",
    "medium": "encrypted_usb_stick",
    "medium_number": "SN 4C530001",
    "supplier": "PC Hill",
    "supplier_number": "4417",
}
BY_POLICE = [{"medium": "dvd_cd"}, {"medium": "encrypted_usb_stick", "supplied_by": "police"}]
RECEIVED = {
    "name": "PC Hill",
    "number": "4417",
    "body": "Marketon Police",
    "delivery": "in_person",
    "purpose": "Prosecution of 42/4417/26",
    "terms": "on",
}
PARTS = ("master", "working")
FORM = b"%PDF-1.7\n a signed release form\n"


@pytest.fixture
def sealed(world: World, footage: dict[str, Recorded]) -> Exhibit:
    adopt_policy(evidence_export_media=BY_POLICE)
    exhibit = seal(world.asha)
    assert exhibit.state == "sealed", exhibit.failure
    return exhibit


def made(browser: Client, **change: str) -> Copy:
    answer = browser.post("/exhibits/JD-7/copies/make/", STICK | change)
    assert answer.status_code == 302, answer.content.decode()
    return Copy.objects.latest("number")


def the_zip() -> bytes:
    return b"".join(zip_pieces(bag_folder("JD-7"), "JD-7"))


def opened(browser: Client, copy: Copy, data: bytes, *, played: bool = True) -> HttpResponse:
    said = {"archive": SimpleUploadedFile("JD-7.zip", data)} | ({"played": "on"} if played else {})
    return browser.post(f"{copy.get_absolute_url()}test/", said)


def handed_over(browser: Client, copy: Copy, form: bytes = FORM, **change: str) -> HttpResponse:
    said = RECEIVED | change
    paper = {"signed_form": SimpleUploadedFile("form.pdf", form)} if form else {}
    return browser.post(f"{copy.get_absolute_url()}hand-over/", {k: v for k, v in said.items() if v} | paper)


def cabinet(world: World, security: str = "lock") -> StoragePlace:
    return add_location(
        by=world.elin,
        name=f"Cabinet {security}",
        whereabouts="Control room, north wall",
        security=security,
        security_number="S-1",
        keepers=[world.dev],
    )


def test_a_copy_that_no_stick_can_hold_as_one_file_is_written_and_tested_in_parts(
    world: World, sealed: Exhibit, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAT32 ends at 4 GiB; the limit is drawn down to what the bag's largest file needs."""
    browser, folder = client_as(world.dev), bag_folder("JD-7")
    copy = made(browser)
    pages = ("/exhibits/JD-7/", copy.get_absolute_url())
    assert not any("FAT32" in browser.get(address).content.decode() for address in pages)
    largest = max(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    monkeypatch.setattr(zipstream, "MOST_BYTES", limit := largest + 2_000)
    told, page = (browser.get(address).content.decode() for address in pages)
    assert "FAT32" in told
    count = page.count('name="part"')
    assert count > 1
    assert f"JD-7-part-{count}-of-{count}.zip" in page
    parts = []
    for part in range(1, count + 1):
        answer = browser.post(f"{copy.get_absolute_url()}bag/", {"part": part})
        assert f"JD-7-part-{part}-of-{count}.zip" in answer["Content-Disposition"]
        parts.append(b"".join(answer.streaming_content if not answer.is_async else _collected(answer)))
        assert len(parts[-1]) <= limit
    held = [name for data in parts for name in zipfile.ZipFile(io.BytesIO(data)).namelist()]
    assert sorted(held) == sorted(f"JD-7/{path.relative_to(folder)}" for path in folder.rglob("*") if path.is_file())
    written = copy.movements.filter(kind="written").order_by("position")
    assert [one.remark for one in written] == [f"part {part} of {count}" for part in range(1, count + 1)]
    for wrong in (str(count + 1), "-1", "x", "²"):
        assert browser.post(f"{copy.get_absolute_url()}bag/", {"part": wrong}).status_code == 409
    for given, answer in ((parts[:-1], "altered"), (parts, "good")):
        files = [SimpleUploadedFile(f"{number}.zip", data) for number, data in enumerate(given)]
        assert browser.post(f"{copy.get_absolute_url()}test/", {"archive": files, "played": "on"}).status_code == 302
        copy.refresh_from_db()
        assert copy.test_answer == answer


def _collected(answer: HttpResponse) -> list[bytes]:
    async def all_of() -> list[bytes]:
        return [piece async for piece in answer]

    return asyncio.run(all_of())


@pytest.mark.clause("BASS-1.6.3.a")
def test_sealing_makes_a_master_and_a_working_copy_that_are_equal_and_apart(
    world: World, sealed: Exhibit, client_as: ClientAs
) -> None:
    master, working = sealed.copies.all()
    folder = bag_folder("JD-7")
    kept, worked = ({path.name: path.read_bytes() for path in (folder / "data" / part).iterdir()} for part in PARTS)
    assert kept == worked != {}
    labels = client_as(world.asha).get("/exhibits/JD-7/label/").content.decode().split('<section class="label"')[1:]
    assert [("MASTER" in label, "WORKING" in label) for label in labels] == [(True, False), (False, True)]
    assert all(master.content_sha512 in label for label in labels)
    assert (master.kind, working.kind) == ("master", "working")
    assert master.content_sha512 == working.content_sha512
    assert (master.keep_until, working.keep_until) == (sealed.keep_until, None)
    assert [copy.movements.get().kind for copy in (master, working)] == ["made", "made"]
    apart = make_copy(sealed, Medium("dvd_cd", "D-1"), by=world.dev, reason="To keep", kind="master")
    store(apart, cabinet(world), by=world.dev, reason="To keep")
    assert [copy.movements.count() for copy in (master, working, apart)] == [1, 1, 2], "each has a history of its own"
    entry = Entry.objects.get(action="evidence.exhibit.signed")
    assert {copy.movements.get().entry for copy in (master, working)} == {entry.number}


@pytest.mark.clause("BASS-1.6.4.b")
def test_no_copy_leaves_before_it_was_opened_and_found_whole(
    world: World, sealed: Exhibit, client_as: ClientAs, tmp_path: Path
) -> None:
    browser = client_as(world.dev)
    copy = made(browser)
    answer = handed_over(browser, copy)
    assert answer.status_code == 409
    assert "was not opened and found whole yet" in answer.content.decode()

    written = browser.post(f"{copy.get_absolute_url()}bag/")
    data = asyncio.run(collected(written.streaming_content))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(tmp_path)
    for name in ("README.html", "VERIFY.html", "HOW-TO-VERIFY.txt"):  # the player, the check, the instructions
        assert list((tmp_path / "JD-7").rglob(name)), name
    page = (tmp_path / "JD-7" / "data" / "README.html").read_text(encoding="utf-8")
    [clip] = (tmp_path / "JD-7" / "data" / "working").iterdir()
    assert "<video" in page
    assert clip.name in page, "and it plays what lies beside it"
    assert run_verify(tmp_path / "JD-7")[0] == 0

    spot = data.index(b"mdat") + 2000
    broken = data[:spot] + bytes([data[spot] ^ 1]) + data[spot + 1 :]
    half = _without(data, "VERIFY.html")
    for wrong in (broken, data[: len(data) // 2], half, b"not a zip", b""):
        opened(browser, copy, wrong)
        copy.refresh_from_db()
        assert copy.test_answer != "good"
        assert handed_over(browser, copy).status_code == 409
    assert opened(browser, copy, data, played=False).status_code == 422, "the player has to be seen running"

    assert opened(browser, copy, data).status_code == 302
    copy.refresh_from_db()
    assert (copy.test_answer, copy.tested_by) == ("good", world.dev)
    last = Entry.objects.filter(action="evidence.copy.tested").latest("number")
    assert (last.facts["answer"], last.facts["copy"]) == ("good", copy.number)
    assert copy.movements.filter(kind="tested").latest("position").entry == last.number
    assert handed_over(browser, copy).status_code == 302
    copy.refresh_from_db()
    assert copy.state == "handed over"
    other = made(browser)
    assert handed_over(browser, other).status_code == 409, "each copy has a test of its own"


def _without(data: bytes, name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            if not info.filename.endswith(f"/{name}"):
                target.writestr(info.filename, source.read(info))
    return out.getvalue()


def test_a_copy_of_another_exhibit_or_a_hostile_zip_is_not_this_copy(
    world: World, sealed: Exhibit, client_as: ClientAs, own_folders: Path
) -> None:
    seal(world.asha, "JD-8")
    browser = client_as(world.dev)
    copy = made(browser)
    opened(browser, copy, b"".join(zip_pieces(bag_folder("JD-8"), "JD-7")))
    copy.refresh_from_db()
    assert copy.test_answer == "another"
    entry = Entry.objects.get(action="evidence.copy.tested")
    assert (words_for(entry.action), entry.facts["answer"]) == ("Copy tested before its handover", "another")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("JD-7/../../../../secrets/planted", "x")
    opened(browser, copy, out.getvalue())
    copy.refresh_from_db()
    assert copy.test_answer == "unreadable"
    assert list(own_folders.rglob("planted")) == []
    assert list(Path(bag_folder("JD-7")).parent.glob(".test-*")) == []


@pytest.mark.clause("HERTS-24.6", "BASS-9.3.5")
@pytest.mark.parametrize("lacking", [*RECEIVED, "signed_form", "nothing"])
def test_evidence_leaves_with_its_reference_every_field_and_a_signature_or_not_at_all(
    lacking: str, world: World, sealed: Exhibit, client_as: ClientAs
) -> None:
    browser = client_as(world.dev)
    copy = made(browser)
    opened(browser, copy, the_zip())
    form = browser.get(f"{copy.get_absolute_url()}form/").content.decode()
    for words in ("JD-7", "copy 3", "Received, and the terms accepted", "its continuity is the duty of whoever"):
        assert words in form
    change = {lacking: ""} if lacking in RECEIVED else {}
    answer = handed_over(browser, copy, b"" if lacking == "signed_form" else FORM, **change)
    copy.refresh_from_db()
    if lacking != "nothing":
        assert answer.status_code == 422
        said = {field: "" if field == lacking else RECEIVED[field] for field in RECEIVED if field != "terms"}
        with pytest.raises(CopyIncomplete) as refused:  # nor by any other door than the page
            hand_over(
                copy, Recipient(**said), by=world.dev, terms=lacking != "terms",
                form=b"" if lacking == "signed_form" else FORM,
            )  # fmt: skip
        assert refused.value.field == lacking
        copy.refresh_from_db()
        assert copy.state == "kept"
        assert not copy.form_name
        assert not Entry.objects.filter(action="evidence.copy.handed_over").exists()
        return
    assert answer.status_code == 302
    assert (copy.recipient, copy.recipient_number, copy.recipient_body) == ("PC Hill", "4417", "Marketon Police")
    assert copy.handed_over_at is not None
    assert copy.movements.get(kind="handed_over").remark == "to PC Hill, 4417, Marketon Police, in person"
    kept = browser.get(f"{copy.get_absolute_url()}signed-form/")
    assert kept.content == FORM
    assert Entry.objects.get(action="evidence.form.seen").facts["copy"] == copy.number
    assert copy.exhibit.reference in copy.form_name
    assert client_as(world.bryn).get(f"{copy.get_absolute_url()}signed-form/").status_code == 404


def test_a_signed_form_is_a_picture_or_a_pdf_and_stays_as_it_was(
    world: World, sealed: Exhibit, client_as: ClientAs
) -> None:
    browser = client_as(world.dev)
    copy = made(browser)
    opened(browser, copy, the_zip())
    assert handed_over(browser, copy, b"MZ\x90 a program").status_code == 422
    assert handed_over(browser, copy).status_code == 302
    copy.refresh_from_db()
    [paper] = bag_folder("x").parent.glob(".papers/*")
    paper.chmod(0o600)
    paper.write_bytes(FORM + b"changed")
    assert browser.get(f"{copy.get_absolute_url()}signed-form/").status_code == 404


@pytest.mark.clause("HERTS-24.7")
@pytest.mark.clause("BASS-9.1.b", part="a continuity report covers … to handover")
def test_from_its_handover_a_copys_continuity_is_the_receivers(
    world: World, sealed: Exhibit, client_as: ClientAs
) -> None:
    browser = client_as(world.dev)
    copy, other = made(browser), made(browser)
    opened(browser, copy, the_zip())
    assert "our account of this copy ends here" not in browser.get("/exhibits/JD-7/continuity/").content.decode()
    before = timezone.now()
    handed_over(browser, copy)
    copy.refresh_from_db()
    assert copy.handed_over_at is not None
    assert before <= copy.handed_over_at <= timezone.now()
    assert (copy.recipient, copy.recipient_number, copy.recipient_body) == ("PC Hill", "4417", "Marketon Police")
    entry = Entry.objects.get(action="evidence.copy.handed_over")
    assert line_of(entry).endswith("continuity passes to Marketon Police")
    assert entry.personal.get(field="recipient").value == "PC Hill, 4417"
    assert "Hill" not in entry.facts_text
    sheet = browser.get("/exhibits/JD-7/continuity/").content.decode()
    mine = sheet.split(f"Copy {copy.number},")[1].split(f"Copy {other.number},")[0]
    assert mine.index("Handed over") < mine.index("Continuity passed to Marketon Police")
    assert mine.rindex("<tr>") < mine.index("Handed over"), "the handover is the last line"
    assert "PC Hill, 4417, Marketon Police" in mine


@pytest.mark.clause("HERTS-24.5")
@pytest.mark.parametrize("rule", [False, None])
def test_a_copy_that_left_never_comes_back_under_its_number(
    rule: bool | None, world: World, sealed: Exhibit, client_as: ClientAs
) -> None:
    adopt_policy(evidence_export_media=BY_POLICE, **({} if rule is None else {"released_media_may_return": rule}))
    browser = client_as(world.dev)
    copy = made(browser)
    opened(browser, copy, the_zip())
    handed_over(browser, copy)
    place = cabinet(world)
    for step, said in (
        ("take-back", {"reason": "They brought it back"}),
        ("store", {"reason": "Back", "place": str(place.pk)}),
        ("test", {"archive": SimpleUploadedFile("JD-7.zip", the_zip()), "played": "on"}),
        ("bag", {}),
    ):
        answer = browser.post(f"{copy.get_absolute_url()}{step}/", said)
        assert answer.status_code == 409, step
        if step == "take-back":
            assert "A copy that has left is not booked in again" in answer.content.decode()
    copy.refresh_from_db()
    assert copy.state == "handed over"
    assert not Entry.objects.filter(action="evidence.copy.returned").exists()
    assert made(browser).number == copy.number + 1


def test_where_the_code_lets_a_copy_back_it_is_written_down_and_tested_anew(
    world: World, sealed: Exhibit, client_as: ClientAs
) -> None:
    adopt_policy(evidence_export_media=BY_POLICE, released_media_may_return=True)
    browser = client_as(world.dev)
    copy = made(browser)
    opened(browser, copy, the_zip())
    handed_over(browser, copy)
    assert browser.post(f"{copy.get_absolute_url()}take-back/", {"reason": "Case over"}).status_code == 302
    copy.refresh_from_db()
    assert (copy.state, copy.test_answer) == ("kept", "")
    assert handed_over(browser, copy).status_code == 409
    assert copy.movements.last().kind == "returned"  # type: ignore[union-attr]


@pytest.mark.clause("BASS-1.6.4.c")
@pytest.mark.parametrize("lacking", ["supplier", "supplier_number", "medium_number", "nothing"])
def test_a_stick_that_the_police_bring_names_its_officer_and_its_serial_number(
    lacking: str, world: World, sealed: Exhibit, client_as: ClientAs
) -> None:
    browser = client_as(world.dev)
    answer = browser.post("/exhibits/JD-7/copies/make/", STICK | {lacking: ""})
    if lacking != "nothing":
        assert answer.status_code == 422
        medium = Medium("encrypted_usb_stick", STICK["medium_number"], STICK["supplier"], STICK["supplier_number"])
        field = {"medium_number": "number"}.get(lacking, lacking)
        with pytest.raises(CopyIncomplete):  # nor by any other door than the page
            make_copy(sealed, replace(medium, **{field: ""}), by=world.dev, reason="For PC Hill")
        assert Copy.objects.count() == 2
        return
    copy = Copy.objects.get(number=3)
    assert (copy.supplier, copy.supplier_number, copy.medium_number) == ("PC Hill", "4417", "SN 4C530001")
    assert "brought by PC Hill 4417" in browser.get(copy.get_absolute_url()).content.decode()
    disc = {"medium": "dvd_cd", "supplier": "", "supplier_number": ""}
    assert made(browser, **disc).number == 4, "a disc is the scheme's own"


@pytest.mark.clause("BASS-9.1.e")
def test_evidence_lies_under_lock_or_seal_and_each_opening_is_told(
    world: World, sealed: Exhibit, client_as: ClientAs
) -> None:
    dev, asha, elin = (client_as(person) for person in (world.dev, world.asha, world.elin))
    new = {"name": "Safe", "whereabouts": "Control room", "security": "seal", "security_number": "S-1"}
    assert asha.post("/exhibits/places/add/", new | {"keepers": [str(world.asha.pk)]}).status_code == 403
    for wrong in ({"security": ""}, {"security_number": ""}, {}):
        assert elin.post("/exhibits/places/add/", new | wrong).status_code == 422, "no access list, or no seal"
    assert elin.post("/exhibits/places/add/", new | {"keepers": [str(world.dev.pk)]}).status_code == 302
    place = StoragePlace.objects.get()
    copy, page = made(dev, kind="master"), place.get_absolute_url()
    into = {"place": str(place.pk), "reason": "To keep", "new_seal": "S-2"}

    assert asha.post(f"{copy.get_absolute_url()}store/", into).status_code == 403, "not on the access list"
    assert asha.post(f"{page}open/", {"reason": "To look", "new_seal": "S-2"}).status_code == 403
    for wrong in ({"reason": ""}, {"new_seal": ""}, {"new_seal": "S-1"}):
        assert dev.post(f"{copy.get_absolute_url()}store/", into | wrong).status_code == 422
    assert PlaceOpening.objects.count() == 0
    assert dev.post(f"{copy.get_absolute_url()}store/", into).status_code == 302
    assert dev.post(f"{page}open/", {"reason": "Inspection", "new_seal": "S-3"}).status_code == 302
    out = {"reason": "For the court", "new_seal": "S-4"}
    assert asha.post(f"{copy.get_absolute_url()}take-out/", out).status_code == 403
    assert dev.post(f"{copy.get_absolute_url()}take-out/", out).status_code == 302
    assert dev.post(f"{copy.get_absolute_url()}take-out/", out | {"new_seal": "S-5"}).status_code == 409

    place.refresh_from_db()
    assert place.security_number == "S-4"
    openings = [(one.by, one.reason, one.new_seal) for one in place.openings.order_by("at")]
    assert openings == [
        (world.dev, "To keep", "S-2"),
        (world.dev, "Inspection", "S-3"),
        (world.dev, "For the court", "S-4"),
    ]
    told = Entry.objects.filter(facts_text__contains='"place":"Safe"').exclude(action="evidence.place.added")
    assert [one.personal.get(field="reason").value for one in told.order_by("number")] == [one[1] for one in openings]
    assert {one.personal.get(field="actor_name").value for one in told} == {"Dev Chandra"}
    assert {one.recorded_at for one in told} >= {
        copy.movements.get(kind="stored").at,
        copy.movements.get(kind="taken_out").at,
    }
    assert all(abs(one.at - timezone.now()) < timedelta(minutes=1) for one in place.openings.all())
    shown = dev.get(page).content.decode()
    for _, reason, seal_number in openings:
        assert reason in shown
        assert seal_number in shown
    # What lies on the server is opened by the download alone, which asks for the reason unless the policy says not to.
    assert dev.post("/exhibits/JD-7/bag/", {"reason": ""}).status_code == 422
    assert asha.post("/exhibits/JD-7/bag/", {"reason": "To look"}).status_code == 403


def test_the_access_list_is_the_managers(world: World, sealed: Exhibit, client_as: ClientAs) -> None:
    place = cabinet(world)
    said = {"keepers": [str(world.asha.pk)], "reason": "Dev left"}
    assert client_as(world.dev).post(f"{place.get_absolute_url()}keepers/", said).status_code == 403
    assert client_as(world.elin).post(f"{place.get_absolute_url()}keepers/", said).status_code == 302
    assert list(place.keepers.all()) == [world.asha]
    told = Entry.objects.get(action="evidence.place.changed")
    assert (told.subject_id, told.personal.get(field="keepers").value) == (str(place.pk), "Asha Patel")
    opened = client_as(world.asha).post(f"{place.get_absolute_url()}open/", {"reason": "To look"})
    assert opened.status_code == 302
    assert client_as(world.dev).post(f"{place.get_absolute_url()}open/", {"reason": "x"}).status_code == 403


@pytest.mark.clause("BASS-1.6.3.c")
def test_a_master_is_locked_away_for_its_years_and_then_comes_due(
    world: World, sealed: Exhibit, client_as: ClientAs
) -> None:
    adopt_policy(evidence_export_media=BY_POLICE, evidence_master_retention_years=3)
    seal(world.asha, "JD-9")
    elin, dev, place = client_as(world.elin), client_as(world.dev), cabinet(world)
    assert dev.post("/exhibits/JD-9/copies/make/", STICK | {"kind": "master"}).status_code == 302
    master = Copy.objects.get(exhibit__reference="JD-9", number=3)
    assert dev.post(f"{master.get_absolute_url()}store/", {"place": str(place.pk), "reason": "Kept"}).status_code == 302
    master.refresh_from_db()
    assert master.place == place
    assert master.keep_until is not None
    produced = master.exhibit.sealed_at
    assert produced is not None
    day = 28 if (produced.month, produced.day) == (2, 29) else produced.day
    assert (master.keep_until.year, master.keep_until.month, master.keep_until.day) == (
        produced.year + 3, produced.month, day,
    )  # fmt: skip
    end = {"reason": "Its years are over", "method": "Shredded", "witness": "Dev Chandra"}
    assert elin.post(f"{master.get_absolute_url()}destroy/", end).status_code == 409
    assert dev.post(f"{master.get_absolute_url()}destroy/", end).status_code == 403
    assert "JD-9" not in elin.get("/exhibits/register/?state=due").content.decode().split("<tbody")[-1]
    assert "past its date" not in str(elin.get("/api/v1/watch/now").json())

    Copy.objects.filter(pk=master.pk).update(keep_until=timezone.now() + timedelta(hours=1))
    assert elin.post(f"{master.get_absolute_url()}destroy/", end).status_code == 409, "not an hour before its day"
    Copy.objects.filter(pk=master.pk).update(keep_until=timezone.now() - timedelta(days=1))
    assert "JD-9" in elin.get("/exhibits/register/?state=due").content.decode()
    assert "past its date" in str(elin.get("/api/v1/watch/now").json())
    assert "past its date" not in str(client_as(world.asha).get("/api/v1/watch/now").json()), (
        "the list is the manager's"
    )
    for lacking in end:
        assert elin.post(f"{master.get_absolute_url()}destroy/", end | {lacking: ""}).status_code == 422
    assert elin.post(f"{master.get_absolute_url()}destroy/", end).status_code == 302
    master.refresh_from_db()
    assert (master.state, master.place) == ("destroyed", None)
    assert master.movements.last().remark == "Shredded; witness Dev Chandra"  # type: ignore[union-attr]


@pytest.mark.clause("BASS-1.6.3.b")
def test_police_get_a_working_copy_and_the_master_only_if_the_manager_writes_why(
    world: World, sealed: Exhibit, client_as: ClientAs
) -> None:
    dev, elin = client_as(world.dev), client_as(world.elin)
    master, working = made(dev, kind="master"), made(dev)
    for copy in (master, working):
        opened(dev, copy, the_zip())
    why = {"decision": "The court orders the first disc itself"}
    for browser, said in ((dev, {}), (dev, why), (elin, {}), (elin, {"decision": " "})):
        answer = handed_over(browser, master, **said)
        assert answer.status_code == 409
        assert "The master stays" in answer.content.decode()
    assert handed_over(elin, master, **why).status_code == 302
    entry = Entry.objects.get(action="evidence.copy.handed_over")
    assert entry.facts["master_decided"] is True
    assert entry.personal.get(field="decision").value == why["decision"]
    assert entry.personal.get(field="actor_name").value == "Elin Ward"
    assert handed_over(dev, working).status_code == 302, "a working copy, when they ask for it"


def test_what_lies_on_the_server_or_is_a_file_only_is_not_handed_over(
    world: World, sealed: Exhibit, client_as: ClientAs
) -> None:
    browser = client_as(world.dev)
    for copy in sealed.copies.filter(medium="server"):
        assert handed_over(browser, copy).status_code == 409
    file = made(browser, medium="download", medium_number="")
    opened(browser, file, the_zip())
    assert handed_over(browser, file).status_code == 409, "a link is off in this scheme"


@pytest.mark.clause("BASS-9.3.2")
def test_a_medium_is_taken_out_by_somebody_at_a_time_and_not_twice(
    world: World, sealed: Exhibit, client_as: ClientAs
) -> None:
    dev, place = client_as(world.dev), cabinet(world)
    copy = made(dev)
    address = copy.get_absolute_url()
    assert dev.post(f"{address}take-out/", {"reason": "For the court"}).status_code == 409, "it lies in no place yet"
    assert dev.post(f"{address}store/", {"place": str(place.pk), "reason": "To keep"}).status_code == 302
    before = timezone.now()
    assert dev.post(f"{address}take-out/", {"reason": "For the court"}).status_code == 302
    out = copy.movements.get(kind="taken_out")
    assert (out.by, out.place) == (world.dev, place)
    assert before <= out.at <= timezone.now()
    assert dev.post(f"{address}take-out/", {"reason": "Again"}).status_code == 409
    assert copy.movements.filter(kind="taken_out").count() == 1
    assert "Out of storage" in dev.get("/exhibits/register/?state=out").content.decode()
    assert dev.post(f"{address}store/", {"place": str(place.pk), "reason": "Back"}).status_code == 302
    assert "No copy fits" in dev.get("/exhibits/register/?state=out").content.decode()
    told = Entry.objects.filter(subject_id=str(copy.pk)).order_by("number").values_list("action", flat=True)
    assert list(told) == ["evidence.copy.made", "evidence.copy.stored", "evidence.copy.taken", "evidence.copy.stored"]
    looks = Entry.objects.filter(action="evidence.media.seen")
    assert [look.facts["copies"] for look in looks] == [1, 0]


def told_of(act: str) -> list[object]:
    """The numbers of the copies that entries of this act are about."""
    entries = Entry.objects.filter(action=f"evidence.exhibit.{act}").order_by("number")
    return [entry.facts["copy"] for entry in entries]


def test_every_copy_has_its_number_and_every_act_its_line_and_its_entry(
    world: World, sealed: Exhibit, client_as: ClientAs, tmp_path: Path
) -> None:
    browser = client_as(world.dev)
    copy = made(browser)
    browser.post("/exhibits/JD-7/bag/", {"reason": "For the record"})
    export_bag(sealed, tmp_path / "out", by=world.dev, reason="To a stick")
    said = told_of("downloaded")
    written = browser.post(f"{copy.get_absolute_url()}bag/")
    assert asyncio.run(collected(written.streaming_content))
    assert told_of("downloaded") == [*said, copy.number], "each writing to a medium is an entry of its own"
    assert told_of("exported") == [5]
    opened(browser, copy, the_zip())
    handed_over(browser, copy)
    assert list(sealed.copies.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    for one in CopyMovement.objects.all():
        entry = Entry.objects.get(number=one.entry)
        assert one.at == entry.recorded_at
        assert entry.facts["reference"] == "JD-7"
    assert [m.kind for m in copy.movements.all()] == ["made", "written", "tested", "handed_over"]
    assert list(copy.movements.values_list("position", flat=True)) == [1, 2, 3, 4]
    listed = browser.get("/exhibits/register/").content.decode()
    assert "5 copies" in listed
    assert "PC Hill, 4417, Marketon Police" in listed
    assert "JD-7" not in client_as(world.bryn).get("/exhibits/register/").content.decode()
    page = browser.get("/exhibits/JD-7/").content.decode()
    assert "Copy handed over" in page
    assert client_as(world.bryn).get(copy.get_absolute_url()).status_code == 404
    assert client_as(world.asha).post("/exhibits/JD-7/copies/make/", STICK).status_code == 403


def _zip(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def _patched(data: bytes, at: bytes, offset: int, new: bytes) -> bytes:
    """The archive with some bytes of the first record that begins with `at` replaced."""
    start = data.index(at) + offset
    return data[:start] + new + data[start + len(new) :]


_PLAIN = _zip(("JD-7/a", b"x" * 100))
_LOCAL, _CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
ODD_ARCHIVES = {
    "a file where a folder is": _zip(("JD-7/a", b"x"), ("JD-7/a/b", b"x")),
    "a folder where a file is": _zip(("JD-7/a/b", b"x"), ("JD-7/a", b"x")),
    "the folder itself as a file": _zip(("JD-7", b"x")),
    "a name longer than the disk takes": _zip(("JD-7/" + "n" * 300, b"x")),
    "a name out of the folder": _zip(("JD-7/../../../x", b"x")),
    "an absolute name": _zip(("/etc/x", b"x")),
    "a name that turns round": _zip(("JD-7/a\u202egpj.exe", b"x")),
    "a name that is no text": _patched(_patched(_PLAIN, _CENTRAL, 8, b"\x00\x08"), _CENTRAL, 46, b"\xff\xfe\xff"),
    "an encrypted member": _patched(_patched(_PLAIN, _CENTRAL, 8, b"\x01"), _LOCAL, 6, b"\x01"),
    "an unknown method": _patched(_patched(_PLAIN, _CENTRAL, 10, b"\x63"), _LOCAL, 8, b"\x63"),
    "a packed member": _zip(("JD-7/a", b"x" * 5000), method=zipfile.ZIP_DEFLATED),
    "more bytes than it says": _patched(_PLAIN, _CENTRAL, 24, b"\xff\xff\xff\x7f"),
    "fewer bytes than it says": _patched(_PLAIN, _CENTRAL, 20, b"\xff\x00\x00\x00"),
    "another start than it says": _patched(_PLAIN, _CENTRAL, 42, b"\xff\xff\xff\x00"),
    "a day that never was": _patched(_PLAIN, _CENTRAL, 12, b"\xff\xff\xff\xff"),
    "a directory that ends early": _PLAIN[:-30] + _PLAIN[-22:],
    "a count that is not so": _patched(_PLAIN, b"PK\x05\x06", 10, b"\xff\xff"),
    "a hundred thousand files": _zip(*((f"JD-7/{n}", b"") for n in range(100_001))),
}


@pytest.mark.parametrize("archive", ODD_ARCHIVES.values(), ids=ODD_ARCHIVES)
def test_an_odd_archive_is_answered_and_writes_nothing_outside(
    archive: bytes, world: World, sealed: Exhibit, client_as: ClientAs
) -> None:
    browser = client_as(world.dev)
    copy = made(browser)
    outside = {path for path in bag_folder("JD-7").parent.parent.iterdir()}
    file = SimpleUploadedFile("JD-7.zip", archive)
    answer = browser.post(f"{copy.get_absolute_url()}test/", {"archive": file, "played": "on"})
    assert answer.status_code in {302, 409, 422}, answer.content.decode()[-2000:]
    copy.refresh_from_db()
    assert copy.test_answer not in {"", "good"} or answer.status_code != 302
    assert {path for path in bag_folder("JD-7").parent.parent.iterdir()} == outside
    assert not list(bag_folder("JD-7").parent.glob(".test-*")), "what was unpacked is gone"
