"""Where the names in cameras' addresses lead: asked side by side, within bounds, and before a transaction begins.

A name server that does not answer would otherwise hold the records' write lock, and everybody's acts with it.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from queue import Empty, SimpleQueue

#: Every address that a name leads to. Raises OSError where it leads nowhere.
Resolve = Callable[[str], Sequence[str]]

#: All names together; a person waits for the answer.
LOOKUP_SECONDS = 5.0
_AT_ONCE = 16


def resolve(host: str) -> list[str]:
    """Every address a name leads to. Raises OSError where it leads nowhere."""
    return sorted({str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)})


def look_up(hosts: Iterable[str], *, seconds: float = LOOKUP_SECONDS) -> Resolve:
    """Ask for these names now; what comes back answers for them, and raises OSError for one that is not known in time.

    It never asks again, so it can be given to what runs inside a transaction.
    """
    waiting: SimpleQueue[str] = SimpleQueue()
    wanted = set(hosts)
    for host in wanted:
        waiting.put(host)
    answers: dict[str, list[str]] = {}
    ends = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_ask, args=(waiting, answers), daemon=True) for _ in range(min(len(wanted), _AT_ONCE))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, ends - time.monotonic()))
    known = dict(answers)  # what comes later does not count: the same question has one answer

    def find(host: str) -> Sequence[str]:
        if host not in known:
            raise OSError(f"{host} is not known, or was not answered within {seconds:g} s")
        return known[host]

    return find


def _ask(waiting: SimpleQueue[str], answers: dict[str, list[str]]) -> None:
    while True:
        try:
            host = waiting.get_nowait()
        except Empty:
            return
        try:
            answers[host] = resolve(host)
        except (OSError, UnicodeError):
            continue
