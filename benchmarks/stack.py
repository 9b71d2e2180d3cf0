"""All of Overt as `overt demo` starts it, with generated scenes, and a Chromium signed in as the demo's supervisor."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.size import Size
from footage.simcam.scenes.films import make_scenes

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
#: Reads the code's cells from a video's top right corner, as footage/simcam/code.py does; null where there is none.
READER = """
() => { window.readCode = (() => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 416, height: 16});
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  return (video) => {
    if (video.videoWidth < 416) return null;
    pen.drawImage(video, video.videoWidth - 416, 0, 416, 16, 0, 0, 416, 16);
    const {data} = pen.getImageData(0, 4, 416, 8);
    const cell = (n) => {
      let sum = 0;
      for (let y = 0; y < 8; y++) for (let x = 2; x < 6; x++) sum += data[(y * 416 + n * 8 + x) * 4 + 1];
      return sum / 32;
    };
    const light = (cell(0) + cell(51)) / 2, dark = (cell(1) + cell(50)) / 2;
    if (light - dark < 40) return null;
    let content = 0, check = 0;
    for (let n = 2; n < 45; n++) content = content * 2 + (cell(n) > (light + dark) / 2 ? 1 : 0);
    for (let n = 45; n < 50; n++) check = check * 2 + (cell(n) > (light + dark) / 2 ? 1 : 0);
    if (content % 31 !== check) return null;
    const camera = Math.floor(content / 2 ** 32) % 1024;
    return {kind: Math.floor(content / 2 ** 42), camera, value: content % 2 ** 32};
  };
})(); }
"""


@dataclass
class Stack:
    """A running scheme, and where its simulated cameras are."""

    address: str
    password: str
    cameras: dict[str, str]  # number -> RTSP address with credentials
    started: float

    def recorded(self, seconds: float) -> None:
        """Wait until so much can have been recorded."""
        time.sleep(max(0.0, self.started + seconds - time.monotonic()))


@contextmanager
def overt(size: Size) -> Iterator[Stack]:
    """Started, up and recording; stopped in good order afterwards. Raises RuntimeError with its last words."""
    films = [str(path) for path in make_scenes()]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OVERT_")}
    with size.folder() as folder, (folder / "log").open("wb") as log:
        data, port = folder / "d", _free_port()
        command = [
            sys.executable,
            "-m",
            "overt.cli",
            "demo",
            "--data",
            str(data),
            "--listen",
            f"127.0.0.1:{port}",
            *films,
        ]
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            _until_up(process, f"http://127.0.0.1:{port}", folder / "log")
            note = json.loads((data / "demo.json").read_text())
            yield _stack(note, f"http://127.0.0.1:{port}", data)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _stack(note: dict[str, Any], address: str, data: Path) -> Stack:
    secret = (data / "secrets/simcam.password").read_text().strip()
    cameras = {c["number"]: c["stream"].replace("rtsp://", f"rtsp://camera:{secret}@") for c in note["cameras"]}
    password = next(person["password"] for person in note["people"] if person["username"] == "dev")
    return Stack(address, password, cameras, time.monotonic())


def _until_up(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    for _ in range(240):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=5).read()
            return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"overt demo did not start: {log.read_text(errors='replace')[-1500:]}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def browser(stack: Stack) -> Iterator[Any]:
    """A page of a Chromium in which the supervisor has signed in, able to read codes."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = chromium.new_context(base_url=stack.address, locale="en-GB", viewport={"width": 1920, "height": 1080})
        page = context.new_page()
        page.goto("/sign-in/")
        page.get_by_label("Sign-in name").fill("dev")
        page.get_by_label("Password").fill(stack.password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/")
        yield page
        chromium.close()
