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

log = logging.getLogger(__name__)


def rounds() -> list[tuple[str, timedelta, Callable[[], object]]]:
    """What is done again and again: name, how often, what. Each can run twice without harm."""
    from django.utils import timezone

    from overt.estate.retention import run_if_due
    from overt.estate.services import sync_node
    from overt.estate.sound import end_due_sound
    from overt.evidence.services import sync_holds
    from overt.logbook.tasks import check_if_due
    from overt.policy.services import rework_clocks
    from overt.watch.integrity import STEP_EVERY, check_a_little
    from overt.watch.rounds import close_what_was_left

    return [
        ("checkpoint", timedelta(seconds=30), _checkpoint),
        ("cameras to the node", timedelta(seconds=30), sync_node),
        ("sound whose end has come", timedelta(seconds=30), lambda: end_due_sound(timezone.now())),
        ("holds to the node, and those that ended", timedelta(minutes=1), sync_holds),
        ("pictures and reviews left open", timedelta(minutes=1), close_what_was_left),
        ("open clocks, where a rule, a calendar or the policy changed", timedelta(minutes=10), rework_clocks),
        ("what retention did the day before", timedelta(minutes=15), lambda: run_if_due(timezone.now())),
        ("recordings held against their hashes", STEP_EVERY, lambda: check_a_little(timezone.now())),
        ("old sessions", timedelta(hours=6), _clear_sessions),
        ("the logbook checked from end to end", timedelta(hours=1), lambda: check_if_due(timezone.now())),
        ("personal content whose day has come", timedelta(hours=1), _erase_due),
    ]


def _checkpoint() -> None:
    """As often as the policy in force says."""
    from django.utils import timezone

    from overt.logbook.tasks import sign_if_due
    from overt.policy.queries import policy_in_force

    sign_if_due(timezone.now(), timedelta(minutes=policy_in_force().checkpoint_minutes))


def _erase_due() -> None:
    from django.utils import timezone

    from overt.logbook.tasks import erase_due
    from overt.policy.queries import policy_in_force

    days = policy_in_force().logbook_personal_days
    erase_due(timezone.now(), None if days is None else timedelta(days=days))


def _clear_sessions() -> None:
    from django.core.management import call_command

    call_command("clearsessions")


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

    from overt.evidence.services import resume_unfinished

    resume_unfinished()  # exhibits whose sealing a stop cut off
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
