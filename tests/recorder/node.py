"""Real recorder processes and a real RTSP server, for tests that look on from outside."""

from __future__ import annotations

import asyncio
import io
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from footage.cli import main
from footage.commands.record import camera_id
from footage.recorder.runs import MINUTE_90K
from footage.simcam.options import Options
from footage.simcam.server import SimCamServer
from footage.times import utc_now

PATIENCE = 20.0


class Cameras:
    """Simulated cameras `cam1`, `cam2` ... behind one port, in a thread of their own."""

    def __init__(self, film: Path, count: int, options: Options | None = None) -> None:
        self._loop = asyncio.new_event_loop()
        self._server = SimCamServer(options=options)
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._do(self._server.start())
        for number in range(1, count + 1):
            self._loop.call_soon_threadsafe(self._server.add, f"cam{number}", film)

    def url(self, name: str) -> str:
        return f"rtsp://127.0.0.1:{self._server.port}/{name}"

    def fault(self, name: str, kind: str, **values: object) -> None:
        self._do(self._server.fault(name, kind, **values))

    def close(self) -> None:
        self._do(self._server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)


@dataclass
class Done:
    """What a command said and how it ended."""

    returncode: int
    stdout: str
    stderr: str


def footage(*words: object) -> Done:
    """Run the `footage` command to its end; in this process, for starting Python costs more than most commands."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([str(word) for word in words])
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def footage_json(*words: object) -> Any:
    """What a command says as JSON, whatever its exit code."""
    done = footage(*words, "--json")
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


class Recorder:
    """`footage record`, or the node, as a process of its own."""

    def __init__(
        self, store: Path, *words: object, run: Path | None = None, program: Sequence[str] = ("footage.cli", "record")
    ) -> None:
        self.store, self.run = store, run
        sockets = ["--run", str(run)] if run else []
        command = [sys.executable, "-m", *program, "--store", str(store), *sockets, *map(str, words)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def kill(self) -> None:
        """As a power cut to the process: nothing is flushed or said."""
        self.process.kill()
        self.process.communicate()

    def stop(self) -> tuple[int, str]:
        """An orderly stop; its exit code and what it said."""
        self.process.terminate()
        _, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said

    def ask(self, **question: object) -> Any:
        """One question over the control socket."""
        assert self.run is not None
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(PATIENCE)
            line.connect(str(self.run / "node.sock"))
            line.sendall(json.dumps(question).encode() + b"\n")
            with line.makefile("rb") as answers:
                return json.loads(answers.readline())


@contextmanager
def recording(
    store: Path, *words: object, run: Path | None = None, program: Sequence[str] = ("footage.cli", "record")
) -> Iterator[Recorder]:
    """A recorder that is stopped at the end, whatever happened to it."""
    recorder = Recorder(store, *words, run=run, program=program)
    try:
        yield recorder
    finally:
        if recorder.process.poll() is None:
            recorder.stop()


def spans(store: Path, name: str) -> Any:
    """What `footage spans` says of a camera."""
    return footage_json("spans", "--store", store, name)


def uncut_name(seconds: float = 40.0) -> str:
    """What to call a camera of which no file is cut for so long, where a test counts files."""
    names = (f"a{number}" for number in count())
    ends = utc_now() + round(seconds * 90_000)
    return next(name for name in names if (ends - camera_id(name).int) % MINUTE_90K > ends - utc_now())


def until(what: Callable[[], object], *, seconds: float = PATIENCE) -> Any:
    """Wait until something is true, and give it back."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := what():
                return found
        except (OSError, AssertionError):
            pass
        time.sleep(0.1)
    raise AssertionError("it never came true")
