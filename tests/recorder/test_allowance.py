"""On a disk that is too small, a camera that records far more than usual pays with that, and nobody else before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from footage.contract import CameraId, CameraSource, SegmentClosed
from footage.recorder import housekeeping
from footage.recorder.allowance import day_allowances, fills_the_disk
from footage.recorder.housekeeping import Housekeeper
from footage.recorder.pressure import DAY_90K, Room
from footage.recorder.trust import ClockTrust, read_clocks
from recorder.test_retention import MINUTE, RIVER, TOWN, Keeping, fill

TODAY = 20_000
PLENTY = Room(10**9, 0, 0)


@pytest.fixture
def keeping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeping]:
    """It is noon, so that the last hour is all of one day."""
    made = Keeping(tmp_path / "store")
    made.now = made.now // DAY_90K * DAY_90K + DAY_90K // 2
    noon = replace(read_clocks(), wall_90k=made.now)
    monkeypatch.setattr(housekeeping, "read_clocks", lambda: noon)
    ClockTrust(made.catalogue).believe(noon)
    yield made
    made.catalogue.close()


def days_of(keeping: Keeping, camera: CameraId, days: int) -> list[SegmentClosed]:
    """A file a day up to yesterday, oldest first."""
    return [keeping.recorded(camera, age * DAY_90K) for age in range(days, 0, -1)]


def flood(keeping: Keeping, camera: CameraId, files: int) -> list[SegmentClosed]:
    """Many large files of the last minutes, oldest first."""
    return [keeping.recorded(camera, age * MINUTE, size=8192) for age in range(files, 0, -1)]


def test_a_camera_that_floods_pays_with_the_flood_and_the_others_footage_stays_until_its_day(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    town, river = days_of(keeping, TOWN, 20), days_of(keeping, RIVER, 20)
    flooding = flood(keeping, RIVER, 30)
    fill(keeping, monkeypatch, 40 * 4096 + 20 * 8192 + 10_000)
    done = Housekeeper(keeping.catalogue).round()
    assert done.made_room == 10
    assert all(keeping.there(row) for row in town)
    assert all(keeping.there(row) for row in river)  # nor does it cost the flooding camera's own days
    assert [keeping.there(row) for row in flooding] == [False] * 10 + [True] * 20
    assert done.alarms[0].startswith("The disk is nearly full. 201 recorded far more than usual")
    assert "far more than usual" not in " ".join(Housekeeper(keeping.catalogue).round().alarms)


def test_where_the_flood_is_held_or_spent_the_oldest_goes_as_ever(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = days_of(keeping, TOWN, 20)
    days_of(keeping, RIVER, 10)
    flooding = flood(keeping, RIVER, 10)
    for row in flooding[:8]:  # each hold reaches a moment into the next file
        keeping.hold(row)
    fill(keeping, monkeypatch, 30 * 4096 + 9 * 8192 + 10_000 - 2 * 4096)
    done = Housekeeper(keeping.catalogue).round()
    assert [keeping.there(row) for row in flooding] == [True] * 9 + [False]
    assert [keeping.there(row) for row in town[:3]] == [False, False, True]
    assert done.made_room == 3


def test_a_busy_day_is_no_flood(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    town = days_of(keeping, TOWN, 20)
    river = days_of(keeping, RIVER, 20)
    busy = keeping.recorded(RIVER, MINUTE, size=8000)
    fill(keeping, monkeypatch, 39 * 4096 + 8000 + 10_000)
    done = Housekeeper(keeping.catalogue).round()
    assert (done.made_room, keeping.there(town[0]), keeping.there(river[0])) == (1, False, True)
    assert keeping.there(busy)
    assert "oldest footage goes before its date" in done.alarms[0]


def test_on_a_new_store_the_one_that_records_most_pays_until_it_has_no_more_than_the_others(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = [keeping.recorded(TOWN, age * MINUTE) for age in range(6, 0, -1)]
    fast = [keeping.recorded(RIVER, age * MINUTE // 10, size=8192) for age in range(20, 0, -1)]
    fill(keeping, monkeypatch, 6 * 4096 + 4 * 8192 + 10_000)
    Housekeeper(keeping.catalogue).round()
    assert all(keeping.there(row) for row in slow)
    assert sum(keeping.there(row) for row in fast) == 4


# What a camera may keep of a day


def cameras(count: int, *, days: int = 30) -> list[CameraSource]:
    return [CameraSource(CameraId(UUID(int=n)), str(n), "rtsp://one/", retention_days=days) for n in range(count)]


def kept(camera: CameraSource, rate: int, *, today: int = 0, days: int = 20) -> dict[int, int]:
    return {TODAY - age: rate for age in range(days, 0, -1)} | ({TODAY: today} if today else {})


def allowances(rates: list[dict[int, int]], room: Room = PLENTY) -> list[int]:
    ordered = cameras(len(rates))
    found = day_allowances(
        {one.camera_id: days for one, days in zip(ordered, rates, strict=True)}, ordered, room, TODAY
    )
    return [found[one.camera_id] for one in ordered]


def test_a_camera_may_keep_twice_what_it_usually_records_however_much_today_is() -> None:
    one = cameras(1)[0]
    assert allowances([kept(one, 1000, today=90_000), kept(one, 3000)]) == [
        max(2000, (20_000 + 90_000 + 60_000) // 60),
        max(6000, (20_000 + 90_000 + 60_000) // 60),
    ]


def test_a_flood_that_lasts_becomes_no_right_to_the_disk() -> None:
    one = cameras(1)[0]
    rates = [kept(one, 1000), kept(one, 1000), kept(one, 1000), kept(one, 500_000)]
    assert allowances(rates, Room(10**9, 0, 9_500_000))[3] == 2 * 8 * 1000
    assert allowances(rates, Room(10**9, 0, 9_500_000))[:3] == [560_000 // 120] * 3


def test_a_new_camera_counts_as_the_middle_one_and_without_any_all_are_equal() -> None:
    one = cameras(1)[0]
    assert allowances([kept(one, 1000), kept(one, 1000), {TODAY: 70_000}], Room(10**9, 0, 60_000))[2] == 2000
    assert allowances([{TODAY: 70_000}, {TODAY: 10_000}]) == [80_000 // 60, 80_000 // 60]
    assert allowances([{TODAY: 70_000}], Room(10**9, 0, 10**9)) == [0]


def test_a_camera_fills_the_disk_only_if_it_records_far_more_than_the_middle_one_and_that_matters():
    assert not fills_the_disk(RIVER, {TOWN: 4_000, RIVER: 4_100}, 100)
    assert not fills_the_disk(RIVER, {TOWN: 4_000, RIVER: 8_000}, 100)
    assert fills_the_disk(RIVER, {TOWN: 4_000, RIVER: 8_001}, 100)
    assert not fills_the_disk(TOWN, {TOWN: 4_000, RIVER: 8_001}, 100)
    assert fills_the_disk(RIVER, {RIVER: 10}, 80)
    assert not fills_the_disk(RIVER, {TOWN: 10, RIVER: 8_000}, 64_001)
