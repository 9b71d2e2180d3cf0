"""Nothing goes by a clock that is, was or becomes wrong: footage is as old as was lived since, and doubt keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footage.catalogue import Catalogue, OpenFile, lived, usual_path
from footage.catalogue.lived import FLOOR_90K, Absence, Lived, Reading, age_beside, first_look
from footage.contract import CameraId, CameraSource, GapCause, Hold, SegmentClosed
from footage.recorder import housekeeping
from footage.recorder.housekeeping import Housekeeper
from footage.recorder.pressure import DAY_90K, Room
from footage.recorder.trust import ClockTrust
from footage.verify.reindex import reindex
from recorder.making import Bench

MINUTE = 60 * 90_000
HOUR = 60 * MINUTE
CAMERA = CameraId(UUID(int=127))
#: Friday 6 November 2026.
TRUE = 1_793_923_200 * 90_000


class World:
    """A store on a machine whose clocks do as they are told. `wrong_by` is what its wall clock is off."""

    def __init__(self, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = store
        self.true, self.boottime, self.boot, self.wrong_by = TRUE, HOUR, "boot-1", 0
        for module in (lived, housekeeping):
            monkeypatch.setattr(module, "read_clocks", self.clocks)
        for rows in ("segments", "deletions"):
            monkeypatch.setattr(f"footage.catalogue.{rows}.read_clocks", self.clocks)
        self.full = False
        monkeypatch.setattr(housekeeping, "look", lambda *words: Room(1 << 40, 0 if self.full else 1 << 39, 1 << 30))
        self.catalogue = Catalogue(store)
        self.catalogue.set_cameras([CameraSource(CAMERA, "127", "rtsp://one/", retention_days=28)])
        self.sequence = 0

    def clocks(self) -> Reading:
        return Reading(self.true + self.wrong_by, self.boottime, self.boot)

    def live(self, ticks: int, *, steps: int = 4) -> None:
        """Time passes, and the recorder keeps house meanwhile."""
        for _ in range(steps):
            self.true += ticks // steps
            self.boottime += ticks // steps
            self.keep_house()

    def be_off(self, ticks: int) -> None:
        """The machine is off for a while, and boots."""
        self.true += ticks
        self.boottime, self.boot = MINUTE, f"boot-{self.true}"

    def set_clock(self, wrong_by: int) -> None:
        self.wrong_by = wrong_by
        self.keep_house()

    def keep_house(self) -> housekeeping.Upkeep:
        return Housekeeper(self.catalogue).round()

    def trust(self) -> None:
        ClockTrust(self.catalogue).believe(self.clocks())

    def record(self) -> SegmentClosed:
        """A minute of footage that ends now, noted as it begins."""
        self.sequence += 1
        start = self.clocks().wall_90k
        path = usual_path(CAMERA, start)
        full = self.store / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(b"footage")
        self.catalogue.begin_file(OpenFile(CAMERA, path, 1, self.sequence, start))
        self.true += MINUTE
        self.boottime += MINUTE
        row = SegmentClosed(
            CAMERA, 1, self.sequence, start, start + MINUTE, path, 7, "ab" * 32, 1500, "avc1.42c01e", 640, 360
        )
        self.catalogue.add_segment(row)
        return row

    def there(self, row: SegmentClosed) -> bool:
        return (self.store / row.path).exists()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(tmp_path / "store", monkeypatch)
    yield made
    made.catalogue.close()


def test_with_a_right_clock_footage_goes_at_its_hour(world: World) -> None:
    world.keep_house()
    row = world.record()
    world.live(28 * DAY_90K - 2 * MINUTE)
    assert world.there(row)
    world.live(3 * MINUTE)
    assert not world.there(row)


#: What a clock can do: how wrong it was while recording, and becomes afterwards.
_WRONG = {
    "slow by 56 years": -TRUE + 86_400 * 90_000,
    "slow by 40 days": -40 * DAY_90K,
    "right": 0,
    "fast by 40 days": 40 * DAY_90K,
    "fast by ten years": 3650 * DAY_90K,
}


@pytest.mark.clause("HERTS-24.1", part="A recording older than 28 days … is deleted automatically")
@pytest.mark.parametrize(("was", "becomes"), list(product(_WRONG, _WRONG)))
@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize("first", [False, True], ids=["store-is-old", "store-is-new"])
def test_footage_recorded_by_one_clock_is_not_older_by_another(
    world: World, was: str, becomes: str, trusted: bool, first: bool
) -> None:
    """A dead battery, then the time server answers; or the other way round. A person may say that it is right."""
    if not first:
        world.keep_house()
        world.live(HOUR)
    world.set_clock(_WRONG[was])
    row = world.record()
    world.live(HOUR)
    world.set_clock(_WRONG[becomes])
    if trusted:
        world.trust()
    world.live(2 * DAY_90K)
    assert world.there(row), "too soon"
    world.live(25 * DAY_90K, steps=2)
    assert world.there(row), "too soon"
    world.live(DAY_90K, steps=2)
    assert not world.there(row), "lived for long enough"


@pytest.mark.parametrize("becomes", [name for name in _WRONG if name != "right"])
@pytest.mark.parametrize("full", [False, True])
def test_a_hold_with_an_end_outlives_a_clock_that_jumps(world: World, becomes: str, full: bool) -> None:
    world.keep_house()
    row = world.record()
    other = world.record()
    hold = Hold(uuid4(), CAMERA, row.start_90k, row.end_90k, "exhibit:JD-7", "theft", world.true + 60 * DAY_90K)
    world.catalogue.put_hold(hold)
    world.live(HOUR)
    world.set_clock(_WRONG[becomes])
    world.live(2 * DAY_90K)
    assert world.catalogue.holds() == [hold]
    world.full = full
    world.live(MINUTE, steps=2)
    assert (world.there(row), world.there(other)) == (True, not full)
    world.full = False
    world.set_clock(0)
    world.live(56 * DAY_90K)
    assert (world.there(row), world.there(other)) == (True, False)
    world.live(3 * DAY_90K)
    assert not world.there(row)
    assert world.catalogue.holds() == []


@pytest.mark.parametrize("off", [5 * MINUTE, 3 * DAY_90K])
def test_time_that_the_machine_was_off_counts_once_a_person_says_that_the_clock_is_right(
    world: World, off: int
) -> None:
    world.keep_house()
    before = world.record()
    world.live(20 * DAY_90K)
    world.be_off(off)
    alarms = world.keep_house().alarms
    after = world.record()
    world.live(8 * DAY_90K - off)
    world.live(HOUR)
    if off > HOUR:
        assert alarms
        assert world.there(before), "for how long the machine was off nobody knows"
        assert "kept so much longer" in world.keep_house().alarms[0]
        world.trust()
        assert world.keep_house().alarms == ()
    world.live(MINUTE)
    assert not world.there(before)
    world.live(20 * DAY_90K + off - 2 * HOUR)
    assert world.there(after), "it was not recorded before the machine was off"
    world.live(2 * HOUR)
    assert not world.there(after)


def test_a_dead_battery_is_no_time_that_passed_even_if_a_person_trusts_the_next_clock(world: World) -> None:
    world.set_clock(_WRONG["slow by 56 years"])
    row = world.record()
    world.live(HOUR)
    world.be_off(HOUR)
    world.set_clock(0)
    world.trust()
    world.live(27 * DAY_90K)
    assert world.there(row)


def test_a_file_that_a_crash_left_is_as_old_as_it_was_when_it_began(world: World) -> None:
    """Its row is written by another clock, after the next start."""
    world.set_clock(_WRONG["slow by 56 years"])
    start = world.clocks().wall_90k
    path = usual_path(CAMERA, start)
    world.catalogue.begin_file(OpenFile(CAMERA, path, 1, 1, start))
    world.live(MINUTE)
    world.set_clock(0)
    (world.store / path).parent.mkdir(parents=True)
    (world.store / path).write_bytes(b"footage")
    row = SegmentClosed(CAMERA, 1, 1, start, start + MINUTE, path, 7, "ab" * 32, 1500, "avc1.42c01e", 640, 360)
    world.catalogue.add_segment(row)
    world.live(27 * DAY_90K)
    assert world.there(row)
    world.live(2 * DAY_90K)
    assert not world.there(row)


def test_a_file_begun_as_the_clock_is_set_is_not_taken_for_an_old_one(world: World) -> None:
    """Its time was written before the step, and its row's after."""
    world.set_clock(_WRONG["slow by 56 years"])
    start = world.clocks().wall_90k
    world.set_clock(0)
    path = usual_path(CAMERA, start)
    world.catalogue.begin_file(OpenFile(CAMERA, path, 1, 1, start))
    (world.store / path).parent.mkdir(parents=True)
    (world.store / path).write_bytes(b"footage")
    row = SegmentClosed(CAMERA, 1, 1, start, start + MINUTE, path, 7, "ab" * 32, 1500, "avc1.42c01e", 640, 360)
    world.catalogue.add_segment(row)
    world.live(27 * DAY_90K)
    assert world.there(row)


async def test_a_journal_made_anew_goes_on_with_the_ages_of_the_old_one(bench: Bench) -> None:
    bench.catalogue.live_on(replace(NOW, boot="boot-0"))
    bench.begin()
    bench.seconds(70)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    await bench.settle()
    with bench.catalogue.write() as connection:
        connection.execute("UPDATE segments SET aged_90k = sequence * 1000")
        connection.execute("UPDATE segments SET aged_90k = NULL WHERE sequence = 2")
    state = bench.catalogue.remembered_life()
    bench.catalogue.close()
    reindex(bench.store)
    with Catalogue(bench.store) as again:
        assert again.remembered_life() == state
        assert _aged(again) == [1000, None]


async def test_without_any_journal_the_files_tell_by_how_much_the_clock_was_set(bench: Bench) -> None:
    bench.wall = bench.wall - 40 * DAY_90K
    bench.begin()
    bench.seconds(10)
    bench.wall += 40 * DAY_90K
    bench.seconds(10)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    first, _ = await bench.rows()
    bench.catalogue.close()
    for file in bench.store.glob("catalogue*"):
        file.unlink()
    reindex(bench.store)
    with Catalogue(bench.store) as again:
        assert _aged(again) == [first.end_90k + 40 * DAY_90K, None]


def _aged(catalogue: Catalogue) -> list[int | None]:
    return [row[0] for row in catalogue.read().execute("SELECT aged_90k FROM segments ORDER BY id")]


def test_rows_keep_an_age_of_their_own_only_where_the_clock_does_not_tell_it(world: World) -> None:
    world.keep_house()
    world.record()
    world.set_clock(-40 * DAY_90K)
    world.record()
    world.set_clock(0)
    world.record()
    first, second, third = _aged(world.catalogue)
    assert (first, third) == (None, None)
    assert second is not None
    assert abs(second - world.true) < 5 * MINUTE


# The count itself

NOW = Reading(TRUE, 10 * HOUR, "boot-1")


@given(st.lists(st.tuples(st.integers(0, 40 * DAY_90K), st.integers(-(10**14), 10**14), st.booleans()), max_size=30))
@settings(deadline=None)
def test_whatever_the_clocks_do_no_more_is_lived_than_time_passed(steps: list[tuple[int, int, bool]]) -> None:
    state, true, boottime, boots = Lived(TRUE, NOW), TRUE, 10 * HOUR, 1
    for passed, wrong_by, reboots in steps:
        true, boottime = true + passed, boottime + passed
        if reboots:
            boottime, boots = 0, boots + 1
        before = state
        state = state.on(Reading(max(0, true + wrong_by), boottime, f"boot-{boots}"))
        assert before.lived_90k <= state.lived_90k
        most = passed if not reboots else lived.BOOT_90K
        assert state.lived_90k - before.lived_90k <= most


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 100)), max_size=5), st.integers(0, 900), st.integers(0, 600)
)
def test_the_cut_is_where_ages_reach_it(absences: list[tuple[int, int]], age: int, at: int) -> None:
    """Compared with each age counted one by one."""
    state = Lived(500, NOW, absences=tuple(Absence(*one) for one in absences))

    def age_of(lived_then: int) -> int:
        return 500 - lived_then + sum(one.off_90k for one in state.absences if lived_then <= one.lived_90k)

    assert (at <= state.cut(age)) == (age_of(at) >= age)


@pytest.mark.parametrize(
    ("newest", "lived_90k", "doubted"),
    [
        (None, TRUE, False),
        (TRUE - 5 * MINUTE, TRUE, False),
        (TRUE + DAY_90K, TRUE, False),
        (TRUE - DAY_90K, TRUE - DAY_90K, True),
        (FLOOR_90K - DAY_90K, FLOOR_90K - DAY_90K, False),
    ],
)
def test_where_nothing_is_remembered_the_newest_footage_is_the_last_time_known(
    newest: int | None, lived_90k: int, doubted: bool
) -> None:
    state = first_look(NOW, newest)
    assert (state.lived_90k, state.doubt is not None) == (lived_90k, doubted)


@pytest.mark.parametrize(
    ("off_end", "kept"), [(0, False), (-60, False), (-61, True), (1, False), (2, True), (10**9, True)]
)
def test_an_age_is_kept_where_without_it_footage_went_sooner(off_end: int, kept: bool) -> None:
    assert (age_beside(TRUE + off_end * 90_000, TRUE) is not None) == kept


def test_a_step_is_told_from_slewing_and_never_across_a_boot() -> None:
    later = replace(NOW, wall_90k=NOW.wall_90k + HOUR, boottime_90k=NOW.boottime_90k + HOUR)
    assert later.stepped_since(NOW) == 0
    assert replace(later, wall_90k=later.wall_90k + 2 * 90_000).stepped_since(NOW) == 0
    assert replace(later, wall_90k=later.wall_90k - DAY_90K).stepped_since(NOW) == -DAY_90K
    assert replace(later, wall_90k=0, boot="boot-2").stepped_since(NOW) == 0
