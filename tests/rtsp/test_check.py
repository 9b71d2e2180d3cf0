"""A look at a camera as the scheme asks for it: what is told of one that goes away while it is looked at."""

from __future__ import annotations

import asyncio

from footage.check import check_source
from footage.contract import CameraId, CameraSource, CheckOutcome
from footage.rtsp.events import Codec
from recorder.making import new_camera
from rtsp.pictures import encoded
from rtsp.scripted import Connection, ScriptedCamera

coded = encoded(Codec.H264, gop=8)


async def look(camera: ScriptedCamera, seconds: float, said: list[str] | None = None):
    source = CameraSource(CameraId(new_camera()), "127", camera.url)
    told = (said if said is not None else []).append
    return await asyncio.to_thread(check_source, source, seconds, progress=told)


async def test_a_camera_that_closes_in_the_middle_is_told_after_how_many_pictures() -> None:
    async def play(connection: Connection) -> None:
        await connection.paced(0.5)
        connection.writer.close()

    async with ScriptedCamera(coded, play=play) as camera:
        found = await look(camera, 3.0)
    assert found.outcome is CheckOutcome.SILENT
    assert found.detail.startswith("The camera closed the connection after ")
    assert found.detail.endswith(" pictures; look at its network, its power and how many viewers it serves.")


async def test_what_is_waited_for_is_told_while_it_is_waited_for() -> None:
    async def play(connection: Connection) -> None:
        await asyncio.sleep(1.5)
        await connection.paced(5.0)

    said: list[str] = []
    async with ScriptedCamera(coded, play=play) as camera:
        found = await look(camera, 1.0, said)
    assert found.outcome is CheckOutcome.CONNECTS
    assert said[0] == "waiting for a picture to begin with, 0 s"
    assert said[-1].startswith("watching, ")


async def test_a_long_wait_for_a_key_frame_is_told_as_what_it_costs(monkeypatch) -> None:
    monkeypatch.setattr("footage.rtsp.probe._LONG_SECONDS", 1.5)

    async def late(connection: Connection) -> None:
        await asyncio.sleep(2.0)
        await connection.paced(5.0)

    async with ScriptedCamera(coded, play=late) as camera:
        found = await look(camera, 1.0)
    told = [note.text for note in found.notes if note.code == "key-frames-far-apart"]
    assert told == [
        "A picture to begin with came after 2 s: a loss costs up to as much; set the I-frame interval to 1 s."
    ]

    async with ScriptedCamera(coded, play=lambda connection: connection.paced(5.0)) as camera:
        found = await look(camera, 1.0)
    assert not [note for note in found.notes if note.code == "key-frames-far-apart"]


async def test_a_web_servers_port_is_told_as_one() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.0 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    source = CameraSource(CameraId(new_camera()), "127", f"rtsp://127.0.0.1:{port}/s")
    async with server:
        found = await asyncio.to_thread(check_source, source, 1.0)
    assert found.outcome is CheckOutcome.PROTOCOL
    assert found.detail == "A web server answers at this port; give the port of the camera's RTSP, usually 554."
