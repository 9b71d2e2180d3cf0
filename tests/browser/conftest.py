"""A whole Overt, as `overt demo` starts it, with small drawn films for cameras; and browsers signed in as its people."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
BUILT = ROOT / "src/overt/web/static/overt/watch.js"
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"]
ARGUMENTS += ["--disable-component-update", "--disable-sync"]
STARTING_SECONDS = 90


@dataclass(frozen=True)
class Stack:
    """A running scheme: its address, its people's passwords, and the port by which its cameras are broken."""

    address: str
    passwords: dict[str, str]
    control: int
    store: Path  # where the footage lies
    started: float  # monotonic: how long there has been something to record

    def recorded(self, seconds: float) -> None:
        """Wait until at least so much can have been recorded."""
        time.sleep(max(0.0, self.started + seconds - time.monotonic()))

    def break_camera(self, camera: str, kind: str, **values: object) -> None:
        """Tell a simulated camera (cam1, cam2 …) to fail, as `footage simcam` documents its control port."""
        body = json.dumps({"kind": kind, **values}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.control}/{camera}/fault", body, method="POST")
        urllib.request.urlopen(request, timeout=10).read()


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two drawn films in H.264, the first with sound, and one in H.265, which Debian's Chromium does not decode."""
    pytest.importorskip("av", reason="the films are drawn with PyAV, from the extra `picture`")
    from footage.simcam.pattern import write_pattern

    folder = tmp_path_factory.mktemp("films")
    return [
        write_pattern(folder / "one.mp4", seconds=4, tone_hz=880),
        write_pattern(folder / "two.mp4", seconds=4, width=640, height=360),
        write_pattern(folder / "three.mp4", seconds=4, codec="hevc"),
    ]


@pytest.fixture(scope="session")
def stack(films: list[Path]) -> Iterator[Stack]:
    """The scheme, up. Skipped with the reason where something a browser test needs is not here."""
    if not CHROMIUM.exists():
        pytest.skip("there is no Chromium here (Debian's package chromium)")
    if not BUILT.exists() or not AXE.exists():
        pytest.skip("the front end is not built: cd frontend && npm ci && npm run build")
    data = Path(tempfile.mkdtemp(prefix="ovb-"))
    port = _free_port()
    command = [sys.executable, "-m", "overt.cli", "demo", "--data", str(data / "d"), "--listen", f"127.0.0.1:{port}"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OVERT_")}
    with (data / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *map(str, films)], stdout=log, stderr=log, env=environment, start_new_session=True
        )
    try:
        _until_up(process, f"http://127.0.0.1:{port}/sign-in/", data / "log")
        note = json.loads((data / "d/demo.json").read_text())
        passwords = {person["username"]: person["password"] for person in note["people"]}
        yield Stack(
            f"http://127.0.0.1:{port}", passwords, int(note["simcam_control"]), data / "d/footage", time.monotonic()
        )
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="module")
def chromium(stack: Stack) -> Iterator[Any]:
    """Closed with its module: while playwright is open its event loop runs, and no async test can after it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def signed_in(chromium: Any, stack: Stack) -> Callable[[str], Any]:
    """The cookies of a person who has signed in on the page, once for a module."""
    states: dict[str, Any] = {}

    def state(username: str) -> Any:
        if username not in states:
            context = chromium.new_context(base_url=stack.address)
            page = context.new_page()
            page.goto("/sign-in/")
            page.get_by_label("Sign-in name").fill(username)
            page.get_by_label("Password").fill(stack.passwords[username])
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/")
            states[username] = context.storage_state()
            context.close()
        return states[username]

    return state


@pytest.fixture
def page_as(chromium: Any, stack: Stack, signed_in: Callable[[str], Any]) -> Iterator[Callable[..., Any]]:
    """`page_as("asha")` is a page in which Asha has signed in; `page_as(None)` a stranger's. A script error fails."""
    contexts: list[Any] = []
    errors: list[str] = []

    def make(username: str | None, *, width: int = 1366, height: int = 768, script: bool = True) -> Any:
        context = chromium.new_context(
            storage_state=signed_in(username) if username else None,
            base_url=stack.address, locale="en-GB", viewport={"width": width, "height": height},
            java_script_enabled=script,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture(scope="session")
def axe() -> Callable[[Any], list[str]]:
    """What axe finds wrong on a page: each violation with the elements it is about."""
    source = AXE.read_text(encoding="utf-8")

    def run(page: Any) -> list[str]:
        session = page.context.new_cdp_session(page)  # the page's own policy forbids a script tag, as it should
        session.send("Runtime.evaluate", {"expression": source})
        asked = "axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations.map(" \
            "v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160)).join(' | '))))"  # fmt: skip
        answer = session.send("Runtime.evaluate", {"expression": asked, "awaitPromise": True, "returnByValue": True})
        found: list[str] = json.loads(answer["result"]["value"])
        return found

    return run


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _until_up(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    ends = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < ends:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(address, timeout=2).read()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    pytest.fail(f"the scheme did not start:\n{log.read_text(errors='replace')[-3000:]}")
