"""Tells `tools/mutants.py` how each test went: `-p outcomes_plugin`, and OVERT_OUTCOMES names the file it writes.

The file is {name of the test: {"outcome": "passed", "skipped" or "failed", "seconds": number, "clauses": [ids]}}.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

_RANK = {"passed": 0, "skipped": 1, "failed": 2}
_told: dict[str, dict[str, object]] = {}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        clauses = sorted({clause for mark in item.iter_markers("clause") for clause in mark.args})
        _told[item.nodeid] = {"outcome": None, "seconds": 0.0, "clauses": clauses}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    told = _told[report.nodeid]
    before = str(told["outcome"] or "passed")
    told["outcome"] = max(before, report.outcome, key=_RANK.__getitem__)
    told["seconds"] = float(str(told["seconds"])) + report.duration


def pytest_sessionfinish() -> None:
    """Also where the run was stopped: a test that did not run has no outcome."""
    Path(os.environ["OVERT_OUTCOMES"]).write_text(json.dumps(_told), encoding="utf-8")
