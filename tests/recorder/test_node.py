"""The recorder as a process, over real RTSP: killed, stopped, unplugged, asked, and run twice."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import sqlite3
import struct
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from footage.catalogue import Catalogue
from footage.commands.record import camera_id
from footage.times import utc_now
from recorder.making import SECOND, decoded, write_film
from recorder.node import Cameras, Recorder, footage, footage_json, recording, spans, uncut_name, until


def recorded_seconds(store: Path, name: str) -> float:
    found = spans(store, name)["spans"]
    return sum(span["end_90k"] - span["start_90k"] for span in found) / SECOND


def files(store: Path) -> list[Path]:
    return sorted(store.glob("*-*/**/*.mp4"))


def test_a_kill_costs_at_most_two_seconds_and_the_next_start_says_why_they_are_missing(
    cameras: Cameras, store: Path
) -> None:
    recorder = Recorder(store, f"a={cameras.url('cam1')}", f"b={cameras.url('cam2')}")
    until(lambda: min(recorded_seconds(store, name) for name in "ab") > 4)
    killed_at = utc_now()
    recorder.kill()
    before = {name: spans(store, name)["spans"][0]["end_90k"] for name in "ab"}
    for name in "ab":
        assert killed_at - before[name] < 2 * SECOND
    with recording(store, f"a={cameras.url('cam1')}", f"b={cameras.url('cam2')}"):
        until(lambda: all(len(spans(store, name)["spans"]) == 2 for name in "ab"))
    for name in "ab":
        found = spans(store, name)
        assert found["spans"][0]["end_90k"] == before[name]
        gap = found["gaps"][0]
        assert (gap["cause"], gap["start_90k"], gap["end_90k"]) == (
            "node-stopped",
            before[name],
            found["spans"][1]["start_90k"],
        )
    report = footage_json("check", "--store", store, "--level", "hash")
    assert (report["ok"], report["unfinished"]) == (True, 0)
    for file in files(store):
        decoded(file)


def test_after_an_orderly_stop_every_file_has_a_row_and_a_gap_has_begun(cameras: Cameras, store: Path) -> None:
    with recording(store, f"a={cameras.url('cam1')}") as recorder:
        until(lambda: recorded_seconds(store, "a") > 2)
        code, _ = recorder.stop()
    assert code == 0
    report = footage_json("check", "--store", store, "--level", "hash")
    assert (report["ok"], report["unfinished"], report["segments"]) == (True, 0, len(files(store)))
    found = spans(store, "a")
    assert (found["gaps"][-1]["cause"], found["gaps"][-1]["end"]) == ("node-stopped", None)
    assert found["gaps"][-1]["start_90k"] == found["spans"][-1]["end_90k"]


def test_a_camera_that_is_unplugged_is_a_gap_and_its_neighbour_goes_on(cameras: Cameras, store: Path) -> None:
    with recording(store, f"a={cameras.url('cam1')}", f"b={cameras.url('cam2')}"):
        until(lambda: min(recorded_seconds(store, name) for name in "ab") > 2)
        cameras.fault("cam1", "refuse", seconds=2)
        until(lambda: len(spans(store, "a")["spans"]) == 2)
    a, b = spans(store, "a"), spans(store, "b")
    assert a["gaps"][0]["cause"] == "camera-lost"
    assert a["gaps"][0]["end_90k"] - a["gaps"][0]["start_90k"] > 1.5 * SECOND
    assert len(b["spans"]) == 1


def test_another_picture_size_is_another_run_and_no_gap(cameras: Cameras, store: Path) -> None:
    with recording(store, f"a={cameras.url('cam1')}"):
        until(lambda: recorded_seconds(store, "a") > 1)
        cameras.fault("cam1", "resolution", width=160, height=96)
        until(lambda: len(spans(store, "a")["spans"]) == 2)
    first, second = spans(store, "a")["spans"][:2]
    assert first["run"] + 1 == second["run"]
    assert abs(second["start_90k"] - first["end_90k"]) < SECOND
    assert all(decoded(file) for file in files(store))


def test_the_journal_is_made_again_from_the_disk_alone(cameras: Cameras, store: Path, tmp_path: Path) -> None:
    with recording(store, "--for", 3, f"a={cameras.url('cam1')}", f"b={cameras.url('cam2')}") as recorder:
        recorder.process.wait(20)
    with recording(store, f"a={cameras.url('cam1')}", f"b={cameras.url('cam2')}"):
        until(lambda: all(len(spans(store, name)["spans"]) == 2 for name in "ab"))
        cameras.fault("cam1", "drop")
        until(lambda: len(spans(store, "a")["spans"]) == 3)
    before = {name: spans(store, name) for name in "ab"}
    with_old = shutil.copytree(store, tmp_path / "copy")
    for file in store.glob("catalogue.sqlite3*"):
        file.unlink()
    assert footage("spans", "--store", store, "a").returncode == 3
    refused = footage("record", "--store", store, f"a={cameras.url('cam1')}")
    assert refused.returncode == 2
    assert "footage reindex" in refused.stderr
    assert footage("reindex", "--store", store).returncode == 0
    assert footage_json("check", "--store", store, "--level", "hash")["ok"]
    for name in "ab":
        again = spans(store, name)
        assert again["spans"] == before[name]["spans"]
        # What no file followed yet, the disk cannot know: the gap that is open since the stop.
        assert again["gaps"] == [gap for gap in before[name]["gaps"] if gap["end"]]
    assert footage("reindex", "--store", with_old).returncode == 0
    assert {name: spans(with_old, name) for name in "ab"} == before


def test_health_tells_each_camera_and_a_segment_closes_on_request(cameras: Cameras, store: Path, run: Path) -> None:
    name = uncut_name()
    words = (f"{name}={cameras.url('cam1')}", "gone=rtsp://127.0.0.1:9/none")
    with recording(store, *words, run=run) as recorder:
        until(lambda: recorded_seconds(store, name) > 2)
        until(lambda: recorder.ask(ask="health")["cameras"][1]["condition"] == "lost")
        health = recorder.ask(ask="health")
        good, gone = health["cameras"]
        assert (good["condition"], good["width"], good["codec"][:4]) == ("recording", 320, "avc1")
        assert gone["attempts"] >= 1
        assert health["alive"]
        assert health["alarms"] == []
        assert recorder.ask(ask="close-segment", camera=str(camera_id(name))) == {"ok": True, "recorded": True}
        assert footage_json("check", "--store", store)["segments"] == 1
        assert recorder.ask(ask="process")["pss_bytes"] > 0
        assert recorder.ask(ask="what")["error"] == "bad-question"
        assert recorder.ask(ask="stop")["ok"]
        recorder.process.wait(20)
    assert len(spans(store, name)["spans"]) == 1
    assert spans(store, "gone")["gaps"][0]["cause"] == "camera-lost"


def test_two_recorders_on_one_store_are_refused_and_the_first_goes_on(cameras: Cameras, store: Path) -> None:
    with recording(store, f"a={cameras.url('cam1')}") as first:
        until(lambda: recorded_seconds(store, "a") > 1)
        second = footage("record", "--store", store, f"a={cameras.url('cam1')}")
        assert second.returncode == 2
        assert f"process {first.process.pid}" in second.stderr
        assert footage("reindex", "--store", store).returncode == 2
        had = recorded_seconds(store, "a")
        until(lambda: recorded_seconds(store, "a") > had)


def test_a_store_that_is_gone_or_another_is_refused(cameras: Cameras, store: Path, run: Path, tmp_path: Path) -> None:
    word = f"a={cameras.url('cam1')}"
    with recording(store, "--for", 1, word, run=run) as recorder:
        recorder.process.wait(20)
    store.rename(tmp_path / "unplugged")
    store.mkdir()
    refused = footage("record", "--store", store, "--run", run, word)
    assert (refused.returncode, "Is the disk mounted?" in refused.stderr) == (2, True)
    assert list(store.iterdir()) == []
    assert footage("record", "--store", store, "--for", 1, word).returncode == 0
    refused = footage("record", "--store", store, "--run", run, word)
    assert (refused.returncode, "was here before" in refused.stderr) == (2, True)


def test_a_store_of_a_newer_version_is_refused(cameras: Cameras, store: Path) -> None:
    assert footage("record", "--store", store, "--for", 1, f"a={cameras.url('cam1')}").returncode == 0
    identity = json.loads((store / "volume.json").read_text())
    (store / "volume.json").write_text(json.dumps({**identity, "format_version": 2}))
    for words in (("spans", "--store", store, "a"), ("reindex", "--store", store), ("check", "--store", store)):
        done = footage(*words)
        assert (done.returncode, "newer version" in done.stderr) == (2, True)


def test_a_journal_from_an_old_copy_is_refused(cameras: Cameras, store: Path) -> None:
    word = f"a={cameras.url('cam1')}"
    assert footage("record", "--store", store, "--for", 1, word).returncode == 0
    old = {file.name: file.read_bytes() for file in store.glob("catalogue.sqlite3*")}
    for _ in range(2):
        assert footage("record", "--store", store, "--for", 1, word).returncode == 0
    for file in store.glob("catalogue.sqlite3*"):
        file.unlink()
    for name, data in old.items():
        (store / name).write_bytes(data)
    refused = footage("record", "--store", store, "--for", 1, word)
    assert (refused.returncode, "footage reindex" in refused.stderr) == (2, True)
    assert footage("reindex", "--store", store).returncode == 0
    assert footage("record", "--store", store, "--for", 1, word).returncode == 0
    assert footage_json("check", "--store", store, "--level", "hash")["ok"]


def test_the_live_socket_gives_parameters_state_and_pictures_from_the_last_key_frame(
    cameras: Cameras, store: Path, run: Path
) -> None:
    with recording(store, f"a={cameras.url('cam1')}", run=run):
        until(lambda: recorded_seconds(store, "a") > 1)
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(10)
            line.connect(str(run / "live.sock"))
            line.sendall(json.dumps({"camera": str(camera_id("a"))}).encode() + b"\n")
            stream = line.makefile("rb")
            frames = [_frame(stream) for _ in range(60)]
    assert [kind for kind, _ in frames] == [b"P", b"S"] + [b"F"] * 58
    facts = json.loads(frames[0][1])
    assert (facts["width"], facts["height"], facts["codec"][:4]) == (320, 180, "avc1")
    assert json.loads(frames[1][1])["condition"] == "recording"
    pictures = [struct.unpack_from(">QqB", payload) for _, payload in frames[2:]]
    assert pictures[0][2] == 1
    assert {after[0] - before[0] for before, after in pairwise(pictures)} == {3600}
    assert abs(pictures[-1][1] - utc_now()) < 30 * SECOND


def test_h265_is_recorded_like_h264(store: Path, tmp_path: Path) -> None:
    cameras = Cameras(write_film(tmp_path / "street.mp4", codec="libx265"), 1)
    try:
        with recording(store, f"a={cameras.url('cam1')}"):
            until(lambda: recorded_seconds(store, "a") > 2)
    finally:
        cameras.close()
    with Catalogue(store, readonly=True) as catalogue:
        for row in catalogue.all_segments():
            assert (row.codec[:4], row.width, row.height) == ("hvc1", 320, 180)
            assert decoded(store / row.path) == row.frames
    assert footage_json("check", "--store", store, "--level", "hash")["ok"]


def test_what_is_no_camera_on_the_command_line_is_told(store: Path) -> None:
    for words, said in (
        (["a"], "is not NAME=URL"),
        (["=rtsp://camera/"], "is not NAME=URL"),
        (["rtsp://u:hunter2@camera/?a=b"], "camera 1 is not NAME=URL"),
        (["a=rtsp://u:hunter2#3@camera/"], "write it as %23"),
        (["a=http://camera/"], "begins with rtsp://"),
        (["a=rtsp://camera:99999/"], "cannot be read"),
        (["a=rtsp://one/", "a=rtsp://two/"], "twice"),
        (["--for", "0", "a=rtsp://camera/"], "above zero"),
        (["--network", "nowhere", "a=rtsp://camera/"], "--network"),
    ):
        done = footage("record", "--store", store, *words)
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
        assert "hunter2" not in done.stderr
    assert not store.exists()


def test_a_password_on_the_command_line_is_never_written(cameras: Cameras, store: Path) -> None:
    url = cameras.url("cam1").replace("rtsp://", "rtsp://asha:open-sesame@")
    assert footage("record", "--store", store, "--for", 2, f"a={url}").returncode == 0
    for file in store.rglob("*"):
        if file.is_file():
            assert b"open-sesame" not in file.read_bytes()


def test_a_store_that_cannot_be_looked_after_is_an_alarm(cameras: Cameras, store: Path, run: Path) -> None:
    """Recording goes on; that nothing is deleted any more was only in the log."""
    # A reserve that no disk has makes every look a round.
    with recording(store, "--reserve-bytes", 1 << 50, f"a={cameras.url('cam1')}", run=run) as recorder:
        until(lambda: recorder.ask(ask="health")["alarms"])
        assert not any("looked after" in alarm for alarm in recorder.ask(ask="health")["alarms"])
        with closing(sqlite3.connect(store / "catalogue.sqlite3")) as connection:
            connection.execute("ALTER TABLE holds RENAME TO lost")
        until(lambda: any("looked after" in alarm for alarm in recorder.ask(ask="health")["alarms"]))
        with closing(sqlite3.connect(store / "catalogue.sqlite3")) as connection:
            connection.execute("ALTER TABLE lost RENAME TO holds")
        until(lambda: not any("looked after" in alarm for alarm in recorder.ask(ask="health")["alarms"]))


@pytest.mark.torture
def test_many_kills_lose_little_and_break_nothing(cameras: Cameras, store: Path) -> None:
    words = [f"c{number}={cameras.url(f'cam{number}')}" for number in (1, 2, 3)]
    for round_number in range(15):
        recorder = Recorder(store, *words)
        time.sleep(2 + round_number % 5 * 0.37)
        recorder.process.send_signal(signal.SIGKILL)
        recorder.process.communicate()
    assert footage("record", "--store", store, "--for", 2, *words).returncode == 0
    assert footage_json("check", "--store", store, "--level", "hash")["ok"]
    for file in files(store):
        decoded(file)


def _frame(stream) -> tuple[bytes, bytes]:
    length, kind = struct.unpack(">I1s", stream.read(5))
    return kind, stream.read(length)
