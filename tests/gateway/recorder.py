"""The recorder's own live socket, fed by a test: it sends what cameras would, when the test says so."""

from __future__ import annotations

import asyncio
from pathlib import Path

from footage.contract import CameraId
from footage.recorder.live import LiveServer
from footage.rtsp.events import AccessUnit
from footage.segments.writer import init_segment
from footage.times import MonotonicNs, Utc90k
from playback.making import FPS, STEP, Film


class LiveRecorder:
    """One camera of a live server that can be stopped and started again."""

    def __init__(self, path: Path, camera_id: CameraId) -> None:
        self._path, self._camera_id = path, camera_id

    async def start(self) -> None:
        self._server = LiveServer()
        self._channel = self._server.channel(self._camera_id)
        await self._server.start(self._path)

    async def stop(self) -> None:
        await self._server.stop()
        self._path.unlink(missing_ok=True)

    @property
    def connected(self) -> int:
        return self._channel.viewers

    async def until_connected(self, count: int = 1) -> None:
        async with asyncio.timeout(20):
            while self.connected != count:
                await asyncio.sleep(0.005)

    async def start_without_the_camera(self) -> None:
        """Start anew, as after a restart with the camera retired: it is not known any more."""
        await self.stop()
        self._server = LiveServer()
        await self._server.start(self._path)

    def parameters(self, film: Film) -> None:
        self._channel.parameters(film.parameters, init_segment(film.parameters))

    def state(self, condition: str, detail: str = "") -> None:
        fields = {"condition": condition, "since_90k": 1, "detail": detail, "last_picture_90k": None, "attempts": 0}
        self._channel.state(fields)

    def pictures(self, film: Film, first: int, last: int, begin_90k: int = 0) -> None:
        for number in range(first, last):
            coded, key = film.pictures[number]
            wall = Utc90k(begin_90k + number * STEP)
            self._channel.picture(AccessUnit([coded], len(coded), number * STEP, key, wall, MonotonicNs(0)), wall)

    async def many_pictures(self, film: Film, count: int) -> None:
        """A film over and over, a second at a time, as fast as the gateway reads, without waiting for any viewer."""
        for first in range(0, count, FPS):
            self.pictures(film, first % len(film.pictures), first % len(film.pictures) + FPS)
            await asyncio.sleep(0.005)
            while any(client.get_write_buffer_size() for client in self._channel._clients):
                # a gateway that is starved of time is not what is tried here
                await asyncio.sleep(0.005)
