"""The longest period a code allows: no camera is kept beyond it, and what is over its day goes with a receipt."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import Settings

from footage.catalogue import Catalogue, usual_path
from footage.contract import CameraId, SegmentClosed
from footage.recorder.housekeeping import Housekeeper
from footage.recorder.trust import ClockTrust, read_clocks
from footage.times import utc_now
from overt.estate.models import Camera
from overt.estate.node import sync_node
from overt.policy.models import PolicyVersion
from overt.policy.rules import document_of
from overt.policy.schemes import shipped
from overt.shared.keys import node_key
from world import World

ClientAs = Callable[..., Client]
MINUTE = 60 * 90_000
DAY = 24 * 60 * MINUTE


@pytest.fixture
def housing_group(world: World) -> World:
    """The world under the code of a housing group, which keeps recordings for 31 days at most."""
    PolicyVersion.objects.create(
        number=1,
        state="in_force",
        effective_from=datetime(2020, 1, 1, tzinfo=UTC),
        document=document_of(shipped("progress")),
    )
    return world


def add(browser: Client, world: World, number: str, days: str, page: str = "/cameras/add/") -> int:
    said = {"number": number, "name": "Quay Lane", "kind": "fixed", "town": str(world.towns["Harbour"].pk)}
    said |= {"address": "rtsp://127.0.0.1/1", "recorded": "on", "priority": "100", "retention_days": days}
    return browser.post(page, said).status_code


def recorded(catalogue: Catalogue, number: str, sequence: int, age: int) -> SegmentClosed:
    """A minute of a camera's footage that ended `age` ago."""
    camera = CameraId(Camera.objects.get(number=number).pk)
    start = int(utc_now()) - age - MINUTE
    path = usual_path(camera, start)
    full = catalogue.store / path
    full.parent.mkdir(parents=True, exist_ok=True)
    full.write_bytes(os.urandom(512))
    row = SegmentClosed(camera, 1, sequence, start, start + MINUTE, path, 512, "ab" * 32, 1500, "avc1.42c01e", 640, 360)
    catalogue.add_segment(row)
    return row


@pytest.mark.clause(
    "PROG-4.2.10",
    part="may be lower per camera but never above 31; values above are refused and the retention job proves deletion",
)
def test_no_camera_is_kept_beyond_31_days_and_each_deletion_has_its_receipt(
    housing_group: World, client_as: ClientAs, settings: Settings
) -> None:
    world, elin = housing_group, client_as(housing_group.elin)
    answers = [add(elin, world, number, days) for number, days in (("500", "32"), ("501", "31"), ("502", "14"))]
    assert answers == [422, 302, 302]
    assert not Camera.objects.filter(number="500").exists()
    assert add(elin, world, "502", "32", "/cameras/502/change/") == 422
    assert sync_node()

    with Catalogue(settings.FOOTAGE_STORE, key=node_key()) as catalogue:
        ClockTrust(catalogue).believe(read_clocks())
        ages = [("501", 30 * DAY), ("501", 31 * DAY), ("502", 13 * DAY), ("502", 14 * DAY), ("127", 31 * DAY)]
        rows = [recorded(catalogue, number, i, age) for i, (number, age) in enumerate(ages, 1)]
        Housekeeper(catalogue, reserve_bytes=0).round()
        there = [(catalogue.store / row.path).exists() for row in rows]
        receipts = {receipt.path: receipt for receipt in catalogue.receipts()}
    assert there == [True, False, True, False, False]
    assert set(receipts) == {rows[1].path, rows[3].path, rows[4].path}
    assert {one.reason for one in receipts.values()} == {"retention"}
