"""The whole line with real parts: an RTSP camera, the recorder's process, the gateway, an independent decoder."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from footage.contract import CameraCondition, CameraSource, ClipRequest, NodeHealth
from footage.local import LocalNode
from footage.times import HZ, utc_now
from gateway.conftest import PORTS, Gateway
from gateway.test_live import Watching
from playback.making import BEGIN, STEP, Recorded, number_of, played
from recorder.making import new_camera


async def until(answer, patience: float = 20.0):
    """The first answer that is true, asked for again and again."""
    async with asyncio.timeout(patience):
        while not (found := await asyncio.to_thread(answer)):
            await asyncio.sleep(0.1)
        return found


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a camera that shows thirty seconds of numbered pictures, over and over."""
    made = Recorded(tmp_path / "film")
    (row,) = made.record(BEGIN, 750, per_file=750)
    port = PORTS[-1]
    command = [sys.executable, "-m", "footage.simcam", str(made.store / row.path), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield f"rtsp://127.0.0.1:{port}/cam1"
    process.terminate()
    process.wait(10)


@pytest.fixture
async def recorder(own_folders: Path) -> AsyncIterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "footage.node", "--store", str(own_folders / "footage")]
    process = subprocess.Popen([*command, "--run", str(own_folders / "run")], stderr=subprocess.DEVNULL)
    yield process
    process.terminate()
    process.wait(10)


async def test_a_camera_is_recorded_watched_and_cut(
    own_folders: Path, street: str, recorder: subprocess.Popen[bytes], gateway: Gateway, tmp_path: Path
) -> None:
    node = LocalNode(own_folders / "footage", own_folders / "run")
    await until(lambda: node.health().alive)
    camera_id = new_camera()
    node.set_cameras([CameraSource(camera_id, "127", street)])

    def recording() -> NodeHealth | None:
        health = node.health()
        return health if any(one.condition is CameraCondition.RECORDING for one in health.cameras) else None

    health = await until(recording)
    assert [(one.camera_id, one.width, one.height) for one in health.cameras] == [(camera_id, 320, 180)]

    async with connect(gateway.live_address(gateway.ticket("live", camera_id=camera_id))) as socket:
        watching = Watching(socket)
        while len(watching.fragments) < 75:
            await watching.until(pictures=len(watching.fragments) + 1)
        late = (utc_now() - watching.fragments[-1][2]) / HZ
    numbers = played(watching.mp4).numbers
    assert numbers == [(numbers[0] + after) % 750 for after in range(75)]
    assert late < 5.0
    assert json.loads(json.dumps(watching.texts[0]))["codec"].startswith("avc1.")

    until_now = utc_now()
    asked = ClipRequest(camera_id, until_now - 3 * HZ // 2, until_now)
    receipt = await asyncio.to_thread(node.cut_clip, asked, tmp_path)
    (file,) = receipt.files
    seen = played(file.path.read_bytes())
    assert len(seen.numbers) == file.frames
    assert seen.numbers == [(seen.numbers[0] + after) % 750 for after in range(file.frames)]
    assert file.start_90k <= asked.start_90k
    assert file.end_90k > asked.end_90k - HZ  # the recorder closed its file for us
    assert receipt.gaps == ()

    still = await asyncio.to_thread(node.still, camera_id, file.start_90k + 30 * STEP + 100)
    assert number_of(still.jpeg) == seen.numbers[30]

    ticket = gateway.ticket("review", file.start_90k - HZ, until_now, camera_id=camera_id)
    answer = await gateway.http.get(f"/footage/play/{ticket}?start={asked.start_90k}&end={asked.end_90k}")
    assert played(answer.content).coded == seen.coded[: len(played(answer.content).coded)]

    recorder.kill()
    recorder.wait(5)
    dead = await asyncio.to_thread(node.health)
    assert not dead.alive
    assert [one.condition for one in dead.cameras] == [CameraCondition.STOPPED]
    node.set_cameras([])
    assert node.timeline(camera_id, until_now - 60 * HZ, until_now).spans
