"""Keeps, for `overt clauses`, how each test that claims a clause last went: build/clauses.json.

An empty OVERT_CLAUSES_OUT says that this run's outcomes are not kept, since another one beside it tells them.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_outcomes: dict[str, str] = {}
_claimed: dict[str, list[str]] = {}
_RANK = {"passed": 0, "skipped": 1, "failed": 2}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        # On the item's report, so that the marks also reach the run's head from a worker of pytest-xdist.
        ids = sorted({clause for mark in item.iter_markers("clause") for clause in mark.args})
        if ids:
            item.user_properties.append(("clauses", ids))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    ids = dict(report.user_properties).get("clauses")
    if not ids:
        return
    _claimed[report.nodeid] = list(ids)  # type: ignore[call-overload]  # as put there above
    before = _outcomes.get(report.nodeid, "passed")
    _outcomes[report.nodeid] = max(before, report.outcome, key=_RANK.__getitem__)


def pytest_sessionfinish(session: pytest.Session) -> None:
    told_elsewhere = os.environ.get("OVERT_CLAUSES_OUT") == ""
    if hasattr(session.config, "workerinput") or told_elsewhere or not _outcomes:
        return
    root = session.config.rootpath
    path = root / "build" / "clauses.json"
    path.parent.mkdir(exist_ok=True)
    with _alone(path.with_suffix(".lock")):
        tests = {test: row for test, row in _kept(path).items() if (root / test.split("::")[0]).exists()}
        tests |= {test: {"clauses": _claimed[test], "outcome": outcome} for test, outcome in _outcomes.items()}
        new = path.with_suffix(".new")
        new.write_text(json.dumps({"tests": dict(sorted(tests.items()))}, indent=1) + "\n", encoding="utf-8")
        new.replace(path)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Runs beside each other keep what the others wrote."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _kept(path: Path) -> dict[str, dict[str, object]]:
    """Outcomes of earlier runs: one that ran only a part of the tests says nothing of the rest."""
    try:
        found: dict[str, dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))["tests"]
    except (OSError, ValueError, KeyError):
        return {}
    return found
