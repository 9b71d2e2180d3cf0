"""What a process and its children have cost so far, read from /proc (Linux)."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds, user and system, and memory in bytes: PSS shares what processes share."""

    cpu_s: float
    pss_bytes: int


def family(pid: int) -> list[int]:
    """A process and everything it started that still runs."""
    found = [pid]
    for child in found:
        for thread in Path(f"/proc/{child}/task").glob("*/children"):
            try:
                found += [int(word) for word in thread.read_text().split()]
            except OSError:
                continue  # the thread has ended meanwhile
    return found


def cost(pids: list[int]) -> Cost:
    """All of these processes together, with the CPU time of children that have ended."""
    return Cost(sum(map(_cpu_s, pids)), sum(map(_pss_bytes, pids)))


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(fields[place]) for place in (11, 12, 13, 14)) * TICK_S


def _pss_bytes(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


@dataclass
class Watch:
    """Measures a set of processes over a stretch of time: `begin`, wait, `end`."""

    pids: list[int]
    _first: float = 0.0
    _memory: list[int] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        self._first = cost(self.pids).cpu_s
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def _sample(self) -> None:
        while not self._stop.wait(5.0):
            self._memory.append(cost(self.pids).pss_bytes)

    def end(self) -> Cost:
        """CPU time since `begin`; the median of the memory seen."""
        self._stop.set()
        if self._thread:
            self._thread.join()
        last = cost(self.pids)
        return Cost(last.cpu_s - self._first, int(median([*self._memory, last.pss_bytes])))
