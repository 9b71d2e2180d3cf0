"""Keeps, for `overt clauses`, how each test that claims a clause last went: build/clauses.json.

A mark claims the clause's whole `system` sentence, or the words of it that `part` quotes. A mark that names no clause, or
quotes what does not stand there, ends the run before its first test.

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

from overt.clauses.catalogue import catalogue
from overt.clauses.parts import is_quoted

#: What stands for the whole sentence in build/clauses.json.
WHOLE = "whole"

_outcomes: dict[str, str] = {}
_claimed: dict[str, dict[str, list[str]]] = {}
_RANK = {"passed": 0, "skipped": 1, "failed": 2}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    wrong: list[str] = []
    for item in items:
        claimed: dict[str, list[str]] = {}
        for mark in item.iter_markers("clause"):
            wrong += [f"{item.nodeid}: {line}" for line in _wrongs(mark)]
            for clause in mark.args:
                claimed.setdefault(clause, []).append(mark.kwargs.get("part", WHOLE))
        if claimed:
            # On the item's report, so that the marks also reach the run's head from a worker of pytest-xdist.
            item.user_properties.append(("clauses", {clause: sorted(claimed[clause]) for clause in sorted(claimed)}))
    if wrong:
        raise pytest.UsageError("\n".join(wrong))


def _wrongs(mark: pytest.Mark) -> list[str]:
    part, known = mark.kwargs.get("part"), catalogue()
    if not mark.args or set(mark.kwargs) - {"part"}:
        return ["a clause mark has the ids of clauses, and nothing beside them but a part"]
    unknown = [f"there is no clause {clause}" for clause in mark.args if clause not in known]
    return unknown + [
        f"“{part}” does not stand in the sentence of {clause}: {known[clause].system}"
        for clause in mark.args
        if clause in known
        and "part" in mark.kwargs
        and not (isinstance(part, str) and is_quoted(part, known[clause].system))
    ]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    claimed = dict(report.user_properties).get("clauses")
    if not claimed:
        return
    _claimed[report.nodeid] = claimed  # type: ignore[assignment]  # as put there above
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
