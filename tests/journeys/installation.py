"""An installation as a person starts it: `overt up` as a process on a folder of its own, and cameras over real RTSP."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

STARTING_SECONDS = 60.0
PYTHON = [sys.executable, "-m"]


def clean_environment(**more: str) -> dict[str, str]:
    """This machine's environment without anybody's own settings of Overt; simulated cameras on it may be called."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OVERT_", "DJANGO_"))}
    return kept | {"OVERT_CAMERA_NETWORKS": "127.0.0.0/8"} | more


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def until(what: Callable[[], Any], *, seconds: float = 20.0, says: Callable[[], object] = lambda: "") -> Any:
    """Wait until something is true, and give it back; `says` tells what was there instead."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError(f"it never came true: {says()}")


class Installation:
    """`overt up` on one data folder. What it prints is kept in `said`."""

    def __init__(self, data: Path, *words: str, scheme: str = "http", program: str = "up", **settings: str) -> None:
        self.data, self.words, self.settings, self.program = data, words, settings, program
        self.port = free_port()
        self.address = f"{scheme}://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self._log = data.parent / f"{data.name}.log"

    @property
    def said(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def start(self, *, answers: bool = True) -> None:
        """Start, and wait until it answers. The listening is by port alone, so that a certificate is not in the way."""
        assert self.process is None or self.process.poll() is not None, "it runs already"
        command = [*PYTHON, "overt.cli", self.program, "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}"]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *self.words], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                env=clean_environment(**self.settings), start_new_session=True,
            )  # fmt: skip
        if answers:
            until(self._listens, seconds=STARTING_SECONDS, says=lambda: self.said[-3000:])

    def stop(self) -> int:
        """As Ctrl-C does; the exit code."""
        assert self.process
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(40)

    def close(self) -> None:
        """Whatever happened: nothing that was started stays, and the folder goes."""
        if self.process and self.process.poll() is None:
            children = psutil.Process(self.process.pid).children(recursive=True)
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.process.kill()
            for child in children:
                if child.is_running():
                    child.kill()
        shutil.rmtree(self.data, ignore_errors=True)

    def child(self, module: str) -> int:
        """The process id of one of the three, by the module it runs; 0 while there is none."""
        assert self.process
        for child in psutil.Process(self.process.pid).children():
            try:
                if module in child.cmdline():
                    return child.pid
            except psutil.Error:
                continue
        return 0

    def overt(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """The command beside the running installation."""
        return run("overt.cli", "--data", str(self.data), *words, **self.settings, **settings)

    def overt_json(self, *words: str) -> Any:
        done = self.overt(*words, "--json")
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    def footage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The engine's own command on this installation's store."""
        command, *rest = words
        return run("footage.cli", command, "--store", str(self.data / "footage"), *rest)

    def first_run_address(self) -> str:
        """The one-time address, as printed; empty where none was."""
        found = re.findall(r"https?://\S+/first-run/\?token=\S+", self.said)
        return found[-1] if found else ""

    def _listens(self) -> bool:
        assert self.process
        assert self.process.poll() is None, self.said[-3000:]
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True


def run(module: str, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command of ours, to its end."""
    return subprocess.run(
        [*PYTHON, module, *words], env=clean_environment(**settings), capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip


class SimulatedCameras:
    """`python -m footage.simcam`: films as cameras cam1, cam2 ... over real RTSP, with a port to break them by."""

    def __init__(self, films: Sequence[Path], *words: str, log: Path) -> None:
        self._log = log
        with log.open("wb") as out:
            command = [*PYTHON, "footage.simcam", *map(str, films), "--port", "0", "--control", "0", *words]
            self.process = subprocess.Popen(command, stdout=out, stderr=out, env=clean_environment())
        until(lambda: "ready" in self.said, seconds=STARTING_SECONDS, says=lambda: self.said)
        found = re.search(r"^control +(http://[^/]+)", self.said, re.MULTILINE)
        assert found
        self._control = found[1]

    @property
    def said(self) -> str:
        return self._log.read_text(errors="replace")

    def url(self, name: str) -> str:
        found = re.search(rf"^{name} +(rtsps?://\S+)", self.said, re.MULTILINE)
        assert found, self.said
        return found[1]

    def fault(self, name: str, kind: str, **values: object) -> None:
        """Break a camera, or `plug` it in again."""
        body = json.dumps({"kind": kind, **values}).encode()
        request = urllib.request.Request(f"{self._control}/{name}/fault", body, method="POST")
        try:
            urllib.request.urlopen(request, timeout=10).read()
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from None

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)
