"""A small HTTP port to break simulated cameras by: for the demo, for tests of other programs, for `curl`.

    GET  /cameras            what there is
    GET  /cam1/sent          when the last pictures went out (with --sent-log)
    POST /cam1/fault         {"kind": "stall", "seconds": 5}

Errors are problem documents (RFC 9457) with a stable `code`. It has no sign-in, so it listens on loopback only.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

from footage.contract import FootageError
from footage.simcam.camera import Camera
from footage.simcam.server import SimCamServer

Answer = tuple[int, object]
REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed"}
LONGEST_BODY = 64 << 10


async def serve_control(server: SimCamServer, port: int) -> asyncio.Server:
    """Open the control port; 0 takes a free one. Raises OSError where it is taken."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(10):
                status, content = await _handle(server, reader)
                body = json.dumps(content).encode()
                kind = "application/json" if status == 200 else "application/problem+json"
                head = f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
                writer.write(f"{head}Access-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n".encode() + body)
                await writer.drain()
        except (TimeoutError, OSError, ValueError, asyncio.IncompleteReadError):
            pass  # whoever asked has gone, or never spoke HTTP
        finally:
            writer.close()

    return await asyncio.start_server(connected, "127.0.0.1", port)


async def _handle(server: SimCamServer, reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    size = int(headers.get("content-length") or 0)
    if not 0 <= size <= LONGEST_BODY:
        return _problem(400, "body", "the body is too long")
    body = await reader.readexactly(size)
    return await _route(server, method, target.split("?")[0].strip("/").split("/"), body)


async def _route(server: SimCamServer, method: str, parts: list[str], body: bytes) -> Answer:
    if method == "GET" and parts == ["cameras"]:
        return 200, [_facts(server, camera) for camera in server.cameras.values()]
    camera = server.find(parts[0])
    doors: dict[tuple[str, str], Callable[[], Awaitable[Answer]]] = {}
    if camera and len(parts) == 2:
        doors = {("POST", "fault"): lambda: _fault(server, camera, body), ("GET", "sent"): lambda: _sent(camera)}
    door = doors.get((method, parts[-1]))
    return await door() if door else _problem(404, "not-there", f"nothing at /{'/'.join(parts)}")


async def _fault(server: SimCamServer, camera: Camera, body: bytes) -> Answer:
    try:
        values = json.loads(body or b"null")
    except ValueError:
        return _problem(400, "body", "the body is no JSON")
    if not isinstance(values, dict) or not isinstance(values.get("kind"), str):
        return _problem(400, "body", 'the body is an object with a "kind"')
    try:
        await server.fault(camera.name, values.pop("kind"), **values)
    except FootageError as error:
        return _problem(400, error.code, str(error))
    return 200, _facts(server, camera)


async def _sent(camera: Camera) -> Answer:
    return 200, [{"index": sent.index, "wall_ns": sent.wall_ns, "timestamp": sent.timestamp} for sent in camera.sent]


def _facts(server: SimCamServer, camera: Camera) -> dict[str, object]:
    film = camera.film
    return {
        "name": camera.name, "url": server.url(camera.name), "listeners": camera.listeners,
        "pictures_sent": camera.pictures_sent, "width": film.width, "height": film.height,
        "frames": len(film.pictures), "unplugged": camera.silent, "clock_offset_s": camera.clock_offset_s,
    }  # fmt: skip


def _problem(status: int, code: str, detail: str) -> Answer:
    return status, {"code": code, "title": REASONS[status], "status": status, "detail": detail}
