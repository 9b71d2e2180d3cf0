"""The worker process: jobs from the queue, and the rounds that keep the books without being asked."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from overt.rooms import named
from overt.rooms import rooms as every_room

log = logging.getLogger(__name__)


def rounds() -> list[tuple[str, timedelta, Callable[[], object]]]:
    """What the rooms have done again and again: name, how often, what. Each can run twice without harm.

    What is done often is quick and comes first, so that at a start the cameras do not wait for a long check.
    """
    found = sorted((one for room in every_room() for one in room.rounds), key=lambda one: one.every)
    return [(one.name, one.every, named(one.do)) for one in found]


def go_round(stop: threading.Event) -> None:
    """Do what is due until told to stop. A round that fails is logged and tried again at its next time."""
    from django.db import close_old_connections

    due = {name: 0.0 for name, _, _ in rounds()}
    while not stop.is_set():
        for name, every, do in rounds():
            if time.monotonic() < due[name]:
                continue
            due[name] = time.monotonic() + every.total_seconds()
            try:
                do()
            except Exception:
                log.exception("the round of %s failed; it is tried again in %s", name, every)
        close_old_connections()
        stop.wait(2)


def work() -> int:
    """Run until SIGINT or SIGTERM; the job in hand is finished first."""
    from django_tasks_db.management.commands.db_worker import Worker

    for name in (name for room in every_room() for name in room.resumes):
        named(name)()
    stop = threading.Event()
    rounds_thread = threading.Thread(target=go_round, args=(stop,), name="rounds", daemon=True)
    rounds_thread.start()
    worker = Worker(
        queue_names=["*"],
        interval=0.5,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=secrets.token_hex(16),
        excluded_queue_names=[],
    )
    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)  # an orderly stop is no warning
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, worker.shutdown)
    try:
        worker.run()
    finally:
        stop.set()
        rounds_thread.join(timeout=5)
    return 0


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "overt.settings")
    django.setup()
    raise SystemExit(work())
