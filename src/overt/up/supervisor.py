"""Starts node, web and worker and keeps them running. None of them needs the others to stay alive.

A child that stops is started again after a pause that grows from half a second to thirty; the others are not touched.
At a stop the web goes first, so that nobody waits on a page, and the node last, so that nothing goes unrecorded.
Should the supervisor itself be killed, the kernel tells its children to stop: left behind, they would hold the port
and the footage store against the next start, with nobody to look after them.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
#: A child that ran this long was well; its next pause is short again.
WELL_AFTER_S = 60.0
STOP_PATIENCE_S = 15.0
READY_PATIENCE_S = 60.0
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass
class Child:
    """One supervised program."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    quiet: bool = False  # what it prints on standard output is of no use to whoever started us
    ready_port: int | None = None  # the next child is started once this one listens there
    ready_host: str = "127.0.0.1"
    process: asyncio.subprocess.Process | None = None
    restarts: int = 0


class Supervisor:
    """Runs its children until told to stop. Order of `children` is the order of starting; stopping is the reverse."""

    def __init__(self, children: Sequence[Child], when_ready: Callable[[], None] | None = None) -> None:
        self.children = list(children)
        self.when_ready = when_ready  # called once, when every child that has a port listens there
        self.stopping = asyncio.Event()

    async def run(self) -> None:
        """Run until SIGINT, SIGTERM or `stopping` is set, then stop every child in order."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stopping.set)
        keepers, ready = [], True
        for child in self.children:
            keepers.append(asyncio.create_task(self._keep(child)))
            ready = await self._until_ready(child) and ready
        if ready and self.when_ready is not None:
            self.when_ready()
        await self.stopping.wait()
        print("overt: stopping", file=sys.stderr)
        for child in reversed(self.children):
            await self._stop(child)
        await asyncio.gather(*keepers)

    async def _until_ready(self, child: Child) -> bool:
        if child.ready_port is None:
            return True
        deadline = time.monotonic() + READY_PATIENCE_S
        while time.monotonic() < deadline and not self.stopping.is_set():
            try:
                _, writer = await asyncio.open_connection(child.ready_host, child.ready_port)
            except OSError:
                await self._sleep(0.1)
            else:
                writer.close()
                return True
        return False

    async def _keep(self, child: Child) -> None:
        pause = FIRST_PAUSE_S
        while not self.stopping.is_set():
            started = time.monotonic()
            # A session of its own: a Ctrl-C at the terminal reaches the supervisor alone, which stops them in order.
            child.process = await asyncio.create_subprocess_exec(
                *child.command,
                env={**os.environ, **child.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL if child.quiet else None,
                start_new_session=True,
                preexec_fn=_end_with_parent(),
            )
            code = await child.process.wait()
            if self.stopping.is_set():
                return
            child.restarts += 1
            pause = FIRST_PAUSE_S if time.monotonic() - started > WELL_AFTER_S else min(pause * 2, LONGEST_PAUSE_S)
            words = f"overt: the {child.name} stopped ({_words(code)}); starting it again in {pause:g} s"
            print(words, file=sys.stderr)
            await self._sleep(pause)

    async def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), seconds)

    async def _stop(self, child: Child) -> None:
        process = child.process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_PATIENCE_S)
        except TimeoutError:
            print(f"overt: the {child.name} did not stop in {STOP_PATIENCE_S:.0f} s and was ended", file=sys.stderr)
            process.kill()
            await process.wait()


def _end_with_parent() -> Callable[[], None] | None:
    """What a child does before its program runs: asks for SIGTERM at the death of this process. Linux alone has it."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None, use_errno=True).prctl, os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return ask


def _words(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
