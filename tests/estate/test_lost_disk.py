"""A footage disk that is lost is told where a person looks and where a machine does."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest
from django.test import Client

from footage.contract import NodeHealth
from footage.times import utc_now

pytestmark = pytest.mark.django_db
GONE = "/srv/overt/footage is gone: No such file or directory"


@contextmanager
def recorder_saying(run: Path, disk_lost: str) -> Iterator[None]:
    """What stands at the recorder's socket, and speaks as it does."""
    alarms = (f"The footage disk: {disk_lost}. Nothing is recorded until it is back.",) if disk_lost else ()
    health = NodeHealth(True, int(utc_now()), 10**12, 10**11, 0, None, alarms, (), disk_lost)

    class Answer(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.rfile.readline()
            self.wfile.write(json.dumps(asdict(health)).encode() + b"\n")

    with socketserver.ThreadingUnixStreamServer(str(run / "node.sock"), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


@pytest.mark.parametrize("disk_lost", ["", GONE], ids=["there", "lost"])
def test_readiness_and_metrics_say_whether_the_disk_is_there(own_folders: Path, disk_lost: str) -> None:
    with recorder_saying(own_folders / "run", disk_lost):
        checks = Client().get("/readyz").json()["checks"]
        figures = Client().get("/metrics").content.decode()
    recorder = next(check for check in checks.values() if "recording" in json.dumps(check) or GONE in json.dumps(check))
    assert recorder["ok"] is not bool(disk_lost)
    assert (GONE in json.dumps(recorder)) is bool(disk_lost)
    assert f"overt_store_lost {float(bool(disk_lost))}" in figures
