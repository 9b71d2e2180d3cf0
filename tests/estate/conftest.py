"""Simulated cameras behind a real RTSP port, on a loop of their own, so that pages can be tried as people try them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from footage.simcam.options import Options
from footage.simcam.pattern import write_pattern
from footage.simcam.server import SimCamServer
from footage.simcam.transcode import load_film

USERNAME, PASSWORD = "viewer", "keys under the mat"


class Street:
    """A camera server at `url(name)`; cam1 sends a test pattern and asks for USERNAME and PASSWORD."""

    def __init__(self, film: Path, folder: Path, *, clock_offset_s: float = -0.4) -> None:
        self._clock_offset_s = clock_offset_s
        self._ready: Future[SimCamServer] = Future()
        self._stop = asyncio.Event()
        self._film, self._folder = film, folder
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Street:
        self._thread.start()
        self._server = self._ready.result(20)
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def url(self, name: str = "cam1") -> str:
        return self._server.url(name)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        options = Options(username=USERNAME, password=PASSWORD, report_every_s=0.5, clock_offset_s=self._clock_offset_s)
        async with SimCamServer(options=options) as server:
            server.add("cam1", load_film(self._film, cache=self._folder))
            self._ready.set_result(server)
            await self._stop.wait()


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    folder = tmp_path_factory.mktemp("street")
    with Street(write_pattern(folder / "pattern.mp4", seconds=2), folder) as made:
        yield made


@pytest.fixture(scope="module")
def late_street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """The same camera, its clock over three minutes behind."""
    folder = tmp_path_factory.mktemp("late")
    with Street(write_pattern(folder / "pattern.mp4", seconds=2), folder, clock_offset_s=-192.0) as made:
        yield made
