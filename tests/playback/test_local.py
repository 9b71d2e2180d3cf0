"""The node on this machine, with the recorder running, silent, talking nonsense, and not there at all."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet

from footage.catalogue import Catalogue
from footage.contract import BadSpan, CameraCondition, CameraId, CameraSource, ClipRequest, Hold, Node, NoFootage
from footage.local import LocalNode, health_from
from footage.times import utc_now
from playback.making import BEGIN, HZ, Recorded

KEY = Fernet.generate_key()
CAMERA = CameraId(uuid4())


@contextmanager
def answering(run: Path, answer: Callable[[socket.socket], None]) -> Iterator[None]:
    """Something listens where the recorder would."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(run / "node.sock"))
        door.listen()

        def serve() -> None:
            try:
                while True:
                    line, _ = door.accept()
                    with line:
                        answer(line)
            except OSError:
                pass

        threading.Thread(target=serve, daemon=True).start()
        yield
        door.shutdown(socket.SHUT_RDWR)
    (run / "node.sock").unlink()


@pytest.fixture
def run(own_folders: Path) -> Path:
    return own_folders / "run"


def test_orders_are_durable_without_a_recorder(recorded: Recorded, run: Path) -> None:
    node: Node = LocalNode(recorded.store, run, KEY)
    hold = Hold(uuid4(), CAMERA, BEGIN, BEGIN + HZ, "exhibit:JD-7", "asked for by the police")
    node.set_cameras([CameraSource(CAMERA, "127", "rtsp://10.0.0.1/", username="u", password="secret")])
    node.put_hold(hold)
    again = LocalNode(recorded.store, run, KEY)
    assert again.holds() == [hold]
    with Catalogue(recorded.store, key=KEY) as catalogue:
        assert [(one.name, one.password) for one in catalogue.cameras()] == [("127", "secret")]
    assert b"secret" not in (recorded.store / "catalogue.sqlite3").read_bytes()
    again.release_hold(hold.hold_id, "handed over")
    again.release_hold(uuid4(), "never was")
    assert node.holds() == []


def test_orders_may_come_before_the_store_is_made(tmp_path: Path, run: Path) -> None:
    LocalNode(tmp_path / "new", run, KEY).set_cameras([CameraSource(CAMERA, "127", "rtsp://10.0.0.1/")])
    assert [one.name for one in Catalogue(tmp_path / "new", key=KEY).cameras()] == ["127"]


def _hangs(line: socket.socket) -> None:
    time.sleep(60)


def _nonsense(line: socket.socket) -> None:
    line.recv(1000)
    line.sendall(b"\xff\xfe not json\n")


def _another_release(line: socket.socket) -> None:
    line.recv(1000)
    line.sendall(b'{"alive": true, "cameras": [{"camera_id": 7}], "alarms": []}\n')


def _error(line: socket.socket) -> None:
    line.recv(1000)
    line.sendall(b'{"error": "failed", "detail": "x"}\n')


def _a_list(line: socket.socket) -> None:
    line.recv(1000)
    line.sendall(b"[1]\n")


@pytest.mark.parametrize("answer", [_hangs, _nonsense, _another_release, _error, _a_list, None])
def test_a_recorder_that_gives_no_sense_is_not_alive_and_holds_nothing_up(
    recorded: Recorded, run: Path, answer: Callable[[socket.socket], None] | None
) -> None:
    recorded.catalogue.set_cameras([CameraSource(recorded.camera_id, "127", "rtsp://10.0.0.1/")])
    recorded.record(BEGIN, 250)
    node = LocalNode(recorded.store, run)
    began = time.monotonic()
    if answer is None:
        health = node.health()
    else:
        with answering(run, answer):
            health = node.health()
            node.put_hold(Hold(uuid4(), recorded.camera_id, BEGIN, BEGIN + HZ, "exhibit:JD-7", "why"))
    assert time.monotonic() - began < 20
    assert not health.alive
    assert health.alarms == ("The recorder is not running. Nothing is being recorded.",)
    (camera,) = health.cameras
    assert (camera.condition, camera.last_picture_90k) == (CameraCondition.STOPPED, BEGIN + 10 * HZ)
    assert health.store_total_bytes > health.store_free_bytes > 0


def test_a_recorder_of_a_later_release_is_understood_as_far_as_it_can_be() -> None:
    camera = {"camera_id": str(CAMERA), "condition": "recording", "since_90k": 7, "mood": "sunny"}
    known = {"now_90k": 1, "store_total_bytes": 3, "store_free_bytes": 2, "held_bytes": 0, "disk_days_left": 9.5}
    health = health_from({"alive": True, **known, "alarms": ["x"], "cameras": [camera], "planets": 9})
    assert (health.alive, health.disk_days_left, health.alarms) == (True, 9.5, ("x",))
    assert health.cameras[0].condition is CameraCondition.RECORDING


def test_timelines_stills_and_clips_need_no_recorder(recorded: Recorded, run: Path, tmp_path: Path) -> None:
    recorded.record(BEGIN, 250)
    recorded.record(BEGIN + 15 * HZ, 250, run=2)
    node = LocalNode(recorded.store, run)
    seen = node.timeline(recorded.camera_id, BEGIN - HZ, BEGIN + 60 * HZ)
    assert [(one.start_90k, one.end_90k) for one in seen.spans] == [
        (BEGIN, BEGIN + 10 * HZ),
        (BEGIN + 15 * HZ, BEGIN + 25 * HZ),
    ]
    assert node.still(recorded.camera_id, BEGIN, max_width=64).width == 64
    request = ClipRequest(recorded.camera_id, BEGIN, BEGIN + 5 * HZ)
    assert node.cut_clip(request, tmp_path).files[0].frames == 125
    assert node.receipts() == []
    with pytest.raises(BadSpan):
        node.timeline(recorded.camera_id, BEGIN, BEGIN)
    with pytest.raises(NoFootage):
        node.still(CAMERA, BEGIN)


def test_a_clip_up_to_now_is_cut_from_what_is_closed_when_the_recorder_is_gone(
    recorded: Recorded, run: Path, tmp_path: Path
) -> None:
    begin = utc_now() - 20 * HZ
    recorded.record(begin, 475, per_file=250, leave_open=True)
    node = LocalNode(recorded.store, run)
    assert node.timeline(recorded.camera_id, begin, utc_now()).spans[-1].end_90k == begin + 19 * HZ
    receipt = node.cut_clip(ClipRequest(recorded.camera_id, begin, begin + 19 * HZ), tmp_path)
    assert receipt.files[0].end_90k == begin + 10 * HZ
    assert [(gap.start_90k, gap.end_90k) for gap in receipt.gaps] == [(begin + 10 * HZ, begin + 19 * HZ)]
