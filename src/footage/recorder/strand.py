"""A few threads that do all cameras' disk work, each camera's in order. A slow file never holds up another camera's.

Where the loop that hands the work in rests between its turns, the threads begin when it rests: beside it they would
take turns with it for the interpreter, picture by picture, which costs both of them a twentieth.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable

from footage.rtsp.control.lull import Lull

log = logging.getLogger("footage.disk")
_TURN = 8  # jobs of one strand before another has its turn

Job = Callable[[], None]


class Pool:
    """Threads that take strands in turn. Jobs handle their own errors; one that does not is logged and left.

    Made in the thread of the loop that `lull` belongs to.
    """

    def __init__(self, threads: int = 4, lull: Lull | None = None) -> None:
        self._ready: queue.SimpleQueue[Strand | None] = queue.SimpleQueue()
        self._lull, self._loop_thread = lull, threading.get_ident()
        self._held: list[Strand] = []  # until the loop rests; touched in its thread alone
        if lull:
            lull.before_each(self._begin_held)
        self._threads = [
            threading.Thread(target=self._work, name=f"footage-disk-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def strand(self) -> Strand:
        """A new line of work, done in order."""
        return Strand(self)

    def take(self, strand: Strand) -> None:
        """Have its jobs done: by the next free thread, once the loop rests if it is at work and will."""
        if self._lull and self._lull.due and threading.get_ident() == self._loop_thread:
            self._held.append(strand)
        else:
            self._ready.put(strand)

    def close(self) -> None:
        """Do what was handed in, then end the threads. Once nothing more is handed in."""
        self._begin_held()
        for _ in self._threads:
            self._ready.put(None)
        for thread in self._threads:
            thread.join()

    def _begin_held(self) -> None:
        held, self._held = self._held, []
        for strand in held:
            self._ready.put(strand)

    def _work(self) -> None:
        while True:
            strand = self._ready.get()
            if strand is not None:
                strand.run()
            elif self._ready.empty():
                return
            else:  # the end was asked for, and a strand that had its turn waits for the next
                self._ready.put(None)


class Strand:
    """One camera's line of disk work."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
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
        self._pool.take(self)

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
        self._pool.take(self)
