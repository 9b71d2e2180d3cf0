"""A seal stamped by an authority, and what the verifier makes of good, forged, foreign and silent ones."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from evidence.making import flip, make_bag, run_verify
from evidence.test_sealing import seal
from evidence.tsa import Authority, serving
from overt.evidence.bag import timestamp, verify
from overt.evidence.exhibits.folders import bag_folder
from playback.making import Recorded
from world import World


@pytest.fixture(scope="module", params=["rsa", "ec"])
def authority(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / request.param, request.param)


@pytest.fixture(scope="module")
def stamped(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stamped") / "JD-7"
    with serving(authority) as address:
        make_bag(folder, time_stamp=lambda message: timestamp.ask(address, message, authority.roots))
    return folder


def test_a_stamped_seal_is_proven_with_its_time_and_authority(stamped: Path) -> None:
    code, report = run_verify(stamped, "--require-time-stamp")
    assert (code, report["findings"]) == (0, [])
    told = report["time_stamp"]
    assert (told["answer"], told["authority"]) == ("good", "Clock of tests")
    assert told["root"]
    at = datetime.strptime(told["time"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=10)


def test_openssl_verifies_it_as_the_paper_says(stamped: Path) -> None:
    text = (stamped / "HOW-TO-VERIFY.txt").read_text()
    [line] = [line.strip() for line in text.splitlines() if line.strip().startswith("openssl ts -verify")]
    done = subprocess.run(["bash", "-c", line], cwd=stamped, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout + done.stderr


@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.95])
def test_any_flip_in_the_stamp_its_chain_or_what_it_stamps_is_found_and_named(
    stamped: Path, tmp_path: Path, part: float
) -> None:
    for name in (verify.STAMP, verify.STAMP_CHAIN, verify.TAG512):
        copy = Path(shutil.copytree(stamped, tmp_path / name.replace("/", "-")))
        flip(copy / name, int((copy / name).stat().st_size * part), 4)
        code, report = run_verify(copy)
        assert code == 1
        assert {found["path"] for found in report["findings"]} == {name}


def test_a_stamp_of_another_bag_listed_anew_is_not_good(stamped: Path, authority: Authority, tmp_path: Path) -> None:
    """Damage aside: a stamp that was exchanged, with its checksum made right, fails on what it says."""
    with serving(authority) as address:
        foreign = timestamp.ask(address, b"other bytes", authority.roots)
    copy = Path(shutil.copytree(stamped, tmp_path / "JD-7"))
    (copy / verify.STAMP).write_bytes(foreign.response)
    relist(copy)
    code, report = run_verify(copy)
    assert code == 1
    assert report["findings"][0]["code"] == "time-stamp-bad"
    assert "other bytes" in report["findings"][0]["says"]


def test_a_stamp_whose_content_was_forged_is_not_good(stamped: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(stamped, tmp_path / "JD-7"))
    data = bytearray((copy / verify.STAMP).read_bytes())
    year = str(datetime.now(UTC).year).encode()
    at = data.index(b"\x18\x0f" + year)  # the GeneralizedTime of the stamp
    data[at + 5] ^= 1
    (copy / verify.STAMP).write_bytes(bytes(data))
    relist(copy)
    code, report = run_verify(copy)
    assert code == 1
    assert report["findings"][0]["code"] == "time-stamp-bad"


def relist(folder: Path) -> None:
    from overt.evidence.bag.digests import digests_of
    from overt.evidence.bag.manifests import manifest

    (folder / verify.SIGNATURE_SUMS).unlink()
    made = {f"signatures/{p.name}": digests_of(p.read_bytes()) for p in (folder / "signatures").iterdir()}
    (folder / verify.SIGNATURE_SUMS).write_bytes(manifest(made, "sha512"))


def test_an_authority_of_another_root_is_refused_at_sealing(authority: Authority, tmp_path: Path) -> None:
    other = Authority(tmp_path / "other")
    with serving(other) as address, pytest.raises(timestamp.NoTimeStamp):
        timestamp.ask(address, b"bytes", authority.roots)


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/", "http://127.0.0.1:1/"])
def test_an_authority_that_is_not_there_says_so(address: str) -> None:
    with pytest.raises(timestamp.NoTimeStamp):
        timestamp.ask(address, b"bytes", None)


def test_the_room_stamps_where_an_authority_is_set_and_seals_without_one_that_is_silent(
    world: World, footage: dict[str, Recorded], authority: Authority, settings: Settings
) -> None:
    settings.TIME_STAMP_ROOTS = str(authority.roots)
    with serving(authority) as settings.TIME_STAMP_AUTHORITY:
        with_stamp = seal(world.asha, "JD-7")
    without = seal(world.asha, "JD-8")  # the same address, and nobody there any more
    assert with_stamp.time_stamped_at is not None
    assert run_verify(bag_folder("JD-7"), "--require-time-stamp")[0] == 0
    assert (without.state, without.time_stamped_at) == ("sealed", None)
    assert run_verify(bag_folder("JD-8"), "--require-time-stamp")[0] == 5
    assert run_verify(bag_folder("JD-8"))[0] == 0
