"""Each fault really happens on the wire, and ends where it should."""

from __future__ import annotations

import asyncio
import json
import time
from itertools import pairwise
from pathlib import Path

import pytest

from footage.simcam.control import serve_control
from footage.simcam.faults import FaultError, make_fault, parse_fault
from footage.simcam.options import Options
from footage.simcam.server import SimCamServer
from simcam.client import Viewer


async def test_drop_closes_the_connection_and_welcomes_the_next(short_film: Path) -> None:
    async with SimCamServer() as server:
        server.add("cam1", short_film)
        async with Viewer(server.url("cam1")) as viewer:
            await viewer.play()
            await viewer.pictures(3)
            await server.fault("cam1", "drop")
            with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                await viewer.pictures(60)
        async with Viewer(server.url("cam1")) as again:
            await again.play()
            assert len(await again.pictures(3)) == 3


async def test_a_stall_leaves_pictures_out_but_answers_and_goes_on_at_a_key_frame(short_film: Path) -> None:
    async with SimCamServer() as server:
        server.add("cam1", short_film)
        async with Viewer(server.url("cam1")) as viewer:
            await viewer.play()
            before = (await viewer.pictures(5))[-1]
            await server.fault("cam1", "stall", seconds=0.5)
            assert (await viewer.ask("GET_PARAMETER")).status == 200
            after = (await viewer.pictures(2))[-2:]
    media = ((after[0].timestamp - before.timestamp) & 0xFFFFFFFF) / 90_000
    assert media >= 0.5
    assert after[0].arrived - before.arrived == pytest.approx(media, abs=0.3)
    assert any(nal[0] & 31 == 5 for nal in after[0].nals)
    assert viewer.lost == 0


async def test_a_change_of_resolution_brings_new_parameter_sets_in_band(short_film: Path, tmp_path: Path) -> None:
    async with SimCamServer(options=Options(cache=tmp_path)) as server:
        camera = server.add("cam1", short_film)
        async with Viewer(server.url("cam1")) as viewer:
            await viewer.play()
            first = (await viewer.pictures(2))[0]
            await server.fault("cam1", "resolution", width=160, height=120)
            changed = await viewer.pictures(40)
            assert (camera.film.width, camera.film.height) == (160, 120)
            await server.fault("cam1", "resolution")
            back = await viewer.pictures(40)
    sets = [{nal for nal in picture.nals if nal[0] & 31 == 7} for picture in (first, *changed, *back)]
    kinds = [min(s) for s in sets if s]
    assert len(set(kinds)) == 2
    assert kinds[0] == kinds[-1]
    stamps = [picture.timestamp for picture in (first, *changed, *back)]
    assert all(0 < (b - a) & 0xFFFFFFFF < 90_000 for a, b in pairwise(stamps[1:]))


async def test_unplugged_a_camera_is_silent_until_it_is_plugged_in_again(short_film: Path) -> None:
    async with SimCamServer() as server:
        server.add("cam1", short_film)
        server.add("cam2", short_film)
        async with Viewer(server.url("cam1")) as viewer, Viewer(server.url("cam2")) as neighbour:
            await viewer.play()
            await neighbour.play()
            await viewer.pictures(2)
            await server.fault("cam1", "unplug")
            with pytest.raises(TimeoutError):
                await viewer.pictures(40, within=0.6)
            async with Viewer(server.url("cam1")) as knocking:
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(knocking.ask("OPTIONS"), 0.3)
            assert len(await neighbour.pictures(5)) == 5
            await server.fault("cam1", "plug")
            async with Viewer(server.url("cam1")) as again:
                assert (await again.play()).status == 200
                assert len(await again.pictures(3)) == 3


async def test_a_camera_starting_up_closes_what_comes(short_film: Path) -> None:
    async with SimCamServer() as server:
        server.add("cam1", short_film)
        await server.fault("cam1", "refuse", seconds=0.3)
        async with Viewer(server.url("cam1")) as viewer:
            with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                await viewer.ask("OPTIONS")
        await asyncio.sleep(0.35)
        async with Viewer(server.url("cam1")) as viewer:
            assert (await viewer.ask("OPTIONS")).status == 200


async def test_without_parameters_the_description_has_none_but_the_stream_has(short_film: Path) -> None:
    async with SimCamServer() as server:
        server.add("cam1", short_film)
        async with Viewer(server.url("cam1")) as viewer:
            assert "sprop-parameter-sets=" in (await viewer.describe()).body
        await server.fault("cam1", "no-parameters")
        async with Viewer(server.url("cam1")) as viewer:
            body = (await viewer.describe()).body
            assert "sprop" not in body
            assert "a=rtpmap:96 H264/90000" in body
            await viewer.play()
            assert [nal[0] & 31 for nal in (await viewer.pictures(1))[0].nals][:2] == [7, 8]


@pytest.mark.parametrize("offset", [0.0, 7.5, -3600.0])
async def test_sender_reports_tell_the_camera_s_own_clock(short_film: Path, offset: float) -> None:
    async with SimCamServer() as server:
        server.add("cam1", short_film)
        async with Viewer(server.url("cam1")) as viewer:
            await viewer.play()
            await viewer.pictures(2)
            await server.fault("cam1", "clock-offset", seconds=offset)
            before = len(viewer.reports)
            seen = await viewer.pictures(3)
            wall, stamp = viewer.reports[-1]
    assert len(viewer.reports) == before + 1
    assert wall - time.time() == pytest.approx(offset, abs=1.0)
    assert abs(((stamp - seen[-1].timestamp + 2**31) & 0xFFFFFFFF) - 2**31) < 90_000


async def test_lost_packets_use_up_their_numbers(short_film: Path) -> None:
    async with SimCamServer() as server:
        server.add("cam1", short_film)
        async with Viewer(server.url("cam1")) as viewer:
            await viewer.play()
            await viewer.pictures(3)
            assert viewer.lost == 0
            await server.fault("cam1", "loss", packets=2)
            seen = await viewer.pictures(4)
    assert viewer.lost == 2
    assert any(picture.broken for picture in seen)


async def test_garbage_in_the_stream_is_no_frame_and_garbage_in_the_payload_is(short_film: Path) -> None:
    async with SimCamServer(options=Options(in_band=False)) as server:
        camera = server.add("cam1", short_film)
        whole = {nal for picture in camera.film.pictures for nal in picture.nals}
        async with Viewer(server.url("cam1")) as viewer:
            await viewer.play()
            await viewer.pictures(2)
            await server.fault("cam1", "garbage", bytes=600, where="payload")
            seen = await viewer.pictures(20)
            assert any(nal not in whole for picture in seen for nal in picture.nals)
            assert all(nal in whole for nal in seen[-1].nals)
            await server.fault("cam1", "garbage", bytes=500)
            raw = await asyncio.wait_for(viewer.reader.readexactly(3000), 5)
    assert len(set(raw)) > 200  # noise


async def test_the_control_port_breaks_cameras_and_says_what_it_did_not_understand(short_film: Path) -> None:
    async with SimCamServer(options=Options(sent_log=10)) as server:
        server.add("cam1", short_film, alias="street")
        control = await serve_control(server, 0)
        port = control.sockets[0].getsockname()[1]
        status, cameras = await http(port, "GET", "/cameras")
        assert (status, cameras[0]["name"], cameras[0]["unplugged"]) == (200, "cam1", False)
        assert (await http(port, "POST", "/street/fault", {"kind": "unplug"}))[1]["unplugged"] is True
        assert (await http(port, "POST", "/cam1/fault", {"kind": "plug"}))[1]["unplugged"] is False
        for path, body, code in (("/cam1/fault", {"kind": "explode"}, "simcam-fault"), ("/cam9/fault", {}, "not-there"),
                                 ("/cam1/fault", {"kind": "stall", "seconds": "long"}, "simcam-fault"),
                                 ("/cam1/fault", [], "body")):  # fmt: skip
            status, problem = await http(port, "POST", path, body)
            assert (status >= 400, problem["code"]) == (True, code)
        async with Viewer(server.url("cam1")) as viewer:
            await viewer.play()
            await viewer.pictures(3)
        _, sent = await http(port, "GET", "/cam1/sent")
        assert len(sent) >= 3
        assert abs(sent[-1]["wall_ns"] / 1e9 - time.time()) < 5
        control.close()


async def http(port: int, method: str, path: str, body: object = None) -> tuple[int, object]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    content = b"" if body is None else json.dumps(body).encode()
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content)
    answer = await reader.read()
    writer.close()
    head, _, rest = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), json.loads(rest)


def test_a_fault_on_the_command_line_is_read_or_refused() -> None:
    camera, fault = parse_fault("cam3:stall@2.5,seconds=4")
    assert (camera, fault.kind, fault.after_s, fault.values) == ("cam3", "stall", 2.5, {"seconds": 4.0})
    for text in ("cam3", "cam3:stall@soon", "cam3:stall,speed=4", "cam3:stall,seconds=fast", "cam3:garbage,bytes=-5"):
        with pytest.raises(FaultError):
            parse_fault(text)
    with pytest.raises(FaultError):
        make_fault("garbage", {"where": "everywhere"})
