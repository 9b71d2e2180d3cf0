"""The line everything stands on: watched, reviewed, sealed, handed out, verified by a stranger, and all of it written."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from journeys.conftest import Scheme
from journeys.installation import until

pytestmark = [pytest.mark.browser]
REASON = "Incident 4417, fight in High Street"
NAMES = {"asha": "Asha Patel", "dev": "Dev Chandra", "elin": "Elin Ward"}

#: A few pixels of the first tile's picture, as the browser has decoded and shows it.
PIXELS = """() => { const v = document.querySelector('video'); const c = document.createElement('canvas');
c.width = 64; c.height = 48; const g = c.getContext('2d'); g.drawImage(v, 0, 0, 64, 48);
return Array.from(g.getImageData(0, 24, 64, 1).data).join(','); }"""


@dataclass(frozen=True)
class Sealed:
    """An exhibit's bag as the supervisor downloaded it, and where it was unpacked."""

    reference: str
    folder: Path


@pytest.fixture(scope="module")
def sealed(scheme: Scheme, chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """Asha reviews, marks and seals; Dev downloads the bag and takes it elsewhere."""
    until(lambda: _recorded_seconds(scheme) > 12, seconds=40)
    context = chromium.new_context(
        base_url=scheme.installation.address, locale="en-GB", viewport={"width": 1366, "height": 768}
    )
    page = _enter(context, scheme, "asha")
    _seal(page, "AP-1")
    context.clear_cookies()
    page = _enter(context, scheme, "dev")
    page.goto("/exhibits/AP-1/")
    page.get_by_text("Download the sealed bag").click()
    page.get_by_label("Why the bag leaves").fill("For PC Holt, incident 4417")
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download", exact=True).click()
    folder = tmp_path_factory.mktemp("elsewhere")
    with zipfile.ZipFile(caught.value.path()) as archive:
        archive.extractall(folder)
    context.close()
    return Sealed("AP-1", folder / "AP-1")


def _enter(context: Any, scheme: Scheme, username: str) -> Any:
    """A page in which somebody is signed in, with the cookies of their other browser."""
    for cookie in scheme.people[username].cookies.jar:
        context.add_cookies([{"name": cookie.name, "value": cookie.value, "url": scheme.installation.address}])
    page = context.new_page()
    page.set_default_timeout(30_000)
    return page


def _recorded_seconds(scheme: Scheme) -> float:
    line = scheme.installation.footage("spans", "127 High Street north", "--json")
    spans = json.loads(line.stdout)["spans"] if line.returncode == 0 else []
    return max(((one["end_90k"] - one["start_90k"]) / 90_000 for one in spans), default=0.0)


def _seal(page: Any, reference: str) -> None:
    page.goto("/review/?cameras=127&new=1")
    page.get_by_label("Why do you need to look?").fill("")
    page.get_by_role("button", name="Open recordings").click()
    assert "Say why you need to look" in page.inner_text("main")
    page.get_by_label("Why do you need to look?").fill(REASON)
    clock = page.evaluate("new Date(Date.now()-7000).toLocaleTimeString('en-GB',{timeZone:'Europe/London'})")
    day = page.evaluate("new Date(Date.now()-7000).toLocaleDateString('en-CA',{timeZone:'Europe/London'})")
    page.get_by_label("Date").fill(day)  # the form begins some minutes ago: after midnight, yesterday
    page.get_by_label("Time").fill(clock)
    page.get_by_label("Nobody else can see the screen").check()
    page.get_by_role("button", name="Open recordings").click()
    page.locator(".tile .foot time").filter(has_text=re.compile(r"\d\d:\d\d:\d\d\.\d\d\d")).first.wait_for()
    page.keyboard.press("i")
    for _ in range(30):
        page.keyboard.press(".")
    page.keyboard.press("o")
    page.get_by_role("complementary", name="Basket").get_by_text(re.compile(r"^Held until")).first.wait_for()
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog", name="Seal as an exhibit")
    dialog.get_by_label("Reference").fill(reference)
    dialog.get_by_role("button", name="Seal").click()
    dialog.get_by_text(f"{reference} is sealed").wait_for()


def test_an_operator_watches_a_picture_that_moves(scheme: Scheme, browse: Callable[..., Any], chromium: Any) -> None:
    page = browse(scheme.installation.address, "asha")
    page.goto("/watch/?layout=4&tiles=127,128")
    page.locator('[data-tile="0"][data-state="live"]').wait_for()
    seen = set()
    for _ in range(12):
        seen.add(page.evaluate(PIXELS))
        page.wait_for_timeout(120)
    assert len(seen) >= 6, "the bar in the picture stands still"
    assert "127" in page.locator('[data-tile="0"]').inner_text()


def verify(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """As a stranger: no environment, no installed packages, nothing of ours but the file in the bag."""
    command = ["env", "-i", sys.executable, "-I", "-S", "verify.py", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def copy(sealed: Sealed, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed.folder, tmp_path / sealed.reference))


def film_of(folder: Path) -> Path:
    return next((folder / "data/master").rglob("*.mp4"))


def test_the_bag_verifies_elsewhere_with_none_of_our_software(sealed: Sealed) -> None:
    done = verify(sealed.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing was altered" in done.stdout
    assert not list(sealed.folder.rglob("__pycache__")), "verifying leaves the bag as it was"


def test_one_flipped_bit_is_named(copy: Path) -> None:
    film = film_of(copy)
    data = bytearray(film.read_bytes())
    data[len(data) // 2] ^= 1
    film.write_bytes(data)
    done = verify(copy)
    assert done.returncode == 1
    assert str(film.relative_to(copy)) in done.stdout


def test_a_missing_and_an_added_file_are_told_apart(copy: Path) -> None:
    film = film_of(copy)
    film.unlink()
    missing = verify(copy)
    assert missing.returncode == 1
    assert re.search(rf"{re.escape(film.name)}.*missing", missing.stdout), missing.stdout
    shutil.copy(copy / "verify.py", copy / "data" / "more.py")
    both = verify(copy)
    assert both.returncode == 1
    assert "data/more.py" in both.stdout
    assert both.stdout.count("  ! ") > missing.stdout.count("  ! ")


def test_an_unknown_key_is_no_alteration(copy: Path, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = Ed25519PrivateKey.generate().public_key()
    other = tmp_path / "other.pem"
    other.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    unknown = verify(copy, "--trusted", str(other))
    assert unknown.returncode == 3
    assert "not one you trust" in unknown.stdout
    raw = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    named = verify(copy, "--key", hashlib.sha256(raw).hexdigest())
    assert named.returncode == 4
    assert "ANOTHER KEY" in named.stdout


def test_every_act_is_in_the_logbook_with_its_reason(scheme: Scheme, sealed: Sealed) -> None:
    entries = {entry["action"]: entry for entry in reversed(scheme.entries(limit="500"))}
    told = {
        "watch.review.opened": ("asha", REASON), "evidence.hold.placed": ("asha", REASON),
        "evidence.exhibit.opened": ("asha", REASON), "evidence.exhibit.downloaded": ("dev", None),
        "estate.camera.added": ("elin", None), "accounts.signed_in": (None, None), "access.grant.given": ("elin", None),
    }  # fmt: skip
    for action, (who, reason) in told.items():
        assert action in entries, sorted(entries)
        personal = json.dumps(entries[action]["personal"])
        assert who is None or NAMES[who] in personal, personal
        assert reason is None or reason in personal, personal
    assert {"evidence.exhibit.sealed", "evidence.exhibit.signed"} <= set(entries)


def test_an_inspector_takes_a_checkpoint_away_and_later_nothing_is_gone(
    scheme: Scheme, browse: Callable[..., Any], tmp_path: Path, sealed: Sealed
) -> None:
    page = browse(scheme.installation.address, "cerys")
    page.goto("/logbook/prove/")
    with page.expect_download() as caught:
        page.get_by_role("link", name="Download the checkpoint").click()
    kept = tmp_path / "checkpoint.txt"
    kept.write_bytes(Path(caught.value.path()).read_bytes())
    scheme.people["asha"].get("/cameras/127/")
    assert scheme.api("asha").get("/cameras/999").status_code == 404  # an attempt, and so an entry
    proven = scheme.installation.overt("logbook", "since", str(kept), "--json")
    assert proven.returncode == 0, proven.stdout + proven.stderr
    other = tmp_path / "other.txt"
    lines = kept.read_text().splitlines(keepends=True)
    other.write_text("".join([lines[0], f"{int(lines[1]) - 1}\n", *lines[2:]]))
    refused = scheme.installation.overt("logbook", "since", str(other))
    assert refused.returncode != 0
    assert "Traceback" not in refused.stderr
