"""A bag on a disk, judged by others: the bagit library, sha512sum, openssl, and its own verify.py with nothing around it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import bagit
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.making import cut_clip, flip, make_bag, names, run_verify
from overt.evidence.bag import verify
from overt.evidence.bag.keys import make_keys


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bag") / "JD-7"
    make_bag(folder)
    return folder


@pytest.fixture
def copy(sealed: Path, tmp_path: Path) -> Path:
    """A copy elsewhere, as a defence expert has it."""
    return Path(shutil.copytree(sealed, tmp_path / "JD-7"))


def test_an_untouched_copy_is_good_without_any_software_of_ours(copy: Path) -> None:
    code, report = run_verify(copy)
    assert (code, report["answer"], report["findings"]) == (0, "good", [])
    assert report["logbook"]["events"] == report["logbook"]["proven"] == 2
    assert report["key"]["answer"] == "not-compared"


def test_it_is_a_bag_to_the_bagit_library(copy: Path) -> None:
    bag = bagit.Bag(str(copy))
    assert bag.validate()
    assert bag.info["External-Identifier"] == "JD-7"
    octets, files = bag.info["Payload-Oxum"].split(".")
    assert int(files) == len(bag.payload_entries()) == 3
    assert int(octets) == sum((copy / name).stat().st_size for name in bag.payload_entries())


def test_the_working_copy_is_the_master_bit_for_bit(copy: Path) -> None:
    masters = sorted((copy / "data/master").iterdir())
    assert masters
    for master in masters:
        assert (copy / "data/working" / master.name).read_bytes() == master.read_bytes()


def test_the_commands_of_how_to_verify_work_as_written(copy: Path) -> None:
    text = (copy / "HOW-TO-VERIFY.txt").read_text()
    commands = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    run = [line for line in commands if line.startswith(("sha512sum", "openssl dgst", "openssl pkeyutl"))]
    assert len(run) == 4
    for line in run:
        subprocess.run(["bash", "-c", line], cwd=copy, check=True, capture_output=True)
    pipes = [line for line in commands if line.startswith(("cat", "find", "openssl pkey "))]
    said = [
        subprocess.run(["bash", "-c", line], cwd=copy, check=True, capture_output=True, text=True).stdout
        for line in pipes
    ]
    assert set(said[1].split()) == verify.UNLISTED & set(names(copy)), "only what is made after the list is in no list"
    for printed in said[2:]:
        digest = printed.split()[0]
        assert " ".join(digest[n : n + 4] for n in range(0, 64, 4)) in text


def test_the_commands_of_how_to_verify_fail_on_a_flipped_bit(copy: Path) -> None:
    flip(copy / "tagmanifest-sha512.txt", 3, 0)
    text = (copy / "HOW-TO-VERIFY.txt").read_text()
    signed = [
        line.strip() for line in text.splitlines() if line.strip().startswith(("openssl dgst", "openssl pkeyutl"))
    ]
    assert len(signed) == 2
    for line in signed:
        assert subprocess.run(["bash", "-c", line], cwd=copy, check=False, capture_output=True).returncode != 0


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_single_flipped_bit_in_any_file_is_found_and_named(sealed: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(names(sealed)), label="file")
    path = sealed / name
    byte = data.draw(st.integers(0, path.stat().st_size - 1), label="byte")
    bit = data.draw(st.integers(0, 7), label="bit")
    flip(path, byte, bit)
    try:
        report = verify.verify_bag(sealed)
    finally:
        flip(path, byte, bit)
    assert report["exit"] == 1
    assert {finding["path"] for finding in report["findings"]} == {name}, report["findings"]
    assert report["answer"] == "altered"


def test_a_flipped_bit_in_the_recording_is_placed_to_the_byte_the_bit_and_the_second(copy: Path) -> None:
    master = next((copy / "data/master").iterdir())
    flip(master, master.stat().st_size // 2, 5)
    code, report = run_verify(copy)
    [found] = report["findings"]
    assert code == 1
    assert found["path"] == f"data/master/{master.name}"
    assert (found["byte_start"], found["bit"]) == (master.stat().st_size // 2, 5)
    assert "2026-11-01T09:00:3" in found["from"] < found["to"] <= "2026-11-01T09:00:36"


def test_where_both_copies_are_altered_the_chunk_and_its_time_are_named(copy: Path) -> None:
    master = next((copy / "data/master").iterdir())
    for folder in ("master", "working"):
        flip(copy / "data" / folder / master.name, 20_000, 1)
    code, report = run_verify(copy)
    assert code == 1
    assert {found["path"].split("/")[1] for found in report["findings"]} == {"master", "working"}
    for found in report["findings"]:
        assert found["byte_start"] <= 20_000 < found["byte_end"]
        assert "from" in found


def test_a_shortened_recording_is_named_with_both_sizes(copy: Path) -> None:
    working = next((copy / "data/working").iterdir())
    working.chmod(0o644)
    size = working.stat().st_size
    working.write_bytes(working.read_bytes()[:-1000])
    code, report = run_verify(copy)
    assert code == 1
    assert f"{size:,} were sealed" in report["findings"][0]["says"]


@pytest.mark.parametrize(
    "name", ["data/README.html", "metadata/events.jsonl", "signatures/p256.pem", "manifest-sha256.txt"]
)
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    code, report = run_verify(copy)
    assert code == 1
    assert report["findings"][0]["code"] == "missing"
    assert {f["path"] for f in report["findings"]} == {name}


@pytest.mark.parametrize("name", ["data/master/extra.mp4", "notes.txt", "metadata/proofs/000000009.tlog-proof"])
def test_an_added_file_is_named(copy: Path, name: str) -> None:
    (copy / name).write_bytes(b"not ours")
    code, report = run_verify(copy)
    assert code == 1
    assert [(f["code"], f["path"]) for f in report["findings"]] == [("added", name)]


LEFT = {
    ".DS_Store": b"\0\0\0\1Bud1",
    "data/master/._JD-7.mp4": b"\x00\x05\x16\x07\0\2\0\0Mac OS X",
    "data/Thumbs.db": b"\xd0\xcf\x11\xe0",
    "data/working/desktop.ini": b"[.ShellClassInfo]",
    "System Volume Information/WPSettings.dat": b"\x0c\0\0\0",
}


def leave(folder: Path) -> list[str]:
    """What the desktops of a few computers leave in a folder that was looked at."""
    for name, content in LEFT.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return sorted(LEFT)


def test_what_a_desktop_leaves_is_no_part_of_the_bag_and_alters_nothing(copy: Path) -> None:
    before = run_verify(copy)[1]
    left = leave(copy)
    code, report = run_verify(copy)
    assert (code, report["answer"], report["findings"], report["besides"]) == (0, "good", [], left)
    assert (report["files"], report["bytes"], before["besides"]) == (before["files"], before["bytes"], [])
    told = verify.words(report)
    assert "It is whole, with files in its folder that are not part of it." in told
    assert all(name in told for name in left)
    flip(copy / "bag-info.txt", 3, 1)
    code, report = run_verify(copy)
    assert (code, report["answer"], {one["path"] for one in report["findings"]}) == (1, "altered", {"bag-info.txt"})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data/master/._extra.mp4", b"\0\0\0\x18ftypiso6"),
        ("data/Thumbs.db.mp4", b"not ours"),
        ("data/desktop.ini/extra.mp4", b"not ours"),
        (".hidden", b"not ours"),
    ],
)
def test_what_only_looks_like_it_was_added(copy: Path, name: str, content: bytes) -> None:
    leave(copy)
    (copy / name).parent.mkdir(exist_ok=True)
    (copy / name).write_bytes(content)
    code, report = run_verify(copy)
    assert (code, [(one["code"], one["path"]) for one in report["findings"]]) == (1, [("added", name)])


def test_a_time_stamp_put_in_later_is_named(copy: Path) -> None:
    (copy / verify.STAMP).write_bytes(b"\x30\x03\x02\x01\x00")
    code, report = run_verify(copy)
    assert code == 1
    assert ("added", verify.STAMP) in [(f["code"], f["path"]) for f in report["findings"]]


def test_a_link_is_not_followed_and_is_named(copy: Path) -> None:
    (copy / "data/master/elsewhere.mp4").symlink_to("/etc/hostname")
    code, report = run_verify(copy)
    assert code == 1
    assert report["findings"][0]["path"] == "data/master/elsewhere.mp4"


def test_a_file_swapped_together_with_both_its_manifests_fails_at_the_signature(copy: Path) -> None:
    """The careful forger: every list is made new, and only the keys are out of reach."""
    from overt.evidence.bag.digests import digests_of
    from overt.evidence.bag.manifests import manifest

    (copy / "data/README.html").write_text("another story")
    payload = {n: digests_of((copy / n).read_bytes()) for n in names(copy) if n.startswith("data/")}
    (copy / "manifest-sha512.txt").write_bytes(manifest(payload, "sha512"))
    (copy / "manifest-sha256.txt").write_bytes(manifest(payload, "sha256"))
    tags = {n: digests_of((copy / n).read_bytes()) for n in names(copy) if not n.startswith("data/")}
    tags = {n: d for n, d in tags.items() if n not in verify.UNLISTED}
    (copy / "tagmanifest-sha512.txt").write_bytes(manifest(tags, "sha512"))
    (copy / "tagmanifest-sha256.txt").write_bytes(manifest(tags, "sha256"))
    code, report = run_verify(copy)
    assert code == 1
    assert report["findings"][0]["path"] == "tagmanifest-sha512.txt"


def test_wrong_key_unknown_key_and_missing_time_stamp_are_three_answers(sealed: Path, tmp_path: Path) -> None:
    ours = run_verify(sealed)[1]["key"]["ed25519"]
    other = make_keys()
    stranger = tmp_path / "stranger.pem"
    stranger.write_bytes(b"".join(other.public_pems()))
    own = tmp_path / "own.pem"
    own.write_bytes((sealed / "signatures/p256.pem").read_bytes())
    assert run_verify(sealed, "--key", ours)[0] == 0
    assert run_verify(sealed, "--trusted", str(own))[0] == 0
    code, report = run_verify(sealed, "--key", other.fingerprints()[0])
    assert (code, report["answer"], report["findings"]) == (4, "key-wrong", [])
    code, report = run_verify(sealed, "--trusted", str(stranger))
    assert (code, report["answer"], report["findings"]) == (3, "key-unknown", [])
    code, report = run_verify(sealed, "--require-time-stamp")
    assert (code, report["answer"], report["findings"]) == (5, "time-stamp-missing", [])


def test_what_cannot_be_checked_says_why(tmp_path: Path, sealed: Path) -> None:
    for arguments in (
        ["/nowhere"],
        [str(tmp_path)],
        [str(sealed), "--key", "abc"],
        [str(sealed), "--trusted", "/nowhere"],
    ):
        program = ["python3", "-I", "-S", str(sealed / "verify.py"), *arguments]
        done = subprocess.run(program, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert done.stderr.strip().endswith(".")
        assert "Traceback" not in done.stderr


def test_hostile_contents_are_findings_and_never_a_crash(copy: Path) -> None:
    hostile = {
        "metadata/exhibit.json": b'{"clips": [{"files": 7}], "logbook": []}',
        "metadata/events.jsonl": b'["no event"]\n{"canonical": "[]", "opened": [], "proof": "../../etc/passwd"}\n',
        "manifest-sha512.txt": b"zz  ../../etc/passwd\n" + b"0" * 128 + b"  /etc/passwd\n\xff",
        "metadata/chunks.sha256": b"x y z\n",
        "signatures/ed25519.pem": b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        verify.EC_SIG: b"\x30\x84\xff\xff\xff\xff",
        verify.STAMP: b"\x30\x80\x30",
    }
    for name, content in hostile.items():
        (copy / name).write_bytes(content)
    code, report = run_verify(copy)
    assert code == 1
    assert set(hostile) <= {finding["path"] for finding in report["findings"]}


def test_an_event_that_was_rewritten_and_listed_anew_has_no_proof(copy: Path) -> None:
    """Even whoever holds the signing key cannot change what the logbook holds."""
    folder = copy.parent / "again" / "JD-7"
    keys = make_keys()
    make_bag(folder, keys=keys)
    from overt.evidence.bag import build

    events = (folder / "metadata/events.jsonl").read_text().replace("Asha Patel", "Bryn Howell")
    (folder / "metadata/events.jsonl").write_text(events)
    for name in (*verify.UNLISTED,):
        (folder / name).unlink(missing_ok=True)
    listed = build._write_tag_manifests(folder)
    build._sign(folder, listed, keys, None)
    code, report = run_verify(folder)
    assert code == 1
    assert report["findings"][0]["code"] == "event-bad"
    assert "actor_name" in report["findings"][0]["says"]


def test_exhibit_json_says_what_where_when(sealed: Path) -> None:
    said = json.loads((sealed / "metadata/exhibit.json").read_text())
    [clip] = said["clips"]
    assert clip["camera"]["number"] == "127"
    assert clip["camera_clock_minus_server_ms"] == -412
    assert clip["files"][0]["start"] == "2026-11-01T09:00:30.000Z"
    assert clip["files"][0]["start_local"] == "2026-11-01T09:00:30.000+00:00"
    assert clip["files"][0]["begins_on_key_frame"]
    size = sum(fragment[1] for fragment in clip["files"][0]["fragments"])
    assert 0 < clip["files"][0]["size_bytes"] - size < 3000, "the index covers all but the head of the file"
    assert sum(fragment[5] for fragment in clip["files"][0]["fragments"]) == clip["files"][0]["frames"] == 150


#: What exhibit.json calls things. Bags that are sealed carry the verifier and the pages of their day: what those read
#: must be called the same for ever. Names may be added, and none is taken away.
TIMES = {"start_90k", "end_90k", "start", "end", "start_local", "end_local"}
NAMES = {
    "files": TIMES
    | {"path", "working", "size_bytes", "sha256", "sha512", "frames", "codec", "sound", "width", "height"}
    | {"begins_on_key_frame", "fragments"},
    "gaps": TIMES | {"cause", "words", "detail"},
    "segments": TIMES | {"path", "sha256"},
}


def test_exhibit_json_calls_things_as_bags_that_are_sealed_already_do(tmp_path: Path) -> None:
    folder = tmp_path / "JD-7"
    make_bag(folder, clip=lambda bag: cut_clip(bag, with_gap=True))
    [clip] = json.loads((folder / "metadata/exhibit.json").read_text())["clips"]
    for kind, called in NAMES.items():
        assert clip[kind], f"no {kind} to look at"
        for one in clip[kind]:
            assert called <= one.keys(), kind
    assert clip["gaps"][0]["words"] == "the camera could not be reached"
    assert run_verify(folder)[0] == 0


@pytest.mark.parametrize("sound", [False, True])
def test_the_bag_says_whether_there_is_sound(tmp_path: Path, sound: bool) -> None:
    folder = tmp_path / "JD-7"
    make_bag(folder, clip=lambda bag: cut_clip(bag, sound=sound))
    [file] = json.loads((folder / "metadata/exhibit.json").read_text())["clips"][0]["files"]
    assert (file["sound"], file["frames"]) == (sound, 150)
    assert (", with sound" in (folder / "data/README.html").read_text()) is sound
    assert (", no sound" in (folder / "data/README.html").read_text()) is not sound
    code, report = run_verify(folder)
    assert (code, report["findings"]) == (0, [])


def test_the_kernel_copies_and_the_fallback_copies_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    from overt.evidence.bag import build

    (tmp_path / "data/master").mkdir(parents=True)
    (tmp_path / "data/master/a.mp4").write_bytes(os.urandom(3_000_000))

    def refuse(*_: object) -> int:
        raise OSError(95, "not supported")

    monkeypatch.setattr(os, "copy_file_range", refuse)
    build.duplicate(tmp_path, "a.mp4")
    assert (tmp_path / "data/working/a.mp4").read_bytes() == (tmp_path / "data/master/a.mp4").read_bytes()
