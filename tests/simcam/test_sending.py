"""What a simulated camera sends is what is in the file, in time, without a seam."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footage.rtsp.events import Codec
from footage.simcam.options import Options
from footage.simcam.rtp import packetise
from footage.simcam.server import SimCamServer
from footage.simcam.transcode import load_film
from simcam.client import Viewer


def nals_of_file(path: Path) -> list[list[bytes]]:
    """The file's pictures as PyAV hands them out, length prefixes taken off."""
    pictures = []
    with av.open(str(path)) as container:
        for packet in container.demux(video=0):
            data, nals = bytes(packet), []
            while data:
                size = int.from_bytes(data[:4], "big")
                nals.append(data[4 : 4 + size])
                data = data[4 + size :]
            if nals:
                pictures.append(nals)
    return pictures


@pytest.mark.parametrize("name", ["short_film", "short_h265"])
async def test_each_nal_unit_arrives_byte_for_byte_and_in_order(name: str, request: pytest.FixtureRequest) -> None:
    path: Path = request.getfixturevalue(name)
    expected = nals_of_file(path)
    async with SimCamServer(options=Options(in_band=False)) as server:
        server.add("cam1", path)
        async with Viewer(server.url("cam1")) as viewer:
            await viewer.play()
            seen = await viewer.pictures(30)
    assert len(expected) == 25
    assert [picture.nals for picture in seen] == (expected + expected)[:30]
    assert viewer.lost == 0


async def test_the_loop_goes_on_without_a_seam(short_film: Path) -> None:
    async with SimCamServer() as server:
        camera = server.add("cam1", short_film)
        async with Viewer(server.url("cam1")) as viewer:
            await viewer.play()
            seen = await viewer.pictures(60)
    steps = {(b.timestamp - a.timestamp) & 0xFFFFFFFF for a, b in pairwise(seen)}
    assert steps == {3600}
    keys = [number for number, picture in enumerate(seen) if any(nal[0] & 31 == 5 for nal in picture.nals)]
    assert keys == [0, 25, 50]
    for key in keys:  # parameter sets travel in front of each key frame, once
        assert [nal[0] & 31 for nal in seen[key].nals][:2] == [7, 8]
        assert [nal for nal in seen[key].nals if nal[0] & 31 in (7, 8)] == list(camera.film.parameter_sets)


async def test_pictures_come_when_they_are_due_and_do_not_drift(short_film: Path) -> None:
    async with SimCamServer() as server:
        server.add("cam1", short_film)
        async with Viewer(server.url("cam1")) as viewer:
            await viewer.play()
            seen = await viewer.pictures(76)
    took = seen[-1].arrived - seen[0].arrived
    media = ((seen[-1].timestamp - seen[0].timestamp) & 0xFFFFFFFF) / 90_000
    assert media == pytest.approx(3.0)
    assert took == pytest.approx(media, abs=0.25)


async def test_every_viewer_of_a_camera_sees_the_same_stream(short_film: Path) -> None:
    async with SimCamServer() as server:
        server.add("cam1", short_film, alias="short")
        async with Viewer(server.url("cam1")) as asha, Viewer(server.url("short")) as bryn:
            await asha.play()
            await asha.pictures(3)
            await bryn.play()
            one, other = await asyncio.gather(asha.pictures(60), bryn.pictures(30))
    by_time = {picture.timestamp: picture.nals for picture in one}
    shared = [picture for picture in other if picture.timestamp in by_time]
    assert len(shared) >= 25
    assert all(by_time[picture.timestamp] == picture.nals for picture in shared)
    assert other[0].nals[0][0] & 31 == 7  # a viewer who comes late begins at a key frame


async def test_one_packet_a_write_carries_the_same_pictures(short_film: Path) -> None:
    async with SimCamServer(options=Options(packets_apart=True, in_band=False)) as server:
        server.add("cam1", short_film)
        async with Viewer(server.url("cam1")) as viewer:
            await viewer.play()
            seen = await viewer.pictures(25)
    assert [picture.nals for picture in seen] == nals_of_file(short_film)


async def test_what_no_camera_would_send_is_transcoded_once(tmp_path: Path) -> None:
    source = tmp_path / "old.avi"
    with av.open(str(source), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 161, 121, "yuv420p"
        for _ in range(25):
            container.mux(stream.encode(av.VideoFrame(161, 121, "yuv420p")))
        container.mux(stream.encode(None))
    told: list[float] = []
    film = load_film(source, cache=tmp_path / "cache", report=lambda _name, done: told.append(done))
    assert (film.width, film.height, len(film.pictures), film.fps) == (160, 120, 25, pytest.approx(10))
    assert film.key_indexes == (0, 10, 20)
    assert told[-1] == 1.0
    told.clear()
    assert load_film(source, cache=tmp_path / "cache", report=lambda _n, d: told.append(d)).pictures == film.pictures
    assert told == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(min_size=3, max_size=5000), min_size=1, max_size=6), st.sampled_from(list(Codec)))
def test_packets_put_together_are_the_nal_units_they_were_made_of(bodies: list[bytes], codec: Codec) -> None:
    head = b"\x65" if codec is Codec.H264 else b"\x26\x01"
    nals = tuple(head + body for body in bodies)
    burst = packetise(codec, nals)
    packets = burst.patched(65534, 7, 9)
    viewer = Viewer("rtsp://none")
    seen = [viewer._rtp(bytes(packets[start + 4 : end]))
            for start, end in zip(burst.offsets, (*burst.offsets[1:], len(packets)), strict=True)]  # fmt: skip
    assert [picture is not None for picture in seen] == [False] * (len(seen) - 1) + [True]
    assert seen[-1] is not None
    assert tuple(seen[-1].nals) == nals
    assert viewer.lost == 0


def test_the_command_serves_a_file_and_refuses_what_is_none(short_film: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "footage.simcam", "--port", "0", "--control", "0"]
    with subprocess.Popen([*command, str(short_film)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        process.terminate()
        assert process.wait(10) == 0
    assert lines[0].startswith("cam1  rtsp://127.0.0.1:")
    assert "h264 320x240 25 fps" in lines[0]
    assert lines[2] == "ready\n"
    (tmp_path / "notes.txt").write_text("no video")
    refused = subprocess.run([*command, str(tmp_path / "notes.txt")], capture_output=True, text=True, timeout=20)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "notes.txt" in refused.stderr
    misused = subprocess.run(
        [*command, str(short_film), "--fault", "cam1:explode"], capture_output=True, text=True, timeout=20
    )
    assert misused.returncode == 2
    assert "no such fault" in misused.stderr
