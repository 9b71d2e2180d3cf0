"""A few threads that do all cameras' disk work, each camera's in order. A slow file never holds up another camera's."""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable

log = logging.getLogger("footage.disk")
_TURN = 8  # jobs of one strand before another has its turn

Job = Callable[[], None]


class Pool:
    """Threads that take strands in turn. Jobs handle their own errors; one that does not is logged and left."""

    def __init__(self, threads: int = 4) -> None:
        self._ready: queue.SimpleQueue[Strand | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"footage-disk-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def strand(self) -> Strand:
        """A new line of work, done in order."""
        return Strand(self._ready)

    def close(self) -> None:
        """Do what was handed in, then end the threads."""
        for _ in self._threads:
            self._ready.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (strand := self._ready.get()) is not None:
            strand.run()


class Strand:
    """One camera's line of disk work."""

    def __init__(self, ready: queue.SimpleQueue[Strand | None]) -> None:
        self._ready = ready
        self._jobs: deque[Job] = deque()
        self._guard = threading.Lock()
        self._scheduled = False

    def put(self, job: Job) -> None:
        """Hand in a job; it runs after those handed in before."""
        with self._guard:
            self._jobs.append(job)
            if self._scheduled:
                return
            self._scheduled = True
        self._ready.put(self)

    def run(self) -> None:
        """Do a few jobs, then let another strand have its turn."""
        for _ in range(_TURN):
            with self._guard:
                if not self._jobs:
                    self._scheduled = False
                    return
                job = self._jobs.popleft()
            try:
                job()
            except Exception:
                log.exception("a disk job failed")
        self._ready.put(self)
