"""`footage check` and `footage reindex`: what is wrong is found and named, and nothing is taken away for it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from uuid import uuid4

import pytest

from footage.catalogue import Catalogue
from footage.contract import GapCause, Hold
from footage.recorder.adopt import adopt_unfinished
from recorder.making import FRAME, SECOND, START, Bench, decoded
from recorder.node import footage, footage_json


@pytest.fixture
async def kept(bench: Bench) -> Bench:
    """Three files of one camera, closed in good order."""
    bench.begin()
    bench.seconds(150)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    await bench.rows()
    return bench


def files(bench: Bench) -> list[Path]:
    return [bench.store / row.path for row in bench.catalogue.all_segments()]


def check(bench: Bench, level: str) -> tuple[int, list[tuple[str, str]]]:
    done = footage("check", "--store", bench.store, "--level", level, "--json")
    report = json.loads(done.stdout)
    assert report["ok"] == (done.returncode == 0)
    return done.returncode, [(problem["finding"], problem["path"]) for problem in report["problems"]]


@pytest.mark.parametrize("level", ["presence", "size", "hash"])
async def test_a_whole_store_is_whole_at_every_level(kept: Bench, level: str) -> None:
    assert check(kept, level) == (0, [])


async def test_each_level_finds_what_is_its_to_find(kept: Bench) -> None:
    flipped, short, gone = files(kept)
    data = bytearray(flipped.read_bytes())
    data[len(data) // 2] ^= 1
    flipped.write_bytes(data)
    assert check(kept, "size") == (0, [])
    names = {path: path.relative_to(kept.store).as_posix() for path in (flipped, short, gone)}
    assert check(kept, "hash") == (1, [("hash-differs", names[flipped])])
    short.write_bytes(short.read_bytes()[:-1])
    assert check(kept, "presence") == (0, [])
    assert check(kept, "size") == (1, [("size-differs", names[short])])
    gone.unlink()
    assert check(kept, "presence") == (1, [("missing", names[gone])])


async def test_a_file_without_a_row_is_named_and_kept(kept: Bench) -> None:
    stray = files(kept)[0].with_name("20261122T000000000Z.mp4")
    stray.write_bytes(b"from nowhere")
    code, problems = check(kept, "presence")
    assert (code, problems) == (1, [("stray", stray.relative_to(kept.store).as_posix())])
    rebuilt = footage_json("reindex", "--store", kept.store)
    assert rebuilt["damaged"] == [stray.relative_to(kept.store).as_posix()]
    assert stray.read_bytes() == b"from nowhere"


async def test_a_reindex_keeps_holds_and_the_old_journal(kept: Bench) -> None:
    hold = Hold(uuid4(), kept.camera.camera_id, START, START + 5 * SECOND, "exhibit:JD-7", "theft")
    kept.catalogue.put_hold(hold)
    kept.catalogue.add_clock_offset(kept.camera.camera_id, START, 400.0)
    before = kept.catalogue.timeline(kept.camera.camera_id, 0, 1 << 52)
    rows = kept.catalogue.all_segments()
    kept.catalogue.close()
    for _ in range(2):
        rebuilt = footage_json("reindex", "--store", kept.store)
    assert (rebuilt["segments"], rebuilt["damaged"]) == (3, [])
    assert len(list(kept.store.glob("catalogue.before-reindex-*.sqlite3"))) == 2
    with Catalogue(kept.store, readonly=True) as again:
        assert again.timeline(kept.camera.camera_id, 0, 1 << 52) == before
        assert again.all_segments() == rows
        assert again.holds() == [hold]
        assert again.clock_offset_at(kept.camera.camera_id, START) == (START, 400.0)
        assert again.cameras() == [kept.camera]
        assert again.next_numbers(kept.camera.camera_id) == (2, 4)


async def test_a_reindex_makes_no_damage_true_and_forgets_no_loss(kept: Bench) -> None:
    flipped, gone, _ = files(kept)
    names = [path.relative_to(kept.store).as_posix() for path in (flipped, gone)]
    lost = kept.catalogue.all_segments()[1]
    data = bytearray(flipped.read_bytes())
    data[-5] ^= 1
    flipped.write_bytes(data)
    gone.unlink()
    kept.catalogue.close()
    done = footage("reindex", "--store", kept.store, "--json")
    rebuilt = json.loads(done.stdout)
    assert (done.returncode, rebuilt["damaged"], rebuilt["missing"]) == (1, names[:1], names[1:])
    assert check(kept, "hash") == (1, [("hash-differs", names[0])])
    with Catalogue(kept.store, readonly=True) as again:
        (gap,) = again.gaps(kept.camera.camera_id, lost.start_90k, lost.end_90k)
    assert (gap.start_90k, gap.end_90k, gap.cause) == (lost.start_90k, lost.end_90k, GapCause.DAMAGED)


async def test_a_reindex_finds_holes_and_steps_again(bench: Bench) -> None:
    bench.begin()
    bench.seconds(5.4)
    bench.recorder.on_packets_lost(7, bench.wall)  # type: ignore[arg-type]
    bench.pass_time(15 * 3600)
    bench.sent = 0
    bench.seconds(4)
    bench.wall -= 3600 * SECOND
    bench.seconds(3)
    bench.lose()
    bench.pass_time(2 * SECOND)
    bench.begin()
    bench.seconds(2)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    spans, gaps = await bench.timeline()
    bench.catalogue.close()
    for file in bench.store.glob("catalogue.sqlite3*"):
        file.unlink()
    assert footage("reindex", "--store", bench.store).returncode == 0
    with Catalogue(bench.store, readonly=True) as again:
        found = again.timeline(bench.camera.camera_id, 0, 1 << 52)
    assert list(found.spans) == spans
    assert list(found.gaps) == [gap for gap in gaps if gap.end_90k is not None]


async def test_a_half_written_file_is_adopted_as_far_as_it_is_whole(bench: Bench) -> None:
    bench.begin()
    bench.seconds(5.5)
    await bench.settle()
    (opened,) = bench.catalogue.open_files()
    path = bench.store / opened.path
    whole = path.read_bytes()
    path.write_bytes(whole + b"\0\0\1\0prft half a fragment")
    with Catalogue(bench.store) as after:
        (adopted,) = adopt_unfinished(after)
        assert (adopted.end_90k, adopted.frames) == (START + 5 * SECOND, 125)
        assert after.open_files() == []
        (gap,) = after.gaps(bench.camera.camera_id, 0, 1 << 52)
        assert (gap.start_90k, gap.end_90k, gap.cause) == (adopted.end_90k, None, GapCause.NODE_STOPPED)
        assert adopt_unfinished(after) == []
    assert path.read_bytes() == whole
    assert decoded(path) == 125
    assert check(bench, "hash") == (0, [])
    assert [file.read_bytes() for file in (bench.store / "set-aside").iterdir()] == [b"\0\0\1\0prft half a fragment"]


async def test_pictures_missed_inside_a_file_that_a_crash_left_have_their_row(bench: Bench) -> None:
    bench.begin()
    bench.seconds(5.4)
    bench.recorder.on_packets_lost(7, bench.wall)  # type: ignore[arg-type]
    bench.pass_time(15 * FRAME)
    bench.sent = 0
    bench.seconds(4)
    await bench.settle()
    with bench.catalogue.write() as connection:
        connection.execute("DELETE FROM gaps")  # the crash came before its row
    with Catalogue(bench.store) as after:
        (adopted,) = adopt_unfinished(after)
        hole, since = after.gaps(bench.camera.camera_id, 0, 1 << 52)
        assert (hole.start_90k, hole.end_90k) == (START + 135 * FRAME, START + 150 * FRAME)
        assert hole.cause is GapCause.CAMERA_LOST
        assert (since.start_90k, since.end_90k) == (adopted.end_90k, None)
        assert len(after.timeline(bench.camera.camera_id, 0, 1 << 52).spans) == 2


async def test_a_copy_beside_a_file_is_no_other_footage(kept: Bench) -> None:
    rows, newest = kept.catalogue.all_segments(), files(kept)[-1]
    copy = shutil.copy(newest, newest.with_name(f"{newest.stem}-2.mp4"))
    with Catalogue(kept.store) as after:
        assert adopt_unfinished(after) == []
        assert after.all_segments() == rows
    assert copy.read_bytes() == newest.read_bytes()


async def test_a_file_with_nothing_whole_in_it_is_set_aside(bench: Bench) -> None:
    bench.begin()
    bench.seconds(1.5)
    await bench.settle()
    (opened,) = bench.catalogue.open_files()
    (bench.store / opened.path).write_bytes(b"\0" * 4096)
    with Catalogue(bench.store) as after:
        assert adopt_unfinished(after) == []
        assert after.open_files() == []
    assert [file.stat().st_size for file in (bench.store / "set-aside").iterdir()] == [4096]


async def test_a_file_that_the_journal_forgot_is_adopted_when_it_is_newer_than_the_last_row(kept: Bench) -> None:
    with kept.catalogue.write() as connection:
        connection.execute("DELETE FROM segments WHERE sequence = 3")
        connection.execute("UPDATE spans SET end_90k = (SELECT max(end_90k) FROM segments)")
    with Catalogue(kept.store) as after:
        assert [row.sequence for row in adopt_unfinished(after)] == [3]
        assert len(after.spans(kept.camera.camera_id, 0, 1 << 52)) == 1


def test_a_store_that_is_none_is_told(tmp_path: Path) -> None:
    for words in (("check",), ("reindex",), ("retention",), ("spans", "a")):
        done = footage(words[0], "--store", tmp_path / "nowhere", *words[1:])
        assert (done.returncode, "is no store" in done.stderr) == (3, True)


async def test_spans_and_clips_of_nothing_are_told(kept: Bench, tmp_path: Path) -> None:
    out = tmp_path / "clip.mp4"
    store = kept.store
    cases = [
        (("spans", "--store", store, "nobody"), 2, "no camera is called 'nobody'; there are: 127"),
        (("spans", "--store", store, "127", "--start", "2020-01-01"), 2, "is no time with an offset"),
        (("spans", "--store", store, "127", "--start", "2027-01-01T00:00:00Z", "--json"), 3, ""),
        (("clip", "--store", store, "127", "2026-11-22T02:14:05Z", "2026-11-22T02:14:01Z", "--out", out), 2, "before"),
        (("clip", "--store", store, "127", "2026-11-21T02:14:05Z", "2026-11-21T02:14:09Z", "--out", out), 3, ""),
        (("clip", "--store", store, "127", "2096-11-21T02:14:05Z", "2096-11-21T02:14:09Z", "--out", out), 2, ""),
    ]
    for words, code, said in cases:
        done = footage(*words)
        assert (done.returncode, said in done.stderr) == (code, True), (words, done)
    assert not out.exists()
    words = ("127", "2026-11-22T02:14:30Z", "2026-11-22T02:15:30Z", "--out", out)
    assert footage("clip", "--store", store, *words).returncode == 0
    assert decoded(out) == 1500
    assert footage("clip", "--store", store, *words).returncode == 2
