"""Runs a program with a library of ours between it and its disk (meddle.c), and reads what it did there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Call:
    """One call below the folder that is watched: `open`, `create` (a new name), `write`, `truncate`, `flush`,
    `rename`, `unlink`, `mkdir`, `rmdir`, and `mark`, by which a program says what it has come to.

    `path` and `to` (of a rename) are relative to the folder. A call that failed has an `error`.
    """

    number: int
    op: str
    path: str
    to: str = ""
    offset: int = 0
    data: bytes = b""
    error: int = 0


@cache
def library() -> Path:
    """The library, built for this machine. Skips the test where there is no C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler (cc) to build the library that meddles with a process's disk")
    made = Path(mkdtemp(prefix="meddle-")) / "meddle.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", made, HERE / "meddle.c", "-lpthread"], check=True)
    return made


def environment(folder: Path, log: Path | None = None, rules: str = "") -> dict[str, str]:
    """What a process needs around it for its calls below `folder` to be written down and meddled with."""
    around = {**os.environ, "LD_PRELOAD": str(library()), "MEDDLE_UNDER": str(folder), "MEDDLE_RULES": rules}
    return {**around, "MEDDLE_LOG": str(log)} if log else around


def python(script: str, *words: object, folder: Path, log: Path | None = None, rules: str = "") -> int:
    """Run a script of this folder under the library; its exit code, negative for a signal."""
    command: Sequence[str] = [sys.executable, str(HERE / script), *map(str, words)]
    return subprocess.run(command, env=environment(folder, log, rules), check=False).returncode


def calls(log: Path, folder: Path) -> list[Call]:
    """The calls in the order in which they were made."""
    data, at, found = log.read_bytes(), 0, []
    while at < len(data):
        end = data.index(b"\n", at)
        op, result, error, offset, _, names, size = data[at:end].decode().split()
        path, _, to = data[end + 1 : end + 1 + int(names)].decode().partition("\0")
        body = data[end + 1 + int(names) : end + 1 + int(names) + int(size)]
        at = end + 1 + int(names) + int(size)
        op = _named(op, int(offset))
        error_number = int(error) if int(result) < 0 else 0
        found.append(Call(len(found), op, _below(path, folder), _below(to, folder), int(offset), body, error_number))
    return found


def _named(op: str, is_new: int) -> str:
    """An opening that may make a file has made one where there was none before."""
    if op in ("create", "remake"):
        return "create" if is_new else "empty" if op == "remake" else "open"
    return op


def _below(path: str, folder: Path) -> str:
    return "" if path == str(folder) else path.removeprefix(f"{folder}/")
