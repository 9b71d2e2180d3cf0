"""The node's journal: what was ordered, recorded and held, by many hands at once."""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st

from footage.catalogue import (
    Catalogue,
    KeyNeeded,
    OpenFile,
    StoreMismatch,
    StoreMissing,
    StoreTooNew,
    usual_path,
)
from footage.catalogue.intervals import joined, without_holes
from footage.contract import BadSpan, CameraId, CameraSource, FootageError, Gap, GapCause, Hold, SegmentClosed, Span

MINUTE = 60 * 90_000
CAMERA = CameraId(UUID(int=127))
OTHER = CameraId(UUID(int=128))
KEY = Fernet.generate_key()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def catalogue(store: Path) -> Iterator[Catalogue]:
    with Catalogue(store, key=KEY) as made:
        made.set_cameras([CameraSource(CAMERA, "127", "rtsp://one/"), CameraSource(OTHER, "128", "rtsp://two/")])
        yield made


def segment(number: int, *, run: int = 1, camera: CameraId = CAMERA, start: int | None = None) -> SegmentClosed:
    """The `number`th minute of a camera."""
    at = number * MINUTE if start is None else start
    return SegmentClosed(
        camera, run, number + 1, at, at + MINUTE, usual_path(camera, at), 1000, "ab" * 32, 1500, "avc1.42c01e", 640, 360
    )


def test_segments_of_one_run_are_one_span_and_come_back_as_they_were_put(catalogue: Catalogue) -> None:
    put = [segment(number) for number in range(5)] + [segment(7, run=2)]
    for one in put:
        catalogue.add_segment(one)
    assert catalogue.segments(CAMERA, 0, 1 << 52) == put
    assert catalogue.segments(CAMERA, MINUTE, 2 * MINUTE) == [put[1]]
    assert catalogue.segments(OTHER, 0, 1 << 52) == []
    assert catalogue.spans(CAMERA, MINUTE // 2, 1 << 52) == [
        Span(MINUTE // 2, 5 * MINUTE, 1),
        Span(7 * MINUTE, 8 * MINUTE, 2),
    ]
    assert catalogue.newest_segment(CAMERA) == put[-1]
    assert catalogue.next_numbers(CAMERA) == (3, 9)
    assert catalogue.next_numbers(CameraId(uuid4())) == (1, 1)


def test_what_lies_a_tick_apart_or_in_another_run_is_another_span(catalogue: Catalogue) -> None:
    for one in (segment(0), segment(1, start=MINUTE + 1), segment(2, start=2 * MINUTE + 1, run=2)):
        catalogue.add_segment(one)
    assert catalogue.spans(CAMERA, 0, 1 << 52) == [
        Span(0, MINUTE, 1),
        Span(MINUTE + 1, 2 * MINUTE + 1, 1),
        Span(2 * MINUTE + 1, 3 * MINUTE + 1, 2),
    ]


def test_the_same_segment_again_changes_nothing(catalogue: Catalogue) -> None:
    catalogue.add_segment(segment(0))
    catalogue.add_segment(segment(0))
    assert catalogue.segments(CAMERA, 0, 1 << 52) == [segment(0)]
    assert catalogue.bytes_by_day() == {CAMERA: {0: 1000}}


def test_a_gap_lasts_until_it_is_closed_and_the_first_cause_stands(catalogue: Catalogue, store: Path) -> None:
    catalogue.open_gap(CAMERA, 100, GapCause.CAMERA_LOST, "silent")
    catalogue.open_gap(CAMERA, 200, GapCause.DISK_FULL)
    with Catalogue(store) as again:
        assert again.open_gap_of(CAMERA) == Gap(CAMERA, 100, None, GapCause.CAMERA_LOST, "silent")
        again.close_gap(CAMERA, 300)
    assert catalogue.gaps(CAMERA, 0, 1 << 52) == [Gap(CAMERA, 100, 300, GapCause.CAMERA_LOST, "silent")]
    assert catalogue.gaps(CAMERA, 300, 400) == []
    assert catalogue.gaps(OTHER, 0, 1 << 52) == []


def test_a_gap_that_missed_nothing_is_none_but_a_clock_set_back_is_a_moment(catalogue: Catalogue) -> None:
    catalogue.open_gap(CAMERA, 500, GapCause.CAMERA_LOST)
    catalogue.close_gap(CAMERA, 500)
    catalogue.open_gap(CAMERA, 500, GapCause.CLOCK_STEP, "set back")
    catalogue.close_gap(CAMERA, 500)
    assert catalogue.gaps(CAMERA, 500, 501) == [Gap(CAMERA, 500, 500, GapCause.CLOCK_STEP, "set back")]


def test_an_attempt_that_comes_to_nothing_leaves_one_gap(catalogue: Catalogue) -> None:
    for at in (100, 200, 300):
        catalogue.open_gap(CAMERA, at, GapCause.DISK_FULL, "no room")
        catalogue.close_gap(CAMERA, at + 100)
    assert catalogue.gaps(CAMERA, 0, 1000) == [Gap(CAMERA, 100, 400, GapCause.DISK_FULL, "no room")]


def test_a_hold_is_kept_until_it_is_let_go_or_expires(catalogue: Catalogue) -> None:
    hold = Hold(uuid4(), CAMERA, MINUTE, 2 * MINUTE, "exhibit:JD-7", "theft at the market")
    expired = Hold(uuid4(), CAMERA, 0, MINUTE, "exhibit:JD-8", "over", expires_90k=1)
    for one in (hold, expired):
        catalogue.put_hold(one)
    assert catalogue.holds() == [hold]
    assert catalogue.holds(OTHER) == []
    wider = Hold(hold.hold_id, CAMERA, 0, 2 * MINUTE, "exhibit:JD-7", "theft at the market")
    catalogue.put_hold(wider)
    assert catalogue.holds(CAMERA) == [wider]
    assert catalogue.timeline(CAMERA, 0, MINUTE).holds == (wider,)
    catalogue.release_hold(hold.hold_id, "case closed")
    catalogue.release_hold(uuid4(), "never was")
    assert catalogue.holds() == []
    with pytest.raises(BadSpan):
        catalogue.put_hold(Hold(uuid4(), CAMERA, MINUTE, MINUTE, "x", "y"))


def test_held_bytes_count_a_segment_once_however_many_hold_it(catalogue: Catalogue) -> None:
    for number in range(10):
        catalogue.add_segment(segment(number))
    for _ in range(2):
        catalogue.put_hold(Hold(uuid4(), CAMERA, 3 * MINUTE + 5, 5 * MINUTE, "x", "y"))
    assert catalogue.held_bytes() == 2000


def test_credentials_are_sealed_and_only_the_key_opens_them(catalogue: Catalogue, store: Path) -> None:
    camera = CameraSource(CAMERA, "127", "rtsp://one/", "asha", "open-sesame", retention_days=28, priority=5)
    catalogue.set_cameras([camera])
    assert catalogue.cameras() == [camera]
    assert not any(b"open-sesame" in file.read_bytes() for file in store.iterdir())
    with Catalogue(store, readonly=True) as blind:
        assert (blind.cameras()[0].username, blind.cameras()[0].password) == ("", "")
    with Catalogue(store, key=Fernet.generate_key()) as other, pytest.raises(KeyNeeded):
        other.cameras()
    with Catalogue(store) as none, pytest.raises(KeyNeeded):
        none.set_cameras([camera])
    assert catalogue.cameras() == [camera]


def test_a_camera_that_is_ordered_no_more_keeps_its_footage(catalogue: Catalogue) -> None:
    catalogue.add_segment(segment(0))
    before = catalogue.revision()
    catalogue.set_cameras([CameraSource(OTHER, "128", "rtsp://two/")])
    assert catalogue.revision() > before
    assert [camera.name for camera in catalogue.cameras()] == ["128"]
    assert [camera.name for camera in catalogue.known_cameras()] == ["127", "128"]
    assert len(catalogue.segments(CAMERA, 0, 1 << 52)) == 1
    with pytest.raises(FootageError):
        catalogue.set_cameras([CameraSource(OTHER, "a", "rtsp://x/"), CameraSource(OTHER, "b", "rtsp://x/")])
    assert [camera.name for camera in catalogue.cameras()] == ["128"]


def test_a_file_that_was_only_begun_ends_no_gap_and_goes_with_its_row(catalogue: Catalogue) -> None:
    catalogue.open_gap(CAMERA, 0, GapCause.NODE_STOPPED)
    opened = OpenFile(CAMERA, segment(3).path, 2, 4, 3 * MINUTE)
    catalogue.begin_file(opened)
    assert catalogue.open_files() == [opened]
    assert catalogue.gaps(CAMERA, 0, 1 << 52)[0].end_90k is None
    catalogue.close_gap(CAMERA, 3 * MINUTE)
    assert catalogue.gaps(CAMERA, 0, 1 << 52)[0].end_90k == 3 * MINUTE
    assert catalogue.next_numbers(CAMERA) == (3, 5)
    catalogue.add_segment(segment(3, run=2))
    assert catalogue.open_files(CAMERA) == []


@pytest.mark.parametrize("leave", ["volume.json", "catalogue.sqlite3"])
def test_a_store_that_is_not_whole_is_refused(catalogue: Catalogue, store: Path, leave: str) -> None:
    catalogue.close()
    (store / str(CAMERA)).mkdir()
    for file in store.glob("*.*"):
        if file.name != leave:
            file.unlink()
    left = sorted(store.iterdir())
    with pytest.raises(StoreMismatch, match="footage reindex"):
        Catalogue(store)
    assert sorted(store.iterdir()) == left, "nothing is begun beside it"


def test_a_store_that_is_newer_another_or_absent_is_refused(catalogue: Catalogue, store: Path) -> None:
    catalogue.close()
    identity = json.loads((store / "volume.json").read_text())
    (store / "volume.json").write_text(json.dumps({**identity, "store_uuid": str(uuid4())}))
    with pytest.raises(StoreMismatch):
        Catalogue(store)
    (store / "volume.json").write_text(json.dumps({**identity, "format_version": 9}))
    with pytest.raises(StoreTooNew):
        Catalogue(store)
    (store / "volume.json").write_text("{")
    with pytest.raises(StoreMismatch):
        Catalogue(store)
    (store / "volume.json").write_text(json.dumps(identity))
    with sqlite3.connect(store / "catalogue.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreTooNew):
        Catalogue(store)
    (store / "catalogue.sqlite3").write_bytes(b"no database at all" * 1000)
    with pytest.raises(StoreMismatch, match="footage reindex"):
        Catalogue(store)
    with pytest.raises(StoreMissing):
        Catalogue(store / "nowhere", readonly=True)


def _put_holds(store: Path, count: int) -> None:
    with Catalogue(store) as catalogue:
        for _ in range(count):
            catalogue.put_hold(Hold(uuid4(), CAMERA, 0, MINUTE, "x", "y"))


def test_many_processes_write_at_once_and_nothing_is_lost(catalogue: Catalogue, store: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_put_holds, args=(store, 40)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for number in range(100):
        catalogue.add_segment(segment(number))
    for worker in workers:
        worker.join(30)
        assert worker.exitcode == 0
    assert len(catalogue.holds()) == 120
    assert catalogue.spans(CAMERA, 0, 1 << 52) == [Span(0, 100 * MINUTE, 1)]


def test_a_month_of_one_camera_is_drawn_from_a_few_rows(catalogue: Catalogue) -> None:
    with catalogue.write() as connection:
        number = catalogue.make_number(connection, CAMERA)
        connection.execute("INSERT INTO formats VALUES (1, 'avc1.42c01e', 640, 360)")
        connection.executemany(
            "INSERT INTO segments (camera, run, sequence, start_90k, end_90k, size_bytes, sha256, frames, format) "
            "VALUES (?, 1, ?, ?, ?, 1, x'00', 1, 1)",
            ((number, at + 1, at * MINUTE, at * MINUTE + MINUTE) for at in range(31 * 1440)),
        )
        connection.execute("INSERT INTO spans VALUES (?, 1, 0, ?)", (number, 31 * 1440 * MINUTE))
    plan = catalogue.read().execute(
        "EXPLAIN QUERY PLAN SELECT start_90k FROM spans WHERE camera = 1 AND end_90k > 5 AND start_90k < 9"
    )
    assert "USING" in plan.fetchall()[0][3]
    assert len(catalogue.timeline(CAMERA, 0, 31 * 1440 * MINUTE).spans) == 1


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6), st.integers(0, 60), st.integers(1, 60))
@settings(deadline=None)
def test_a_span_without_its_holes_is_what_is_left(cuts: list[tuple[int, int]], start: int, length: int) -> None:
    holes = sorted((Span(at, at + size, 1) for at, size in cuts), key=lambda hole: hole.start_90k)
    left = without_holes([Span(start, start + length, 1), Span(0, 50, 2)], holes)
    expected = {at for at in range(start, start + length) if not any(h.start_90k <= at < h.end_90k for h in holes)}
    assert {at for span in left if span.run == 1 for at in range(span.start_90k, span.end_90k)} == expected
    assert [span for span in left if span.run == 2] == [Span(0, 50, 2)]


def test_only_neighbours_of_one_run_are_joined() -> None:
    assert joined([Span(0, 1, 1), Span(1, 2, 1), Span(2, 3, 2), Span(4, 5, 2)]) == [
        Span(0, 2, 1),
        Span(2, 3, 2),
        Span(4, 5, 2),
    ]


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_an_older_store_is_read_as_it_is_and_then_written_with_the_new_columns(store: Path, version: int) -> None:
    with Catalogue(store) as catalogue:
        catalogue.set_cameras([CameraSource(CameraId(uuid4()), "a", "rtsps://camera/", tls_pin="any")])
    with closing(sqlite3.connect(store / "catalogue.sqlite3")) as old:
        dropped = {1: ["tls_pin"], 2: ["sound_until_90k"], 3: ["basic_allowed", "transport"], 4: []}
        for name in [name for added_to, names in dropped.items() if added_to >= version for name in names]:
            old.execute(f"ALTER TABLE cameras DROP COLUMN {name}")
        old.execute("DROP INDEX segments_aged")
        for table in ("segments", "open_files"):
            old.execute(f"ALTER TABLE {table} DROP COLUMN aged_90k")
        old.execute("ALTER TABLE cameras ADD COLUMN audio INTEGER NOT NULL DEFAULT 1")  # the switch nothing obeyed
        old.execute(f"PRAGMA user_version = {version}")
    pin = "" if version == 1 else "any"
    with Catalogue(store, readonly=True) as catalogue:
        (camera,) = catalogue.cameras()
        assert (camera.name, camera.tls_pin, camera.sound_until_90k) == ("a", pin, 0)
        assert (camera.basic_allowed, camera.transport) == (False, "tcp")
    with Catalogue(store) as catalogue:
        (camera,) = catalogue.cameras()
        assert camera.sound_until_90k == 0
        changed = replace(camera, tls_pin="any", sound_until_90k=7, basic_allowed=True, transport="udp")
        catalogue.set_cameras([changed])
    with Catalogue(store, readonly=True) as catalogue:
        assert catalogue.cameras() == [changed]
