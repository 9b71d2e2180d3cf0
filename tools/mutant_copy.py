"""A copy of the tree, in which a breakage is made and tests are run."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mutant_lists import Mutant

#: By the name of each test: its `outcome` (None where it did not run), its `seconds` and the `clauses` it claims.
Outcomes = dict[str, dict[str, Any]]
#: What git ignores and tests need: the environment, the pages' scripts and what builds them.
ALSO = (".venv", "src/overt/web/static/overt", "frontend/node_modules")


@dataclass(frozen=True)
class Outcome:
    """How a run of tests went: pytest's exit code, its last words, each test."""

    code: int
    said: str
    seconds: float
    timed_out: bool
    tests: Outcomes


@dataclass
class Copy:
    """One folder with the tree in it. Runs one thing at a time."""

    folder: Path
    _writes: int = field(default=0)

    @classmethod
    def of(cls, root: Path, folder: Path) -> Copy:
        """Copy what git knows of, and what is new and not ignored. RuntimeError where tests would run another tree."""
        listed = subprocess.run(
            ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=root, check=True, capture_output=True
        ).stdout.decode()
        for name in filter(None, listed.split("\0")):
            if os.path.lexists(root / name) and name not in ALSO:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, folder / name, follow_symlinks=False)
        for name in ALSO:
            if (root / name).exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).symlink_to((root / name).resolve())
        copy = cls(folder)
        copy._is_what_is_imported()
        return copy

    def _is_what_is_imported(self) -> None:
        says = "import footage, overt; print(footage.__file__, overt.__file__)"
        found = subprocess.run(
            [self._python, "-c", says], env=self._environment(), check=True, capture_output=True, text=True
        )
        if any(not name.startswith(str(self.folder)) for name in found.stdout.split()):
            raise RuntimeError(f"tests in {self.folder} would run {found.stdout.strip()}")

    @property
    def _python(self) -> str:
        own = self.folder / ".venv" / "bin" / "python"
        return str(own) if own.exists() else sys.executable

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(self.folder / "src"), str(self.folder / "tests")]),
            "PYTHONDONTWRITEBYTECODE": "",
            "OVERT_CLAUSES_OUT": "",
            "OVERT_OUTCOMES": str(self._told),
        }

    @property
    def _told(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.outcomes")

    @contextlib.contextmanager
    def broken(self, mutant: Mutant) -> Iterator[None]:
        """The copy has the breakage meanwhile."""
        path = self.folder / mutant.file
        before = path.read_text(encoding="utf-8")
        try:
            self._write(path, mutant.changed(before))
            yield
        finally:
            self._write(path, before)

    def _write(self, path: Path, text: str) -> None:
        """At a time of its own: kept bytecode is told from stale by the source's size and second."""
        path.write_text(text, encoding="utf-8")
        self._writes += 1
        moment = time.time() + self._writes * 2
        os.utime(path, (moment, moment))

    def run(
        self, tests: Sequence[str], ceiling: float, *, stop_at_first: bool = False, collect_only: bool = False
    ) -> Outcome:
        """Run `tests`; after `ceiling` seconds they are ended. Whatever they started ends with them."""
        self._told.unlink(missing_ok=True)
        words = [
            "-q",
            "--tb=line",
            "-p",
            "no:cacheprovider",
            "-p",
            "outcomes_plugin",
            *(["-x"] if stop_at_first else []),
        ]
        said = self.folder.with_name(f"{self.folder.name}.said")
        began = time.monotonic()
        with said.open("wb") as out:
            process = subprocess.Popen(
                [self._python, "-m", "pytest", *words, *(["--collect-only"] if collect_only else []), *tests],
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code, timed_out = process.wait(ceiling), False
            except subprocess.TimeoutExpired:
                code, timed_out = -1, True
            finally:
                self._end_all()
                process.wait()
        told = json.loads(self._told.read_text(encoding="utf-8")) if self._told.exists() else {}
        last = said.read_text(encoding="utf-8", errors="replace")[-5_000:]
        return Outcome(code, last, time.monotonic() - began, timed_out, told)

    def _end_all(self) -> None:
        """End what still runs of this copy's tests: it has their environment, whatever session it is in."""
        mine = f"OVERT_OUTCOMES={self._told}".encode()
        for entry in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                if mine in entry.read_bytes().split(b"\0"):
                    os.kill(int(entry.parent.name), signal.SIGKILL)
