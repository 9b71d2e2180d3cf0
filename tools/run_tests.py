#!/usr/bin/env python3
"""Runs the whole suite: style and types, the suite on SQLite, and what touches the records again on PostgreSQL.

    run_tests.py [--torture] [--clock MOMENT] [pytest's own words ...]

Pages in a browser run first, then what else waits beside what computes, then PostgreSQL (see docs/guide/tests.md); what
one part prints is shown when it is done. PostgreSQL is started for the run in a folder of its own, on a Unix socket,
and ends with it. What could not be run here is named at the end. The exit code is not zero where something is not well.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from own_postgresql import postgresql

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTEST = [str(BIN / "python"), "-m", "pytest"]
CORES = min(os.cpu_count() or 1, 4)
#: Each stands on one running installation, with browsers; a second one beside it would cost more than it gains.
INSTALLED = ["tests/journeys", "tests/browser"]
#: What is held to the tenth of a second by a program of others, a player or a server; it runs with the pages.
TO_THE_MOMENT = ["tests/playback/test_players.py", "tests/rtsp/test_other_servers.py"]
#: The tests that wait for real time: for cameras, recorders, servers and processes.
WAITING = [
    "tests/recorder",
    "tests/rtsp",
    "tests/gateway",
    "tests/evidence/test_browser.py",
    "tests/simcam",
    "tests/up",
]
#: What computes gives way to others on the machine. Linux weighs sessions first, then processes.
GIVING_WAY = ["sh", "-c", '{ echo 19 >/proc/self/autogroup; } 2>/dev/null; exec nice -n 19 "$@"', "sh"]
#: A run starts some hundred processes of ours. Where bytecode is not kept, each of them compiles all that it imports.
KEPT_BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}
#: How long what was interrupted may take to put its own things away.
LAST_SECONDS = 30.0


def records() -> list[str]:
    """The tests that touch the records, and so run on both databases: of rooms with tables or pages, API, house."""
    sys.path.insert(0, str(ROOT / "src"))
    from overt.rooms import ORDER  # not before: setting up is what makes it importable

    rooms = ROOT / "src" / "overt"
    kinds = ("models.py", "models", "urls.py")
    found = [name for name in ORDER if any((rooms / name / kind).exists() for kind in kinds)]
    return [f"tests/{name}" for name in (*found, "api", "rooms") if (ROOT / "tests" / name).is_dir()]


@dataclass
class Part:
    """One command of the run, in a session of its own."""

    name: str
    command: Sequence[str]
    folder: Path = ROOT
    environment: dict[str, str] = field(default_factory=dict)
    gives_way: bool = True
    quiet: bool = False  # says nothing while it is well

    def start(self) -> None:
        self.began = time.monotonic()
        self.said = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115  # read at the end
        self.process = subprocess.Popen(
            [*GIVING_WAY, *self.command] if self.gives_way else self.command,
            cwd=self.folder,
            env={**os.environ, **KEPT_BYTECODE, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=self.said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def tell(self) -> None:
        """Print how it went."""
        failed = self.process.returncode != 0
        print(f"{self.name:26} {'NOT WELL' if failed else 'well'} ({time.monotonic() - self.began:.0f} s)", flush=True)
        if failed or not self.quiet:
            self.said.seek(0)
            print(self.said.read()[-30_000:], flush=True)

    def end(self) -> None:
        """As Ctrl-C does, and by force if that is not enough."""
        for how, seconds in ((signal.SIGINT, LAST_SECONDS), (signal.SIGKILL, 5.0)):
            if self.process.poll() is None:
                os.killpg(self.process.pid, how)
                try:
                    self.process.wait(seconds)
                except subprocess.TimeoutExpired:
                    continue


def checks(data: str) -> list[Part]:
    environment = {"OVERT_DATA": data}
    commands = {
        "style": [str(BIN / "ruff"), "check", "-q", "."],
        "layout": [str(BIN / "ruff"), "format", "-q", "--check", "."],
        "types": [str(BIN / "mypy"), "--no-error-summary"],
        "walls": [str(BIN / "lint-imports"), "--no-logo"],
        "migrations": [str(BIN / "python"), "manage.py", "makemigrations", "--check", "--dry-run"],
    }
    made = [Part(name, command, environment=environment, quiet=True) for name, command in commands.items()]
    return [*made, Part("script types", ["npm", "run", "-s", "check"], ROOT / "frontend", quiet=True)]


def suites(address: str | None) -> list[Part]:
    """The whole suite on SQLite, in parts, and the records on PostgreSQL where there is one."""
    usual = [*PYTEST, "-q", "-p", "no:cacheprovider"]
    marks = ["-m", "not torture"]
    waiting = ["-n", str(CORES), "--dist", "loadfile", *(f"--ignore={name}" for name in TO_THE_MOMENT), *WAITING]
    computing = ["-n", str(CORES), "--dist", "worksteal"]
    rest = [*computing, *(f"--ignore={name}" for name in (*INSTALLED, *WAITING, *TO_THE_MOMENT)), "tests"]
    with_browser = {"tests/browser": TO_THE_MOMENT}
    made = [Part(name, [*usual, *marks, name, *with_browser.get(name, [])], gives_way=False) for name in INSTALLED]
    made.append(Part("what waits", [*usual, *marks, *waiting], gives_way=False))
    if address:
        words = ["-m", "not torture and not browser", "--asks-database", *computing, *records()]
        # Which clauses are proven is told by the run on SQLite, which has all the tests.
        environment = {"OVERT_DATABASE": address, "OVERT_CLAUSES_OUT": ""}
        made.append(Part("the records on PostgreSQL", [*usual, *words], environment=environment))
    made.append(Part("the rest on SQLite", [*usual, *marks, *rest]))
    return made


def in_turn(parts: Sequence[Part]) -> list[list[Part]]:
    """What begins together, in this order: pages in a browser and the checks; what else waits, and beside it what
    computes; the records on PostgreSQL, whose own processes give way to nobody.
    """
    first = [part for part in parts if part.name == "tests/browser" or part.quiet]
    last = [part for part in parts if "OVERT_DATABASE" in part.environment]
    second = [part for part in parts if part not in (*first, *last)]
    return [turn for turn in (first, second, last) if turn]


def run_in_turn(turns: Sequence[Sequence[Part]]) -> list[str]:
    """Run each turn's parts side by side; the next turn begins when what does not give way in this one has ended.

    The names of those that failed. Whatever happens, none of them stays.
    """
    running: list[Part] = []
    failed: list[str] = []
    try:
        for turn in turns:
            for part in turn:
                part.start()
                running.append(part)
            while any(not part.gives_way for part in running):
                failed += _ended(running)
        while running:
            failed += _ended(running)
    finally:
        for part in running:
            part.end()
    return failed


def _ended(running: list[Part]) -> list[str]:
    """Wait a little; what has ended is told and taken out. The names of those that failed."""
    time.sleep(0.2)
    done = [part for part in running if part.process.poll() is not None]
    for part in done:
        running.remove(part)
        part.tell()
    return [part.name for part in done if part.process.returncode]


def whole() -> int:
    with tempfile.TemporaryDirectory() as data, postgresql() as address:
        parts = [*suites(address), *checks(data)]
        failed = run_in_turn(in_turn(parts))
    if address is None:
        print("Not run here: the records on PostgreSQL: no server is installed (Debian's package postgresql).")
    if not shutil.which("chromium"):
        print("Not run here: pages in a browser: no Chromium is installed (Debian's package chromium).")
    if failed:
        print(f"Not well: {', '.join(failed)}.")
    return 1 if failed else 0


def pytest(words: list[str], environment: dict[str, str]) -> int:
    given = {**os.environ, **KEPT_BYTECODE, **environment}
    return subprocess.run([*PYTEST, *words], cwd=ROOT, env=given, check=False).returncode


def run_at_another_time(words: list[str]) -> int:
    """pytest under the preload by which `--clock` moves the wall clock of every process."""
    compiler = shutil.which("cc")
    if compiler is None:
        sys.exit("--clock builds a small library and needs a C compiler (cc)")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "shift_clock.so"
        source = ROOT / "tests/suite/shift_clock.c"
        subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, source], check=True)
        return pytest(words, {"LD_PRELOAD": str(library), "CLOCK_SHIFT_MS": "0"})


def _interrupted(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(words: list[str]) -> int:
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is not signal.SIG_IGN:  # as nohup sets it
            signal.signal(ending, _interrupted)
    if "--torture" in words:
        words.remove("--torture")
        return pytest(["-m", "torture", "-rs", *words], {"OVERT_TORTURE": "1"})
    if words:
        return run_at_another_time(words) if "--clock" in words else pytest(words, {})
    try:
        return whole()
    except KeyboardInterrupt:
        print("Interrupted.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
