"""The suite's own options: another order, and another clock."""

from __future__ import annotations

import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

import clock_plugin

ROOT = Path(__file__).parents[2]
PLAIN = ["-p", "no:django", "-p", "no:cacheprovider"]
#: The moment is the same for both; sleeping takes as long as ever, and a child begins where its parent is.
WHEN = """
import subprocess, sys, time
from datetime import datetime, UTC
import pytest
CHILD = [sys.executable, "-c", "import time; print(time.time())"]
ENDED = []

@pytest.mark.parametrize("turn", [1, 2])
def test_now(turn):
    assert 0 <= time.time() - datetime(2028, 2, 28, 23, 59, 58, tzinfo=UTC).timestamp() < 300
    assert all(time.time() < ended for ended in ENDED)
    began = time.monotonic()
    time.sleep(2.1)
    assert 2 < time.monotonic() - began < 300
    assert datetime.now(UTC).strftime("%d %b") == "29 Feb"
    before = time.time()
    assert before <= float(subprocess.run(CHILD, capture_output=True, check=True).stdout) <= time.time()
    ENDED.append(time.time())
"""
FILES = {name: "".join(f"def test_{n}(): pass\n" for n in range(9)) for name in ("test_a", "test_b", "test_c")}


@pytest.fixture
def plain(pytester: pytest.Pytester) -> pytest.Pytester:
    """A suite of three files with nine tests each, and our plugins."""
    pytester.makeini(f"[pytest]\npythonpath = {ROOT / 'tests'}\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makeconftest('pytest_plugins = ["order_plugin", "clock_plugin"]')
    pytester.makepyfile(**FILES)
    return pytester


def order(suite: pytest.Pytester, *words: str) -> list[str]:
    """The tests in the order in which they are run."""
    done = suite.runpytest_inprocess(*PLAIN, "--collect-only", "-q", *words)
    return [line for line in done.outlines if "::" in line]


def test_a_seed_gives_one_order_of_all_tests_that_keeps_a_files_tests_together(plain: pytest.Pytester) -> None:
    usual, shuffled = order(plain), order(plain, "--shuffle", "7")
    assert len(usual) == 27
    assert sorted(shuffled) == usual
    assert shuffled != usual
    assert shuffled == order(plain, "--shuffle", "7")
    assert shuffled != order(plain, "--shuffle", "8")
    for name in FILES:
        assert [test for test in shuffled if test.startswith(name)] != [t for t in usual if t.startswith(name)]
    files = [test.split("::")[0] for test in shuffled]
    assert list(dict.fromkeys(files)) != sorted(set(files))
    assert sum(before != after for before, after in pairwise(files)) == 2


ASKING = """
import pytest

@pytest.fixture
def db(): ...

@pytest.fixture
def scheme(db): ...

def test_asks(db): ...
def test_asks_by_a_fixture(scheme): ...
@pytest.mark.django_db
def test_marked(): ...
def test_environmental(tmp_path): ...
"""


def test_a_test_that_never_asks_for_the_database_needs_no_other(plain: pytest.Pytester) -> None:
    plain.makeconftest('pytest_plugins = ["database_plugin"]')
    plain.makepyfile(test_asking=ASKING, test_starting="import os\nGIVEN = os.environ\ndef test_starts(): ...\n")
    assert [test.split("::")[1] for test in order(plain, "--asks-database")] == [
        "test_asks",
        "test_asks_by_a_fixture",
        "test_marked",
        "test_starts",
    ]
    assert len(order(plain)) == 27 + 5


def test_another_clock_without_the_preload_is_refused(plain: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clock_plugin.SHIFT, raising=False)
    done = plain.runpytest_inprocess(*PLAIN, "--clock", "2026-12-31T23:59:50")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*needs its preload*"])


@pytest.mark.skipif(not shutil.which("cc"), reason="the preload is built with a C compiler")
def test_each_test_and_what_it_starts_begins_at_the_moment(tmp_path: Path) -> None:
    (tmp_path / "test_time.py").write_text(WHEN)
    settings = tmp_path / "pytest.ini"
    settings.write_text(f"[pytest]\npythonpath = {ROOT / 'tests'}\n")
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["clock_plugin"]\n')
    command = [sys.executable, ROOT / "tools/run_tests.py", "--clock", "2028-02-28T23:59:58", "-c", settings, tmp_path]
    done = subprocess.run([*command, *PLAIN], capture_output=True, text=True, check=False)
    assert "2 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("2026-12-31T23:59:50", "2026-12-31T23:59:50+00:00"),
        ("2026-06-30T23:59:50", "2026-06-30T22:59:50+00:00"),
        ("2026-06-30T22:59:50Z", "2026-06-30T22:59:50+00:00"),
    ],
)
def test_a_moment_is_local_time_unless_it_says_more(text: str, other: str) -> None:
    assert clock_plugin.moment(text) == clock_plugin.moment(other)
