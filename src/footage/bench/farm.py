"""Simulated cameras in a process of their own, so that their cost is not the recorder's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from footage.contract import FootageError


class FarmFailed(FootageError):
    """The simulated cameras did not start."""

    code = "farm-failed"


@dataclass(frozen=True)
class Farm:
    """`urls` by the names of the cameras."""

    urls: dict[str, str]
    control_port: int
    pid: int


@contextmanager
def simulated(film: Path, cameras: int, more: Sequence[str] = ()) -> Iterator[Farm]:
    """So many cameras that all show one film, until the context ends. Raises FarmFailed."""
    # Nobody looks at these, so nobody needs the true time in them; it costs a tenth of a millisecond a picture.
    command = [sys.executable, "-m", "footage.simcam", str(film), "--copies", str(cameras), "--port", "0", "--no-clock"]
    with subprocess.Popen([*command, "--control", "0", *more], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _started(process)
        finally:
            process.terminate()
            process.wait(10)


def _started(process: subprocess.Popen[str]) -> Farm:
    urls: dict[str, str] = {}
    control = 0
    assert process.stdout is not None
    for line in process.stdout:
        words = line.split()
        if words[0] == "ready":
            return Farm(urls, control, process.pid)
        if words[0] == "control":
            control = int(words[1].split(":")[2].split("/")[0])
        else:
            urls[words[0]] = words[1]
    raise FarmFailed("the simulated cameras did not start; their message is above")
