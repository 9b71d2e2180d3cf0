"""The node under orders: cameras and holds written by the scheme, obeyed at once or when the node starts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet

from footage.contract import CameraCondition, CameraSource, ClipRequest, GapCause, Hold
from footage.local import LocalNode
from footage.simcam.options import Options
from footage.times import utc_now
from recorder.making import SECOND, new_camera
from recorder.node import Cameras, Recorder, recording, until

KEY = Fernet.generate_key()
NODE = ("footage.node",)


@pytest.fixture
def locked(street: Path) -> Iterator[Cameras]:
    """Two cameras that ask for a password, and whose clock is 400 ms ahead."""
    options = Options(username="asha", password="open-sesame", clock_offset_s=0.4, report_every_s=0.5)
    made = Cameras(street, 2, options)
    yield made
    made.close()


@pytest.fixture
def node(store: Path, run: Path, tmp_path: Path) -> Iterator[Recorder]:
    """`python -m footage.node`, as a service would start it."""
    key_file = tmp_path / "node.key"
    key_file.write_bytes(KEY + b"\n")
    with recording(store, "--key-file", key_file, run=run, program=NODE) as process:
        yield process


def source(cameras: Cameras, name: str, **facts: object) -> CameraSource:
    made = CameraSource(new_camera(), name, cameras.url(name), "asha", "open-sesame")
    return replace(made, **facts)  # type: ignore[arg-type]


def condition(local: LocalNode, number: int = 0) -> CameraCondition:
    return local.health().cameras[number].condition


def test_orders_are_obeyed_at_once_and_every_change_leaves_a_gap(
    locked: Cameras, node: Recorder, store: Path, run: Path
) -> None:
    until(lambda: (run / "node.sock").exists())
    local = LocalNode(store, run, KEY)
    one, two = source(locked, "cam1"), source(locked, "cam2")
    local.set_cameras([one])
    until(lambda: condition(local) is CameraCondition.RECORDING)
    local.set_cameras([one, two])
    until(lambda: condition(local, 1) is CameraCondition.RECORDING)
    until(lambda: all(local.timeline(camera.camera_id, 0, utc_now()).spans for camera in (one, two)))
    until(lambda: 350 < (local.health().cameras[0].clock_offset_ms or 0) < 450)
    local.set_cameras([replace(one, enabled=False), two])
    assert condition(local) is CameraCondition.STOPPED
    gap = local.timeline(one.camera_id, 0, utc_now() + SECOND).gaps[-1]  # the last picture lasts a moment longer
    assert (gap.cause, gap.end_90k) == (GapCause.OPERATOR_STOP, None)
    local.set_cameras([replace(one, password="wrong"), two])
    until(lambda: condition(local) is CameraCondition.REFUSED)
    local.set_cameras([one, two])
    until(lambda: condition(local) is CameraCondition.RECORDING)
    causes = [gap.cause for gap in local.timeline(one.camera_id, 0, utc_now()).gaps]
    assert GapCause.OPERATOR_STOP in causes
    assert GapCause.CAMERA_REFUSED in causes
    assert len(local.timeline(two.camera_id, 0, utc_now()).spans) == 1


def test_a_clip_up_to_this_moment_is_cut_while_the_node_records(
    locked: Cameras, node: Recorder, store: Path, run: Path, tmp_path: Path
) -> None:
    until(lambda: (run / "node.sock").exists())
    local = LocalNode(store, run, KEY)
    camera = source(locked, "cam1")
    local.set_cameras([camera])
    covered = until(lambda: local.timeline(camera.camera_id, 0, utc_now()).spans)
    until(lambda: local.timeline(camera.camera_id, 0, utc_now()).spans[0].end_90k > covered[0].start_90k + 4 * SECOND)
    asked = utc_now()
    receipt = local.cut_clip(ClipRequest(camera.camera_id, covered[0].start_90k, asked), tmp_path)
    assert receipt.files[0].start_90k == covered[0].start_90k
    assert receipt.files[-1].end_90k > asked - 3 * SECOND


def test_orders_given_while_the_node_is_down_are_obeyed_when_it_starts(
    locked: Cameras, store: Path, run: Path, tmp_path: Path
) -> None:
    local = LocalNode(store, run, KEY)
    camera = source(locked, "cam1")
    local.set_cameras([camera])
    local.put_hold(Hold(uuid4(), camera.camera_id, 0, SECOND, "exhibit:JD-7", "theft"))
    assert not local.health().alive
    key_file = tmp_path / "node.key"
    key_file.write_bytes(KEY)
    with recording(store, "--key-file", key_file, run=run, program=NODE):
        until(lambda: local.health().alive and condition(local) is CameraCondition.RECORDING)
        assert len(local.holds()) == 1


def test_a_node_with_another_key_says_so_and_does_not_start(
    locked: Cameras, store: Path, run: Path, tmp_path: Path
) -> None:
    LocalNode(store, run, KEY).set_cameras([source(locked, "cam1")])
    key_file = tmp_path / "node.key"
    key_file.write_bytes(Fernet.generate_key())
    with recording(store, "--key-file", key_file, run=run, program=NODE) as process:
        _, said = process.process.communicate(timeout=20)
        assert (process.process.returncode, "another key" in said) == (2, True)
