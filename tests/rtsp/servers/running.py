"""Other people's servers as processes, where they are installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from recorder.node import until

FIRST_PORT, LAST_PORT = 18300, 18399
SYSTEM_PYTHON = "/usr/bin/python3"
_HERE = Path(__file__).parent
#: Each 50 ms it takes back a picture that waits in its queue and puts it there anew, and when the queue took it just
#: then it is sent twice. With more patience it sends what it was given.
_TOOLKIT = """
import asyncio, sys
from aio_rtsp_toolkit import server, server_streaming
server_streaming.QUEUE_PUT_POLL_INTERVAL = 60.0
asyncio.run(server.serve(sys.argv[1], "127.0.0.1", int(sys.argv[2])))
"""
_GSTREAMER = """
import gi
gi.require_version("Gst", "1.0"); gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst, GstRtspServer
Gst.init(None)
raise SystemExit(not all(map(Gst.ElementFactory.find, ("qtdemux", "h264parse", "h265parse", "rtph264pay", "aacparse"))))
"""


def why_not_gstreamer() -> str:
    """Empty where GStreamer's server can be run here."""
    packages = "gir1.2-gst-rtsp-server-1.0, python3-gi, gstreamer1.0-plugins-good and gstreamer1.0-plugins-bad"
    why = f"GStreamer's RTSP server is not installed (Debian's packages {packages})"
    if not shutil.which(SYSTEM_PYTHON):
        return why
    asked = subprocess.run([SYSTEM_PYTHON, "-c", _GSTREAMER], capture_output=True, check=False, env=_plain())
    return why if asked.returncode else ""


def why_not_toolkit() -> str:
    """Empty where aio-rtsp-toolkit can be run here."""
    return "" if find_spec("aio_rtsp_toolkit") else "aio-rtsp-toolkit is not installed"


class Servers:
    """The processes, each on ports that were free a moment ago."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[bytes]] = []

    def gstreamer(self, films: Mapping[str, Path]) -> tuple[int, int]:
        """Its port that serves anyone, and the one where `asha` has to sign in with `towpath`."""
        port = free_ports(2)
        words = [f"{path}={film}" for path, film in films.items()]
        self._run(port + 1, [SYSTEM_PYTHON, str(_HERE / "gstreamer.py"), str(port), *words])
        return port, port + 1

    def toolkit(self, folder: Path) -> int:
        """Serves every film in a folder by its file name."""
        port = free_ports(1)
        self._run(port, [sys.executable, "-c", _TOOLKIT, str(folder), str(port)])
        return port

    def close(self) -> None:
        for process in self._running:
            process.kill()
            process.wait()

    def _run(self, port: int, command: Sequence[str]) -> None:
        """Start a server, and wait until it answers."""
        quiet = subprocess.DEVNULL
        environment = _plain() if command[0] == SYSTEM_PYTHON else None
        self._running.append(subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment))
        until(lambda: socket.create_connection(("127.0.0.1", port)).close() is None)


def free_ports(count: int) -> int:
    """The first of so many free ports in a row, out of the range that is set aside for these servers."""
    for port in range(FIRST_PORT, LAST_PORT - count + 2):
        try:
            for number in range(port, port + count):
                with socket.create_server(("127.0.0.1", number)):
                    pass
        except OSError:
            continue
        return port
    raise RuntimeError("no free port for a server")


def _plain() -> dict[str, str]:
    """An environment in which the system's Python finds its own packages and no others."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
