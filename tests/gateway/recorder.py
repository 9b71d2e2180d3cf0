"""The recorder's end of the live socket, in a test's hands: it sends what a recorder would, when the test says so."""

from __future__ import annotations

import asyncio
import base64
import json
import struct
from pathlib import Path

from footage.segments.writer import init_segment
from playback.making import STEP, Film


class LiveRecorder:
    """Serves one film to whoever subscribes. `subscribed` counts the connections ever made."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writers: list[asyncio.StreamWriter] = []
        self.subscribed: list[str] = []

    async def start(self) -> None:
        self._server = await asyncio.start_unix_server(self._serve, str(self._path))

    async def stop(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.close()
        self._path.unlink(missing_ok=True)

    @property
    def connected(self) -> int:
        return sum(not writer.is_closing() for writer in self._writers)

    async def until_connected(self, count: int = 1) -> None:
        async with asyncio.timeout(5):
            while self.connected != count:
                await asyncio.sleep(0.005)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.subscribed.append(json.loads(await reader.readline())["camera"])
        self._writers.append(writer)
        await reader.read()
        writer.close()

    def send(self, kind: bytes, payload: bytes) -> None:
        for writer in self._writers:
            writer.write(struct.pack(">IB", len(payload), kind[0]) + payload)

    def parameters(self, film: Film) -> None:
        facts = film.parameters
        init = base64.b64encode(init_segment(facts)).decode()
        fields = {"codec": facts.rfc6381, "width": facts.width, "height": facts.height, "fps": 25.0, "init": init}
        self.send(b"P", json.dumps(fields).encode())

    def state(self, condition: str, detail: str = "") -> None:
        fields = {"condition": condition, "since_90k": 1, "detail": detail, "last_picture_90k": None, "attempts": 0}
        self.send(b"S", json.dumps(fields).encode())

    def pictures(self, film: Film, first: int, last: int, begin_90k: int = 0) -> None:
        for number in range(first, last):
            coded, key = film.pictures[number]
            self.send(b"F", struct.pack(">QqB", number * STEP, begin_90k + number * STEP, key) + coded)
