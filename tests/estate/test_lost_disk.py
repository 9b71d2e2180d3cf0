"""A footage disk that is lost is told where a person looks and where a machine does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from estate.recorder_saying import recorder_saying

pytestmark = pytest.mark.django_db
GONE = "/srv/overt/footage is gone: No such file or directory"


@pytest.mark.parametrize("disk_lost", ["", GONE], ids=["there", "lost"])
def test_readiness_and_metrics_say_whether_the_disk_is_there(own_folders: Path, disk_lost: str) -> None:
    alarms = (f"The footage disk: {disk_lost}. Nothing is recorded until it is back.",) if disk_lost else ()
    with recorder_saying(own_folders / "run", alarms=alarms, disk_lost=disk_lost):
        checks = Client().get("/readyz").json()["checks"]
        figures = Client().get("/metrics").content.decode()
    recorder = next(check for check in checks.values() if "recording" in json.dumps(check) or GONE in json.dumps(check))
    assert recorder["ok"] is not bool(disk_lost)
    assert (GONE in json.dumps(recorder)) is bool(disk_lost)
    assert f"overt_store_lost {float(bool(disk_lost))}" in figures
