#!/usr/bin/env python3
"""Runs the whole suite: style and types, the suite on SQLite, and what touches the records again on PostgreSQL.

    run_tests.py [--torture] [--clock MOMENT] [pytest's own words ...]

PostgreSQL is started for the run in a folder of its own, on a Unix socket, and stopped after it. What could not be
run here is named at the end. The exit code is the first that was not zero.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"


def records() -> list[str]:
    """The tests that touch the records, and so run on both databases: those of rooms with tables, of API and house."""
    sys.path.insert(0, str(ROOT / "src"))
    from overt.rooms import ORDER  # not before: setting up is what makes it importable

    rooms = ROOT / "src" / "overt"
    found = [name for name in ORDER if (rooms / name / "models.py").exists() or (rooms / name / "models").is_dir()]
    return [f"tests/{name}" for name in (*found, "api", "rooms") if (ROOT / "tests" / name).is_dir()]


def checks() -> list[tuple[str, list[str], Path]]:
    return [
        ("style", [str(BIN / "ruff"), "check", "-q", "."], ROOT),
        ("layout", [str(BIN / "ruff"), "format", "-q", "--check", "."], ROOT),
        ("types", [str(BIN / "mypy"), "--no-error-summary"], ROOT),
        ("walls", [str(BIN / "lint-imports"), "--no-logo"], ROOT),
        ("migrations", [str(BIN / "python"), "manage.py", "makemigrations", "--check", "--dry-run"], ROOT),
        ("script types", ["npm", "run", "-s", "check"], ROOT / "frontend"),
    ]


def run_checks() -> list[str]:
    """The names of the checks that failed, with their output shown."""
    failed = []
    for name, command, folder in checks():
        with tempfile.TemporaryDirectory() as data:
            environment = {**os.environ, "OVERT_DATA": data}
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        print(f"{name:14} {'well' if done.returncode == 0 else 'NOT WELL'}", flush=True)
        if done.returncode:
            print(done.stdout[-8000:] + done.stderr[-4000:], flush=True)
            failed.append(name)
    return failed


def pytest(words: list[str], environment: dict[str, str]) -> int:
    command = [str(BIN / "python"), "-m", "pytest", *words]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode


@contextmanager
def postgresql() -> Iterator[str | None]:
    """The address of a PostgreSQL server for this run; None where there is none to start."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="overt-pg-") as folder:
        server = _Server(found[-1].parent, Path(folder))
        server.start()
        try:
            yield server.address
        finally:
            server.stop()


class _Server:
    """One throw-away cluster. As root it runs as the user `postgres`, for the server refuses root."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder = programs, folder
        self.data = folder / "data"
        self.address = f"postgresql://postgres@/overt?host={folder}"

    def _as_server(self, *command: str | Path) -> None:
        words = [str(word) for word in command]
        if os.geteuid() == 0:
            words = ["runuser", "-u", "postgres", "--", *words]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def start(self) -> None:
        if os.geteuid() == 0:
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
        self.folder.chmod(0o755)
        self._as_server(self.programs / "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        # Nothing of this cluster outlives the run, so it need not survive a power cut.
        options = (
            f"-c listen_addresses='' -k {self.folder} -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
        )
        log = self.folder / "log"
        self._as_server(self.programs / "pg_ctl", "-D", self.data, "-o", options, "-l", log, "-w", "start")

    def stop(self) -> None:
        self._as_server(self.programs / "pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")


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


def main(words: list[str]) -> int:
    if "--torture" in words:
        words.remove("--torture")
        return pytest(["-m", "torture", *words], {"OVERT_TORTURE": "1"})
    if words:
        return run_at_another_time(words) if "--clock" in words else pytest(words, {})
    failed = run_checks()
    skipped: list[str] = []
    workers = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]
    marks = ["-m", "not torture"]
    with postgresql() as address:
        if address is None:
            skipped.append("the records on PostgreSQL: no server is installed (Debian's package postgresql)")
        else:
            print("\nThe records on PostgreSQL", flush=True)
            words_for = [*workers, "-q", "-m", "not torture and not browser", *records()]
            if pytest(words_for, {"OVERT_DATABASE": address, "OVERT_CLAUSES_OUT": ""}):
                failed.append("suite on PostgreSQL")
    print("\nThe whole suite on SQLite", flush=True)
    if pytest([*workers, *marks, "tests"], {}):
        failed.append("suite on SQLite")
    if not shutil.which("chromium"):
        skipped.append("pages in a browser: no Chromium is installed (Debian's package chromium)")
    for name in skipped:
        print(f"Not run here: {name}.")
    if failed:
        print(f"Not well: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
