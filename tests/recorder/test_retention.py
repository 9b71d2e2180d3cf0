"""Gone by the day with a receipt, kept until then, and never for a wrong reason: both halves of the promise."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footage.catalogue import Catalogue, usual_path
from footage.contract import CameraId, CameraSource, GapCause, Hold, SegmentClosed
from footage.recorder import housekeeping, pressure
from footage.recorder.deletion import carry_out
from footage.recorder.housekeeping import Housekeeper
from footage.recorder.pressure import DAY_90K, Forecast, Room, Stock, forecast, next_to_shed, next_to_unshed
from footage.recorder.trust import CONFIRM_90K, ClockTrust, Reading, TrustState, judge, read_clocks
from footage.times import utc_now
from recorder.making import Bench, decoded, film
from recorder.node import footage, footage_json

MINUTE = 60 * 90_000
HOUR = 60 * MINUTE
TOWN, RIVER = CameraId(UUID(int=127)), CameraId(UUID(int=201))


class Keeping:
    """A store whose footage ends so and so long ago."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self.catalogue = Catalogue(store)
        self.catalogue.set_cameras(
            [
                CameraSource(TOWN, "127", "rtsp://one/", retention_days=28),
                CameraSource(RIVER, "201", "rtsp://two/", retention_days=31),
            ]
        )
        self.now = int(utc_now())
        self._sequence = 0
        ClockTrust(self.catalogue).believe(read_clocks())

    def forget_the_clock(self) -> None:
        """As after a reindex: nothing is known of the clock but the footage."""
        with self.catalogue.write() as connection:
            connection.execute("DELETE FROM meta WHERE name = 'clock_trust'")

    def recorded(self, camera: CameraId, age: int, *, size: int = 4096, length: int = MINUTE) -> SegmentClosed:
        """A minute of footage, or another `length`, that ended `age` ago."""
        self._sequence += 1
        start = self.now - age - length
        path = usual_path(camera, start)
        full = self.store / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(os.urandom(size))
        row = SegmentClosed(
            camera, 1, self._sequence, start, start + length, path, size, "ab" * 32, 1500, "avc1.42c01e", 640, 360
        )
        self.catalogue.add_segment(row)
        return row

    def hold(self, row: SegmentClosed, *, expires: int | None = None) -> Hold:
        hold = Hold(uuid4(), row.camera_id, row.end_90k - 1, row.end_90k + 9, "exhibit:JD-7", "theft", expires)
        self.catalogue.put_hold(hold)
        return hold

    def there(self, row: SegmentClosed) -> bool:
        on_disk = (self.store / row.path).exists()
        assert on_disk == (row in self.catalogue.all_segments())
        return on_disk


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Keeping]:
    made = Keeping(tmp_path / "store")
    yield made
    made.catalogue.close()


@pytest.mark.clause("HERTS-24.1", part="A recording older than 28 days with no RetentionHold is deleted automatically")
def test_footage_goes_at_its_own_cameras_day_counted_from_its_end_and_leaves_a_receipt(keeping: Keeping) -> None:
    due = keeping.recorded(TOWN, 28 * DAY_90K)
    not_yet = keeping.recorded(TOWN, 28 * DAY_90K - HOUR)
    kept_longer = keeping.recorded(RIVER, 30 * DAY_90K)
    due_too = keeping.recorded(RIVER, 31 * DAY_90K + HOUR)
    done = Housekeeper(keeping.catalogue).round()
    assert done.expired == 2
    assert [keeping.there(row) for row in (due, not_yet, kept_longer, due_too)] == [False, True, True, False]
    receipts = {receipt.path: receipt for receipt in keeping.catalogue.receipts()}
    assert set(receipts) == {due.path, due_too.path}
    receipt = receipts[due.path]
    assert (receipt.sha256, receipt.size_bytes, receipt.reason) == (due.sha256, due.size_bytes, "retention")
    assert receipt.deleted_90k >= keeping.now
    timeline = keeping.catalogue.timeline(TOWN, due.start_90k, due.end_90k)
    assert timeline.spans == ()
    assert [(gap.start_90k, gap.end_90k, gap.cause) for gap in timeline.gaps] == [
        (due.start_90k, due.end_90k, GapCause.RETENTION)
    ]


def test_a_file_whose_last_picture_is_not_old_enough_stays(keeping: Keeping) -> None:
    row = keeping.recorded(TOWN, 28 * DAY_90K - 5 * MINUTE, length=9 * MINUTE)
    assert Housekeeper(keeping.catalogue).round().expired == 0
    assert keeping.there(row)


@pytest.mark.clause("HERTS-24.1", part="with no RetentionHold is deleted automatically")
def test_a_hold_keeps_what_it_touches_until_it_is_let_go_or_expires(keeping: Keeping) -> None:
    held = keeping.recorded(TOWN, 40 * DAY_90K)
    neighbour = keeping.recorded(TOWN, 41 * DAY_90K)
    same_time_elsewhere = keeping.recorded(RIVER, 40 * DAY_90K)
    hold = keeping.hold(held)
    keeper = Housekeeper(keeping.catalogue)
    keeper.round()
    assert [keeping.there(row) for row in (held, neighbour, same_time_elsewhere)] == [True, False, False]
    keeping.catalogue.release_hold(hold.hold_id, "no further action")
    keeper.round()
    assert not keeping.there(held)
    lapsed = keeping.recorded(TOWN, 42 * DAY_90K)
    keeping.hold(lapsed, expires=keeping.now - HOUR)
    keeper.round()
    assert not keeping.there(lapsed)


def test_a_hold_keeps_footage_whose_age_is_kept_beside_its_time_too(keeping: Keeping) -> None:
    """As of files that were recorded by a clock that was wrong."""
    row = keeping.recorded(TOWN, 40 * DAY_90K)
    with keeping.catalogue.write() as connection:
        connection.execute("UPDATE segments SET aged_90k = end_90k - ?", (HOUR,))
    hold, keeper = keeping.hold(row), Housekeeper(keeping.catalogue)
    keeper.round()
    assert keeping.there(row)
    keeping.catalogue.release_hold(hold.hold_id, "no further action")
    keeper.round()
    assert not keeping.there(row)


def test_a_hold_that_ends_where_the_footage_begins_does_not_keep_it(keeping: Keeping) -> None:
    row = keeping.recorded(TOWN, 40 * DAY_90K)
    before = Hold(uuid4(), TOWN, row.start_90k - MINUTE, row.start_90k, "exhibit:JD-8", "before it")
    after = Hold(uuid4(), TOWN, row.end_90k, row.end_90k + MINUTE, "exhibit:JD-9", "after it")
    for hold in (before, after):
        keeping.catalogue.put_hold(hold)
    Housekeeper(keeping.catalogue).round()
    assert not keeping.there(row)


def test_a_file_without_a_row_is_never_deleted(keeping: Keeping) -> None:
    row = keeping.recorded(TOWN, 40 * DAY_90K)
    stray = (keeping.store / row.path).with_name("20200101T000000000Z.mp4")
    stray.write_bytes(b"kept")
    Housekeeper(keeping.catalogue).round()
    assert stray.read_bytes() == b"kept"
    assert not (keeping.store / row.path).exists()


def test_a_deletion_that_was_cut_off_is_finished_with_one_receipt(keeping: Keeping) -> None:
    rows = [keeping.recorded(TOWN, 40 * DAY_90K + number * MINUTE) for number in range(3)]
    assert keeping.catalogue.mark_expired(keeping.now) == 3
    (keeping.store / rows[0].path).unlink()  # the crash came after this one
    assert keeping.catalogue.segments(TOWN, 0, 1 << 52) == []
    assert carry_out(keeping.catalogue) == 3
    assert carry_out(keeping.catalogue) == 0
    assert len(keeping.catalogue.receipts()) == 3
    assert not any((keeping.store / row.path).exists() for row in rows)


def test_the_next_round_finishes_what_was_begun(keeping: Keeping) -> None:
    row = keeping.recorded(TOWN, 40 * DAY_90K)
    assert keeping.catalogue.mark_expired(keeping.now) == 1
    assert Housekeeper(keeping.catalogue).round().expired == 0, "nothing is left to be marked"
    assert not keeping.there(row)
    assert [receipt.path for receipt in keeping.catalogue.receipts()] == [row.path]


def test_a_months_deletions_are_one_gap_and_empty_folders_go(keeping: Keeping) -> None:
    for minute in range(120):
        keeping.recorded(TOWN, 40 * DAY_90K - minute * MINUTE)
    Housekeeper(keeping.catalogue).round()
    gaps = keeping.catalogue.gaps(TOWN, 0, 1 << 52)
    assert [gap.end_90k - gap.start_90k for gap in gaps if gap.end_90k] == [120 * MINUTE]
    assert not (keeping.store / str(TOWN)).exists()


# The clock


def later(reading: Reading, *, wall: int, boottime: int, boot: str | None = None) -> Reading:
    return Reading(reading.wall_90k + wall, reading.boottime_90k + boottime, boot or reading.boot)


NOW = Reading(161_583_392_614_792, 10 * HOUR, "boot-1")


@pytest.mark.parametrize(
    ("then", "suspended"),
    [
        (later(NOW, wall=HOUR, boottime=HOUR), False),
        (later(NOW, wall=HOUR + 4 * 90_000, boottime=HOUR), False),  # slewed
        (later(NOW, wall=HOUR + 6 * MINUTE, boottime=HOUR), True),
        (later(NOW, wall=30 * DAY_90K, boottime=HOUR), True),
        (later(NOW, wall=HOUR - 30 * DAY_90K, boottime=HOUR), False),  # behind: less is deleted, never too much
        (later(NOW, wall=12 * MINUTE, boottime=-9 * HOUR, boot="boot-2"), False),
        (later(NOW, wall=3 * DAY_90K, boottime=-9 * HOUR, boot="boot-2"), True),
    ],
)
def test_a_clock_that_jumped_forward_is_not_believed(then: Reading, suspended: bool) -> None:
    assert judge(judge(TrustState(), NOW), then).suspended is suspended


def test_a_clock_is_believed_again_when_it_comes_back_or_runs_steadily_for_a_day() -> None:
    jumped = judge(TrustState(NOW), later(NOW, wall=30 * DAY_90K, boottime=MINUTE))
    assert jumped.suspended
    assert not judge(jumped, later(NOW, wall=2 * MINUTE, boottime=2 * MINUTE)).suspended
    for day, suspended in ((23 * HOUR, True), (24 * HOUR + MINUTE, False)):
        assert judge(jumped, later(NOW, wall=30 * DAY_90K + day, boottime=day + MINUTE)).suspended is suspended
    restless = judge(jumped, later(NOW, wall=31 * DAY_90K, boottime=2 * MINUTE))
    assert judge(restless, later(NOW, wall=31 * DAY_90K + CONFIRM_90K, boottime=CONFIRM_90K)).suspended


@given(st.lists(st.tuples(st.integers(0, HOUR), st.integers(-400 * DAY_90K, 400 * DAY_90K)), max_size=30))
@settings(deadline=None)
def test_no_jumping_about_makes_a_clock_believed_that_is_ahead_of_true_time(jumps: list[tuple[int, int]]) -> None:
    state, true = judge(TrustState(), NOW), NOW
    for passed, wrong_by in jumps:
        true = later(true, wall=passed, boottime=passed)
        state = judge(state, later(true, wall=wrong_by, boottime=0))
        if true.boottime_90k - NOW.boottime_90k < CONFIRM_90K and wrong_by > 310 * 90_000:
            assert state.suspended


def test_a_jumped_clock_deletes_nothing_and_says_so_until_a_person_trusts_it(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = keeping.recorded(TOWN, 5 * DAY_90K)
    keeper = Housekeeper(keeping.catalogue)
    assert keeper.round().alarms == ()
    real = read_clocks()
    wrong = replace(real, wall_90k=real.wall_90k + 90 * DAY_90K)
    monkeypatch.setattr(housekeeping, "read_clocks", lambda: wrong)
    done = keeper.round()
    assert (done.expired, keeping.there(row)) == (0, True)
    assert "jumped forward" in done.alarms[0]
    assert Housekeeper(keeping.catalogue).round().expired == 0  # a restart does not make it forgotten
    ClockTrust(keeping.catalogue).believe(wrong)
    done = keeper.round()
    # That it is right now makes nothing older: so much was not lived since.
    assert (done.expired, done.alarms, keeping.there(row)) == (0, (), True)
    lived = replace(wrong, wall_90k=wrong.wall_90k + 24 * DAY_90K, boottime_90k=wrong.boottime_90k + 24 * DAY_90K)
    monkeypatch.setattr(housekeeping, "read_clocks", lambda: lived)
    assert (keeper.round().expired, keeping.there(row)) == (1, False)


def test_while_a_clock_is_not_believed_not_even_what_is_due_goes(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = keeping.recorded(TOWN, 29 * DAY_90K)
    real = read_clocks()
    wrong = replace(real, wall_90k=real.wall_90k + HOUR)
    monkeypatch.setattr(housekeeping, "read_clocks", lambda: wrong)
    keeper = Housekeeper(keeping.catalogue)
    assert (keeper.round().expired, keeping.there(row)) == (0, True)
    monkeypatch.setattr(housekeeping, "read_clocks", lambda: real)
    assert (keeper.round().expired, keeping.there(row)) == (1, False)


def test_a_jump_while_the_recorder_was_off_is_noticed_by_the_newest_footage(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping.forget_the_clock()
    keeping.recorded(TOWN, MINUTE)
    real = read_clocks()
    monkeypatch.setattr(housekeeping, "read_clocks", lambda: replace(real, wall_90k=real.wall_90k + 60 * DAY_90K))
    done = Housekeeper(keeping.catalogue).round()
    assert (done.expired, len(done.alarms)) == (0, 1)


def test_the_command_trusts_the_clock_and_tells_what_is_kept(keeping: Keeping) -> None:
    row = keeping.recorded(TOWN, 5 * DAY_90K)
    keeping.hold(row)
    keeping.forget_the_clock()
    facts = footage_json("retention", "--store", keeping.store)
    assert (facts["held_bytes"], facts["clock_alarm"] is not None) == (row.size_bytes, True)
    assert footage("retention", "--store", keeping.store, "--trust-clock").returncode == 0
    assert footage_json("retention", "--store", keeping.store)["clock_alarm"] is None


# The disk


def fill(keeping: Keeping, monkeypatch: pytest.MonkeyPatch, room_for: int) -> None:
    """A disk that has room for so many bytes of footage, the reserve included."""

    def look(store: Path, reserve_bytes: int | None = None) -> Room:
        used = sum(file.stat().st_size for file in store.glob("*-*/**/*.mp4"))
        return Room(room_for, room_for - used, 10_000)

    monkeypatch.setattr(housekeeping, "look", look)


@pytest.mark.clause("HERTS-24.1", part="a recording missing before day 28 is reported as a gap")
def test_a_full_disk_takes_the_footage_recorded_first_and_never_what_is_held(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [keeping.recorded(TOWN, (10 - number) * DAY_90K) for number in range(6)]
    set_back = keeping.recorded(RIVER, 20 * DAY_90K)  # recorded last, by a clock that was set back
    keeping.hold(rows[0])
    fill(keeping, monkeypatch, 7 * 4096 + 10_000 - 3 * 4096)
    done = Housekeeper(keeping.catalogue).round()
    assert done.made_room == 3
    assert [keeping.there(row) for row in rows] == [True, False, False, False, True, True]
    assert keeping.there(set_back)
    assert {receipt.reason for receipt in keeping.catalogue.receipts()} == {"disk-full"}
    assert "oldest footage goes before its date" in done.alarms[0]
    gap = keeping.catalogue.gaps(TOWN, rows[1].start_90k, rows[1].end_90k)[0]
    assert (gap.cause, gap.detail.startswith("deleted early to make room")) == (GapCause.DISK_FULL, True)


def test_when_only_held_footage_is_left_it_stays_and_cameras_are_let_go(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [keeping.recorded(TOWN, number * DAY_90K) for number in range(1, 6)]
    for row in rows:
        keeping.hold(row)
    fill(keeping, monkeypatch, 5 * 4096 + 100)
    done = Housekeeper(keeping.catalogue).round()
    assert all(keeping.there(row) for row in rows)
    assert done.room.critical
    assert "low priority" in done.alarms[0]
    assert done.held_bytes == 5 * 4096


def test_cameras_go_by_priority_and_come_back_the_other_way_round() -> None:
    ranks = [(100, TOWN), (5, RIVER)]
    assert next_to_shed(ranks) == RIVER
    assert next_to_shed(ranks[:1]) is None
    assert next_to_unshed(ranks) == TOWN
    assert next_to_unshed([]) is None


TODAY, HOUR = 20_000, 3600 * 90_000
PROMISED = [CameraSource(TOWN, "127", "rtsp://one/", retention_days=28)]


@pytest.mark.parametrize(
    ("days_kept", "free", "left"),
    [
        (28, 0, None),  # what goes each day makes room for what comes
        (10, 20 * 1000, None),
        (10, 10 * 1000, 10.0),
        (1, 5 * 1000, 5.0),
    ],
)
def test_the_forecast_says_when_the_disk_is_full(days_kept: int, free: int, left: float | None) -> None:
    days = [TODAY - 1 - number for number in range(days_kept)]
    stock = Stock({TOWN: dict.fromkeys(days, 1000)}, {TOWN: dict.fromkeys(days, DAY_90K)})
    assert forecast(stock, PROMISED, Room(10**9, free + 500, 500), TODAY) == Forecast(left)


@pytest.mark.parametrize(
    ("kept", "lengths"),
    [
        pytest.param({TODAY: 1000}, {TODAY: 6 * HOUR}, id="begun this morning"),
        pytest.param({TODAY - 1: 1000}, {TODAY - 1: 6 * HOUR}, id="begun last evening"),
        pytest.param({TODAY - 1: 500, TODAY: 500}, {TODAY - 1: 3 * HOUR, TODAY: 3 * HOUR}, id="begun over midnight"),
        pytest.param({TODAY - 1: 1000, TODAY: 0}, {TODAY - 1: 6 * HOUR}, id="stood still for most of yesterday"),
        pytest.param({TODAY - 1: 4000, TODAY: 9}, {TODAY - 1: DAY_90K, TODAY: 60 * 90_000}, id="a whole day"),
    ],
)
def test_a_part_of_a_day_is_not_taken_for_a_whole_one(kept: dict[int, int], lengths: dict[int, int]) -> None:
    """1,000 bytes in six hours are 4,000 a day, so 2,000 bytes are twelve hours."""
    found = forecast(Stock({TOWN: kept}, {TOWN: lengths}), PROMISED, Room(10**9, 2500, 500), TODAY)
    assert (found, found.words) == (Forecast(0.5), "12 hours")


@pytest.mark.parametrize("lengths", [{}, {TOWN: {TODAY: HOUR - 1}}, {RIVER: {TODAY: DAY_90K}}])
def test_before_an_hour_was_recorded_there_is_no_forecast(lengths: dict[CameraId, dict[int, int]]) -> None:
    """River is no camera any more; what was recorded of it says nothing of what comes."""
    stock = Stock({TOWN: {TODAY: 1000}, RIVER: {TODAY: 1000}}, lengths)
    assert forecast(stock, PROMISED, Room(10**9, 2500, 500), TODAY) == Forecast(None, known=False)


def test_where_the_reserve_is_touched_already_there_are_no_days_left_even_if_nothing_is_kept_yet() -> None:
    for stock in (Stock({}, {}), Stock({TOWN: {TODAY: 1000}}, {TOWN: {TODAY: HOUR}})):
        assert forecast(stock, PROMISED, Room(10**9, 499, 500), TODAY) == Forecast(0.0)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 12 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip("a file system of its own cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_a_disk_that_is_full_all_at_once_is_a_gap_and_recording_goes_on_when_there_is_room(
    small_disk: Path,
) -> None:
    bench = Bench.make(small_disk / "store")
    bench.begin(film(640, 480))
    bench.seconds(2)
    await bench.settle()
    others = small_disk / "somebody elses"
    fill_up(others)
    bench.seconds(20)
    await bench.settle()
    others.unlink()
    bench.recorder._retry_at = 0.0
    bench.seconds(4)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    spans, gaps = await bench.timeline()
    full = [gap for gap in gaps if gap.cause is GapCause.DISK_FULL]
    assert len(full) == 1
    assert [span.run for span in spans][:1] + [span.run for span in spans][-1:] == [1, spans[-1].run]
    assert full[0].start_90k == spans[-2].end_90k
    assert full[0].end_90k == spans[-1].start_90k
    rows = await bench.rows()
    assert sum(decoded(bench.store / row.path) for row in rows) == sum(row.frames for row in rows)
    assert bench.catalogue.open_files() == []
    await bench.close()


def test_the_disk_is_looked_at_as_it_is(tmp_path: Path) -> None:
    room = pressure.look(tmp_path)
    assert 0 < room.free_bytes <= room.total_bytes
    assert 256 << 20 <= room.reserve_bytes <= 8 << 30
    assert pressure.look(tmp_path, 5).reserve_bytes == 5


def test_a_disk_that_is_full_to_the_last_byte_is_put_in_order_at_the_start(tmp_path: Path) -> None:
    """The journal needs room to note a deletion; the ballast gives it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=500m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("a file system of its own cannot be mounted here")
    try:
        store = folder / "store"
        keeping = Keeping(store)
        rows = [keeping.recorded(TOWN, (10 - number) * DAY_90K, size=1 << 20) for number in range(8)]
        keeping.hold(rows[0])
        Housekeeper(keeping.catalogue, reserve_bytes=1 << 20).round()
        assert (store / "ballast").stat().st_size == 16 << 20
        keeping.catalogue.close()
        fill_up(folder / "somebody elses")
        with pytest.raises(OSError, match="No space"):
            (store / "anything").write_bytes(bytes(1 << 20))
        (store / "anything").unlink()
        words = ["--for", "3", "--reserve-bytes", str(20 << 20), "a=rtsp://127.0.0.1:9/none"]
        assert footage("record", "--store", store, *words).returncode == 0
        with Catalogue(store) as after:
            assert {receipt.reason for receipt in after.receipts()} == {"disk-full"}
            assert after.all_segments()[0] == rows[0]
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_up(path: Path) -> None:
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))
