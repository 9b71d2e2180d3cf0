"""The RTSP server that simulated cameras stand on: any number of them behind one port.

As an asynchronous context it opens its port and closes it; `add` puts up a camera, `url` tells its address, `fault`
breaks it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from footage.simcam.auth import Gate
from footage.simcam.camera import Camera
from footage.simcam.faults import Fault, FaultError, make_fault
from footage.simcam.film import Film
from footage.simcam.options import Options
from footage.simcam.session import Session
from footage.simcam.tls import make_certificate, server_context
from footage.simcam.transcode import Report, load_film


class SimCamServer:
    """Start it, add cameras, stop it; or use it as an asynchronous context. Port 0 takes a free one."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, options: Options | None = None) -> None:
        self.host, self.port, self.options = host, port, options or Options()
        o = self.options
        self.gate = Gate(o.username, o.password, o.schemes, o.qop)
        self.cameras: dict[str, Camera] = {}
        self.sessions: set[Session] = set()
        self.certificate = b""  # PEM, with TLS
        self._aliases: dict[str, str] = {}
        self._films: dict[Path, Film] = {}
        self._paths: dict[int, Path] = {}
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the port. Raises OSError where it is taken."""
        context = None
        if self.options.tls:
            self.certificate, key = make_certificate()
            context = server_context(self.certificate, key)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Session(self), self.host, self.port, ssl=context, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the port and every connection."""
        for task in self._tasks:
            task.cancel()
        if self._server:
            self._server.close()
        for session in list(self.sessions):
            session.close()
        await asyncio.sleep(0)
        if self._server:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._server.wait_closed(), 2)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:  # fmt: skip
        await self.stop()

    def add(self, name: str, source: Film | Path, *, faults: Iterable[Fault] = (), alias: str = "",
                  report: Report | None = None) -> Camera:  # fmt: skip
        """Put up a camera that shows a film or a file; a file that has to be transcoded blocks the loop while it is.

        Raises FilmError where the file is no video.
        """
        film = source if isinstance(source, Film) else self.film(source, report)
        o = self.options
        camera = Camera(name, film, resize=self._resize, report_every_s=o.report_every_s, in_band=o.in_band,
                        sent_log=o.sent_log, clock=o.clock, grid_s=o.grid_s)  # fmt: skip
        camera.clock_offset_s = o.clock_offset_s
        self.cameras[name] = camera
        if alias:
            self._aliases.setdefault(alias, name)
        for fault in faults:
            self._later(camera, fault)
        return camera

    def film(self, path: Path, report: Report | None = None) -> Film:
        """One film for each file, however many cameras show it."""
        if path not in self._films:
            film = load_film(path, cache=self.options.cache, report=report)
            self._films[path] = film
            self._paths[id(film)] = path
        return self._films[path]

    def _resize(self, film: Film, width: int, height: int) -> Film:
        path = self._paths.get(id(film))
        if path is None:
            raise FaultError("this camera shows a film without a file; give it another one with show()")
        return load_film(path, cache=self.options.cache, size=(width, height))

    def _later(self, camera: Camera, fault: Fault) -> None:
        async def happen() -> None:
            await asyncio.sleep(fault.after_s)
            await camera.fault(fault)

        task = asyncio.create_task(happen())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def fault(self, name: str, kind: str, **values: object) -> None:
        """Let a fault happen to a camera now. Raises FaultError for an unknown camera, fault or value."""
        camera = self.find(name)
        if camera is None:
            raise FaultError(f"{name}: no such camera")
        await camera.fault(make_fault(kind, values))

    def find(self, name: str) -> Camera | None:
        return self.cameras.get(self._aliases.get(name, name))

    def url(self, name: str) -> str:
        """The camera's address, without credentials."""
        return f"{'rtsps' if self.options.tls else 'rtsp'}://{self.host}:{self.port}/{name}"
