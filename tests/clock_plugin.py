"""Lets every test begin at a moment of one's choice: `--clock 2026-12-31T23:59:50` (local time, unless it says more).

The clock is moved by a small library that `tools/run_tests.py --clock` preloads (suite/shift_clock.c), so for every
library and for every process that a test starts. What a whole folder shares keeps one clock: there the moment comes
once, at the folder's first test.
"""

from __future__ import annotations

import os
import time
from datetime import datetime
from math import ceil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

SHIFT = "CLOCK_SHIFT_MS"
#: Folders whose tests look at one running installation.
SHARED = {"journeys", "browser"}
_begun: set[str] = set()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--clock", metavar="MOMENT", help="begin each test at this moment (see docs/guide/tests.md)")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--clock") and SHIFT not in os.environ:
        raise pytest.UsageError("--clock needs its preload: tools/run_tests.py --clock MOMENT tests/...")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    asked = item.config.getoption("--clock")
    folder = Path(item.location[0]).parent.name
    if not asked or (folder in SHARED and folder in _begun):
        return
    _begun.add(folder)
    true_now_ms = time.time() * 1000 - int(os.environ[SHIFT])
    os.environ[SHIFT] = str(ceil(moment(asked) * 1000 - true_now_ms))  # rounded down, the test would begin before it


def moment(text: str) -> float:
    """A moment as text, in seconds since 1970; without an offset it is a local time of the tests' scheme."""
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=ZoneInfo("Europe/London"))).timestamp()
