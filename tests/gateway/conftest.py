"""A gateway in a real server on a real port, over a store of real recordings and a recorder's live socket."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from footage.gateway.app import create_app
from footage.gateway.served import Report
from footage.gateway.standing import Rights
from footage.gateway.tickets import Ticket, sign
from gateway.recorder import LiveRecorder
from playback.making import Recorded

KEY = b"k" * 32
PORTS = range(18300, 18400)
#: Read once: a client that makes its own reads every authority's certificate of the machine, which takes 20 ms.
TRUST = ssl.create_default_context()


@dataclass
class Gateway:
    port: int
    recorded: Recorded
    http: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=30, verify=TRUST)

    def ticket(
        self,
        act: str = "review",
        start: int = 0,
        end: int = 0,
        *,
        camera_id: UUID | None = None,
        life: int = 300,
        viewer: str = "asha",
        key: bytes = KEY,
        under: str = "",
    ) -> str:
        camera = camera_id or self.recorded.camera_id
        return sign(Ticket(camera, act, start, end, int(time.time()) + life, viewer, under), key)

    def live_address(self, ticket: str) -> str:
        return f"ws://127.0.0.1:{self.port}/footage/live/{ticket}"


@pytest.fixture
def recorded(own_folders: Path) -> Recorded:
    return Recorded(own_folders / "footage")


@pytest.fixture
async def live(own_folders: Path, recorded: Recorded) -> AsyncIterator[LiveRecorder]:
    """The recorder's live socket, fed by hand."""
    recorder = LiveRecorder(own_folders / "run" / "live.sock", recorded.camera_id)
    await recorder.start()
    yield recorder
    await recorder.stop()


@pytest.fixture
def rights() -> Rights | None:
    """Whom the gateway asks; nobody, unless a module says so."""
    return None


@pytest.fixture
def report() -> Report | None:
    """Whom it tells what it served; nobody, unless a module says so."""
    return None


@pytest.fixture
async def gateway(
    own_folders: Path, recorded: Recorded, rights: Rights | None, report: Report | None
) -> AsyncIterator[Gateway]:
    app = Starlette(routes=[Mount("/footage", create_app(recorded.store, own_folders / "run", KEY, rights, report))])
    listener = _listener()
    config = uvicorn.Config(app, log_level="warning", lifespan="off", ws_ping_interval=None)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined,method-assign]
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        assert not serving.done(), "the server did not start"
        await asyncio.sleep(0.01)
    found = Gateway(listener.getsockname()[1], recorded)
    yield found
    await found.http.aclose()
    server.should_exit = server.force_exit = True
    await serving


def _listener() -> socket.socket:
    for port in PORTS:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen(2048)  # two runs may both bind one that nobody listens on yet
        except OSError:
            listener.close()
            continue
        return listener
    raise OSError("every port is taken")
