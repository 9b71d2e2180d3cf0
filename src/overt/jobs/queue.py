"""Background work: a job takes ids and plain values, loads fresh, calls one service, and can run twice without harm.

`@job` makes a function one; `name.enqueue(...)` inside a transaction commits the job's row with the act, or not at
all. A job is stored by its module and name, which therefore outlive a release. The queue is a table of the same
database (django-tasks), so one machine needs no broker.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django_tasks import task
from django_tasks.base import Task

P = ParamSpec("P")
T = TypeVar("T")


def job(function: Callable[P, T]) -> Task[P, T]:
    """Make a function a job: `.enqueue(...)` to have the worker run it, `.call(...)` to run it here."""
    return task()(function)


def run_waiting() -> int:
    """Run every job that is due, here and now, one after another; returns how many. For commands and tests."""
    from django_tasks_db.models import DBTaskResult

    done = 0
    while (row := DBTaskResult.objects.ready().first()) is not None:
        row.claim("here")
        try:
            row.set_successful(row.task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"]))
        except Exception as error:
            row.set_failed(error)
            raise
        done += 1
    return done
