"""Viewers over the live socket: joining, and being let go, without a picture less on the disk."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from footage.contract import GapCause
from footage.recorder.live import LiveServer
from footage.rtsp.events import AccessUnit
from footage.times import MonotonicNs, Utc90k
from recorder.making import FRAME, START, Bench, new_camera


@pytest.fixture
async def server(bench: Bench, run: Path) -> AsyncIterator[Path]:
    """The live socket of the bench's camera."""
    made = LiveServer()
    made._channels[bench.camera.camera_id] = bench.live
    await made.start(run / "live.sock")
    yield run / "live.sock"
    await made.stop()


async def join(path: Path, line: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_unix_connection(path, limit=1 << 25)
    writer.write(line)
    return reader, writer


async def frame(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    length, kind = struct.unpack(">I1s", await asyncio.wait_for(reader.readexactly(5), 5))
    return kind, await reader.readexactly(length)


def large_picture(bench: Bench, number: int) -> AccessUnit:
    data = b"".join([bench.film.pictures[0], (1 << 19).to_bytes(4, "big"), bytes(1 << 19)])
    at = number * FRAME
    return AccessUnit(
        [data], len(data), at, number % 10 == 0, Utc90k(START + at), MonotonicNs(10**15 + at * 100_000 // 9)
    )


async def test_who_comes_late_begins_at_the_last_key_frame_and_goes_on_live(bench: Bench, server: Path) -> None:
    bench.begin()
    bench.send(40)
    reader, writer = await join(server, json.dumps({"camera": str(bench.camera.camera_id)}).encode() + b"\n")
    first = [await frame(reader) for _ in range(2 + 15)]
    assert [kind for kind, _ in first] == [b"P", b"S", *[b"F"] * 15]
    assert struct.unpack_from(">QqB", first[2][1]) == (25 * FRAME, START + 25 * FRAME, 1)
    bench.send(1)
    kind, picture = await frame(reader)
    assert (kind, picture[17:]) == (b"F", bench.film.pictures[15])
    bench.lose()
    kind, state = await frame(reader)
    assert (kind, json.loads(state)["condition"]) == (b"S", "lost")
    writer.close()


async def test_a_viewer_that_does_not_read_is_dropped_and_nobody_else_notices(bench: Bench, server: Path) -> None:
    hello = json.dumps({"camera": str(bench.camera.camera_id)}).encode() + b"\n"
    bench.begin()
    bench.recorder.on_access_unit(large_picture(bench, 0))
    good, good_writer = await join(server, hello)
    assert [(await frame(good))[0] for _ in range(3)] == [b"P", b"S", b"F"]
    _, idle = await join(server, hello)
    idle.transport.pause_reading()
    await asyncio.sleep(0.1)
    assert bench.live.viewers == 2
    for number in range(1, 31):
        bench.recorder.on_access_unit(large_picture(bench, number))
        assert (await frame(good))[0] == b"F"
    assert bench.live.viewers == 1
    bench.recorder.stop(GapCause.NODE_STOPPED)
    assert [row.frames for row in await bench.rows()] == [31]
    good_writer.close()
    idle.transport.abort()


@pytest.mark.parametrize("line", [b"\n", b"{}\n", b'{"camera": "x"}\n', b"[" * 900 + b"\n", b"x" * 5000])
async def test_who_asks_for_no_camera_of_ours_is_let_go(bench: Bench, server: Path, line: bytes) -> None:
    reader, writer = await join(server, line)
    assert await asyncio.wait_for(reader.read(), 10) == b""
    writer.close()


async def test_a_camera_of_somebody_else_gives_nothing(bench: Bench, server: Path) -> None:
    bench.begin()
    bench.send(3)
    reader, writer = await join(server, json.dumps({"camera": str(new_camera())}).encode() + b"\n")
    assert await asyncio.wait_for(reader.read(), 10) == b""
    writer.close()
