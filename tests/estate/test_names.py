"""Where cameras' names lead: asked side by side, in bounded time, before the records are locked."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from overt.estate.cameras import names
from overt.estate.cameras.names import look_up
from overt.estate.cameras.services import add_camera, change_camera
from overt.estate.cameras.values import CameraValues
from overt.estate.rules import BadCamera
from world import World


@pytest.fixture
def slow_names(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """A name server that answers, with 10.0.0.7, only once the event is set."""
    answers = threading.Event()

    def getaddrinfo(host: str, *words: Any, **more: Any) -> list[Any]:
        assert answers.wait(30)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 0))]

    monkeypatch.setattr(names.socket, "getaddrinfo", getaddrinfo)
    return answers


def test_a_name_that_is_not_answered_in_time_is_not_known(slow_names: threading.Event) -> None:
    began = time.monotonic()
    find = look_up([f"camera-{number}.example" for number in range(40)], seconds=0.2)
    assert time.monotonic() - began < 5.0, "all of them together, not each"
    slow_names.set()
    time.sleep(0.05)
    for host in ("camera-3.example", "never-asked.example"):
        with pytest.raises(OSError, match="not known"):
            find(host)


def test_names_are_asked_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(4, timeout=10)

    def getaddrinfo(host: str, *words: Any, **more: Any) -> list[Any]:
        together.wait()  # passes only where four wait at once
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 0))]

    monkeypatch.setattr(names.socket, "getaddrinfo", getaddrinfo)
    find = look_up(["a.example", "b.example", "c.example", "d.example"])
    assert [list(find(f"{name}.example")) for name in "abcd"] == [["10.0.0.7"]] * 4


def test_a_camera_whose_name_is_slow_is_refused_and_nothing_was_locked_meanwhile(
    world: World, slow_names: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth = len(transaction.get_connection().savepoint_ids)
    seen: list[int] = []
    monkeypatch.setattr(names, "LOOKUP_SECONDS", 0.2)
    asked = names.look_up

    def watched(hosts: Any, **more: Any) -> Any:
        seen.append(len(transaction.get_connection().savepoint_ids) - depth)
        return asked(hosts, seconds=0.2)

    monkeypatch.setattr("overt.estate.cameras.addresses.look_up", watched)
    for number, act in (("500", add_camera), ("127", partial(change_camera, world.camera("127")))):
        values = CameraValues(number, "Quay", world.towns["Harbour"], "rtsp://camera.example/1")
        with pytest.raises(BadCamera, match="not known here"):
            act(values, by=world.elin)
    slow_names.set()
    assert seen == [0, 0]


@pytest.mark.parametrize(("made", "allowed"), [([], False), (["demo.json"], True)])
def test_this_machine_is_no_camera_network_but_in_a_demo(made: list[str], allowed: bool, tmp_path: Path) -> None:
    for name in made:
        (tmp_path / name).write_text("{}")
    program = "from overt import settings; print(*settings.CAMERA_NETWORKS)"
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        env={"OVERT_DATA": str(tmp_path), "PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin"},
    ).stdout.split()  # fmt: skip
    assert ("127.0.0.0/8" in said) is allowed
    assert "::1/128" not in said
    assert "10.0.0.0/8" in said
