"""Labels: what goes on a disc or its envelope, and looks right on paper."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from hashlib import sha512
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from evidence.test_copies import STICK, made
from evidence.test_sealing import seal
from overt.evidence.copies.rules import Medium
from overt.evidence.copies.services import make_copy
from overt.evidence.errors import CopyIncomplete
from overt.evidence.exhibits.folders import bag_folder
from overt.evidence.models import Exhibit
from overt.logbook.models import Entry
from playback.making import Recorded
from world import World, adopt_policy

ClientAs = Callable[..., Client]


@pytest.fixture
def sealed(world: World, footage: dict[str, Recorded]) -> Exhibit:
    adopt_policy(evidence_export_media=[{"medium": "disc"}])
    return seal(world.asha)


def words_of(page: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.decode())).split())


@pytest.mark.clause("HERTS-24.4")
def test_material_on_a_disc_is_an_exhibit_with_reference_producer_number_hashes_and_label(
    world: World, sealed: Exhibit, client_as: ClientAs
) -> None:
    browser = client_as(world.dev)
    disc = {"medium": "disc", "medium_number": "D-12"}
    assert browser.post("/exhibits/JD-8/copies/make/", STICK | disc).status_code == 404, "no reference, no production"
    assert browser.post("/exhibits/seal/", {"reference": ""}).status_code == 422
    assert browser.post("/exhibits/JD-7/copies/make/", STICK | disc | {"medium_number": ""}).status_code == 422
    assert browser.post("/exhibits/JD-7/copies/make/", STICK | {"medium": "cloud"}).status_code == 422
    with pytest.raises(CopyIncomplete):
        make_copy(sealed, Medium("disc", " "), by=world.dev, reason="For PC Hill")
    copy = made(browser, **disc)
    recordings = sorted((bag_folder("JD-7") / "data" / "master").iterdir())
    listed = "".join(f"{sha512(path.read_bytes()).hexdigest()}  {path.name}\n" for path in recordings)
    assert copy.content_sha512 == sha512(listed.encode()).hexdigest(), "of what lies in the bag"
    label = words_of(browser.get(f"{copy.get_absolute_url()}label/").content)
    said = (
        "JD-7",
        "WORKING copy 3",
        "Produced by Asha Patel",
        "Disc D-12",
        "Camera 127 High Street North",
        f"SHA-512 {copy.content_sha512}",
        f"SHA-512 {sealed.tags_sha512}",
    )
    for words in said:
        assert words in label, words
    assert sealed.key_fingerprint in label.replace(" ", "")


def test_master_and_working_copy_have_labels_of_their_own(world: World, sealed: Exhibit, client_as: ClientAs) -> None:
    label = words_of(client_as(world.asha).get("/exhibits/JD-7/label/").content)
    assert "MASTER copy 1" in label
    assert "WORKING copy 2" in label
    assert "shown for printing" not in client_as(world.asha).get("/exhibits/JD-7/").content.decode()
    assert Entry.objects.filter(action="evidence.label.printed", subject_id=str(sealed.pk)).count() == 1
    assert client_as(world.bryn).get("/exhibits/JD-7/label/").status_code == 404


@pytest.mark.browser
@pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="there is no Chromium here")
def test_two_labels_are_one_sheet_of_a4(world: World, sealed: Exhibit, client_as: ClientAs, tmp_path: Path) -> None:
    """Printed by the browser itself, with our style beside the page."""
    static = Path(__file__).parents[2] / "src/overt/evidence/static/evidence/print.css"
    html = client_as(world.asha).get("/exhibits/JD-7/label/").content.decode()
    page = tmp_path / "label.html"
    page.write_text(re.sub(r'href="[^"]*print[^"]*css"', f'href="{static.as_uri()}"', html))
    pdf = tmp_path / "label.pdf"
    flags = ["--headless", "--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"]
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    program = ["/usr/bin/chromium", *flags, profile, f"--print-to-pdf={pdf}", page.as_uri()]
    subprocess.run(program, check=True, capture_output=True, timeout=60)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) == 1


@pytest.mark.parametrize("paper", ["label/", "continuity/", "copies/1/label/", "copies/1/form/"])
def test_nothing_on_a_paper_is_hidden_or_turned(world: World, sealed: Exhibit, client_as: ClientAs, paper: str) -> None:
    """Whatever got into the records, by whatever way: what is signed on paper is what can be read there."""
    hidden = "Case \u202e7144\u200b of \x1b[2JMarket"
    Exhibit.objects.filter(pk=sealed.pk).update(case_reference=hidden)
    world.camera("127").__class__.objects.filter(pk=world.camera("127").pk).update(name="North \u202ehtuoS")
    page = unescape(client_as(world.dev).get(f"/exhibits/JD-7/{paper}").content.decode())
    assert not set(page) & set("\u202e\u200b\x1b")
    assert r"\u202e" in page
