"""The daily run of retention: proven from real receipts of a real store, camera by camera, and shown to who may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from footage.contract import CameraId, GapCause, Hold
from footage.recorder.deletion import carry_out
from footage.recorder.housekeeping import Housekeeper
from footage.recorder.trust import ClockTrust, read_clocks
from footage.times import utc_90k, utc_datetime
from overt.access.rules import Role
from overt.estate.models import Camera, RetentionRun
from overt.estate.node import node, sync_node
from overt.estate.retention.services import _receipts, run_if_due
from overt.logbook.models import Entry
from overt.up.worker import rounds
from playback.making import HZ, Recorded
from world import World, adopt_policy, give_role

ClientAs = Callable[..., Client]
HOUR = 3600 * HZ
DAY = 24 * HOUR
NOT_RUNNING = "The recorder is not running. Nothing is being recorded."


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def recorded(world: World, own_folders: Path) -> Callable[[str], Recorded]:
    def make(number: str) -> Recorded:
        return Recorded(own_folders / "footage", camera_id=CameraId(world.camera(number).pk))

    return make


def ran(number: str) -> RetentionRun:
    """The newest run of a camera."""
    return RetentionRun.objects.filter(camera=Camera.objects.get(number=number)).latest("day")


@pytest.mark.clause("SEVEN-PIA.8.a")
@pytest.mark.clause(
    "HERTS-24.1",
    part="A recording older than 28 days with no RetentionHold is deleted automatically and the deletion proven in a daily RetentionRun",
)
@pytest.mark.clause(
    "BASS-1.6.1.c",
    part="Recordings past 30 days without a RetentionHold are deleted automatically; the RetentionRun record proves oldest kept, count deleted",
)
@pytest.mark.parametrize("days", [28, 30, 31])
def test_each_day_is_proven_for_each_camera(
    days: int, world: World, recorded: Callable[[str], Recorded], now: datetime
) -> None:
    adopt_policy(retention_days=days)
    assert sync_node()
    first, second, held = recorded("127"), recorded("128"), recorded("129")
    today = utc_90k(now)
    # An hour past its day: retention that is late by half a day has not kept to it.
    old = first.record(today - days * DAY - HOUR, 50, per_file=25)
    first.record(today - (days - 1) * DAY, 25)
    second.record(today - (days - 1) * DAY, 25)
    held.record(today - (days + 5) * DAY, 25)
    wanted = today - (days + 5) * DAY
    node().put_hold(Hold(uuid4(), held.camera_id, wanted, wanted + HZ, "exhibit:JD-7", "a fight"))
    ClockTrust(first.catalogue).believe(read_clocks())
    Housekeeper(first.catalogue, reserve_bytes=0).round()

    assert run_if_due(now) == [], "today is not over"
    assert run_if_due(now + timedelta(days=1)) == [timezone.localdate(now)]
    rows = RetentionRun.objects.filter(day=timezone.localdate(now))
    assert {row.camera.number for row in rows} == set(world.cameras)
    one, other, kept = (rows.get(camera__number=number) for number in ("127", "128", "129"))
    assert (one.deleted_count, one.deleted_bytes) == (2, sum(row.size_bytes for row in old))
    assert one.oldest_kept == utc_datetime(today - (days - 1) * DAY)
    assert (other.deleted_count, other.early_count, other.overdue_seconds) == (0, 0, 0)
    assert (kept.held_count, kept.overdue_seconds) == (1, 0), "what is held is no failure"
    assert kept.oldest_kept == utc_datetime(wanted)
    assert {tuple(row.failures) for row in rows} == {()}
    assert {tuple(row.alarms) for row in rows} == {(NOT_RUNNING,)}
    assert {row.retention_days for row in rows} == {days}


@pytest.mark.clause("HERTS-24.1", part="a recording missing before day 28 is reported as a gap")
@pytest.mark.clause("BASS-1.6.1.c", part="the RetentionRun record proves oldest kept … any failure")
def test_what_stays_too_long_and_what_goes_too_early_are_failures(
    world: World, recorded: Callable[[str], Recorded], now: datetime
) -> None:
    adopt_policy(retention_days=28)
    assert sync_node()
    late, early = recorded("127"), recorded("128")
    today = utc_90k(now)
    early.record(today - 20 * DAY, 25)
    assert early.catalogue.mark_oldest(today, 1) == 1
    carry_out(early.catalogue)
    late.record(today - 29 * DAY, 50)  # and nobody deletes it

    run_if_due(now + timedelta(days=1))
    assert ran("127").overdue_seconds == 2
    assert ran("127").failures == ["2 seconds from more than 28 days ago are still there, not held."]
    assert (ran("128").deleted_count, ran("128").early_count) == (1, 1)
    assert ran("128").failures == ["1 file went before 28 days were over: the disk was full."]
    assert ran("128").oldest_kept is None
    [gap] = node().timeline(early.camera_id, today - 21 * DAY, today).gaps
    assert (gap.cause, gap.start_90k, gap.end_90k) == (GapCause.DISK_FULL, today - 20 * DAY, today - 20 * DAY + HZ)


def test_a_run_is_made_once_and_days_the_worker_missed_are_made_up_for(world: World, now: datetime) -> None:
    assert run_if_due(now) == [], "today is not over, and yesterday there was no camera"
    today = timezone.localdate(now)
    assert run_if_due(now + timedelta(days=1)) == [today]
    end_of_day = timezone.localtime(now + timedelta(days=1)).replace(hour=23, minute=59, second=59)
    assert run_if_due(end_of_day) == []
    assert run_if_due(now + timedelta(days=4)) == [today + timedelta(days=n) for n in (1, 2, 3)]
    entries = Entry.objects.filter(action="estate.retention.ran").order_by("number")
    assert [entry.facts["day"] for entry in entries] == [(today + timedelta(days=n)).isoformat() for n in range(4)]
    assert entries[0].facts["cameras"] == len(world.cameras)
    assert entries[0].facts["alarms"] == 1
    assert RetentionRun.objects.count() == 4 * len(world.cameras)


def test_the_worker_makes_the_run_on_its_own_rounds(world: World, now: datetime) -> None:
    Camera.objects.update(created_at=now - timedelta(days=2))
    [go] = [do for name, _, do in rounds() if name == "what retention did the day before"]
    go()
    assert set(RetentionRun.objects.values_list("day", flat=True)) == {timezone.localdate(now) - timedelta(days=1)}


def test_a_store_that_cannot_be_read_proves_nothing_and_is_tried_again(
    world: World, own_folders: Path, now: datetime
) -> None:
    store, away = own_folders / "footage", own_folders / "away"
    node().holds()
    tomorrow = now + timedelta(days=1)
    store.rename(away)
    store.write_text("a disk that is not mounted")
    assert run_if_due(tomorrow) == []
    assert not RetentionRun.objects.exists()
    store.unlink()
    away.rename(store)
    assert run_if_due(tomorrow) == [timezone.localdate(now)]


def test_every_receipt_counts_once_though_many_bear_one_moment(
    world: World, recorded: Callable[[str], Recorded], now: datetime
) -> None:
    assert sync_node()
    made, today = recorded("127"), utc_90k(now)
    made.record(today - 40 * DAY, 175, per_file=25)
    for wanted in (5, 2):
        made.catalogue.mark_oldest(today, 1) if wanted == 2 else made.catalogue.mark_expired(today, limit=wanted)
        carry_out(made.catalogue)
    every = node().receipts()
    assert len(every) == 6
    assert len({one.deleted_90k for one in every}) == 2
    for batch in (1, 2, 3, 100):
        told = list(_receipts(node(), 0, today + DAY, batch))
        assert [one.path for one in told] == [one.path for one in every]
    assert list(_receipts(node(), 0, every[0].deleted_90k, 2)) == [], "the end of a time is not in it"


def test_the_runs_are_shown_to_those_who_may_see_the_system_and_only_their_cameras(
    client_as: ClientAs, world: World, now: datetime
) -> None:
    page = client_as(world.cerys).get("/retention/").content.decode()
    assert "No day is proven yet" in page
    assert NOT_RUNNING in page
    run_if_due(now + timedelta(days=1))
    page = client_as(world.cerys).get("/retention/").content.decode()
    for words in ("127 High Street North", "201 ", "Nothing is kept"):
        assert words in page
    assert "No run of that day" in client_as(world.cerys).get("/retention/?day=2020-01-01").content.decode()
    assert client_as(world.cerys).get("/retention/?day=yesterday").status_code == 200
    assert client_as(world.asha).get("/retention/").status_code == 403
    assert "Retention day by day" in client_as(world.cerys).get("/cameras/127/").content.decode()
    assert "Retention day by day" not in client_as(world.asha).get("/cameras/127/").content.decode()
    give_role(world.bryn, Role.ENGINEER, partner=world.riverside_homes)
    page = client_as(world.bryn).get("/retention/").content.decode()
    assert "/cameras/201/" in page
    assert "/cameras/127/" not in page


def test_a_day_without_a_camera_owes_no_proof_and_the_first_one_after_it_does(
    client_as: ClientAs, world: World, now: datetime
) -> None:
    first = client_as(world.cerys).get("/retention/").content.decode()
    assert "proven when it is over" in first
    assert "Yesterday is not proven yet" not in first
    Camera.objects.update(created_at=now - timedelta(days=2))
    assert "Yesterday is not proven yet" in client_as(world.cerys).get("/retention/").content.decode()
