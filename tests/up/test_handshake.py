"""A TLS handshake at our own door has its time, as the head of a request has."""

from __future__ import annotations

import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from footage.simcam.tls import make_certificate
from overt.up import loops, web
from up.test_connections import application, everything, until


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server over HTTPS on the loop of the web process, with less patience."""
    monkeypatch.setattr(loops, "HANDSHAKE_SECONDS", 0.5)
    files = tmp_path / "chain.pem", tmp_path / "key.pem"
    for file, content in zip(files, make_certificate(), strict=True):
        file.write_bytes(content)
    config = uvicorn.Config(
        application, port=0, loop="overt.up.loops:DoorLoop", lifespan="off", log_level="critical",
        ssl_certfile=files[0], ssl_keyfile=files[1],
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = server.force_exit = True
    thread.join(10)


@pytest.mark.parametrize("said", [b"", b"\x16\x03\x01\x02\x00\x01"], ids=["nothing", "half a greeting"])
def test_who_does_not_finish_the_handshake_is_hung_up_on(said: bytes, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 5) as one:
        one.settimeout(10)
        one.sendall(said)
        began = time.monotonic()
        assert everything(one) == b""
        assert time.monotonic() - began < 5.0


def test_who_does_is_served(port: int) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), 5) as one, context.wrap_socket(one) as secure:
        secure.settimeout(5)
        time.sleep(0.6)  # longer than a handshake may take
        secure.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert everything(secure).endswith(b"well")


def test_the_web_process_runs_on_that_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(uvicorn, "run", lambda application, **more: given.update(more))
    monkeypatch.setattr(sys, "argv", ["overt.up.web"])
    web.main()
    assert given["loop"] == "overt.up.loops:DoorLoop"
    assert loops.HANDSHAKE_SECONDS <= 10.0
