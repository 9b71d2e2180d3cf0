"""The programs that leave with a bag or an export run on whatever Python is where they are opened."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from evidence.making import flip, make_bag, run_verify
from evidence.tsa import Authority, serving
from older_python import pythons, younger_than_oldest
from overt.evidence.bag import timestamp

SOURCE = Path(timestamp.__file__).parents[2]
#: What is started by itself says so in its first line.
CARRIED = sorted(path for path in SOURCE.rglob("*.py") if path.read_bytes().startswith(b"#!"))


@pytest.fixture(scope="module")
def stamped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stamped") / "JD-7"
    authority = Authority(tmp_path_factory.mktemp("tsa") / "rsa")
    with serving(authority) as address:
        make_bag(folder, time_stamp=lambda message: timestamp.ask(address, message, authority.roots))
    return folder


def test_both_programs_are_looked_at() -> None:
    assert [path.name for path in CARRIED] == ["verify.py", "inspect_offline.py"]


@pytest.mark.parametrize("program", CARRIED, ids=lambda path: path.name)
def test_a_program_that_leaves_needs_nothing_younger_than_python_3_8(program: Path) -> None:
    assert younger_than_oldest(program.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "from datetime import UTC",
        "import tomllib",
        "from zoneinfo import ZoneInfo",
        "import math\nmath.lcm(2, 3)",
        "Pair = tuple[int, int]",
        "def f() -> list[int]: ...",
        "list(zip('a', 'b', strict=True))",
        "'index 3'.removeprefix('index ')",
        "(7).bit_count()",
        "match 1:\n    case _: ...",
        "try: ...\nexcept* OSError: ...",
        "with (open('a') as a, open('b') as b): ...",
        "type Pair = int",
        "(5).to_bytes()",
    ],
)
def test_what_python_3_8_lacks_is_noticed(line: str) -> None:
    assert younger_than_oldest(line)
    assert not younger_than_oldest("from __future__ import annotations\ndef f() -> list[int]: return [1 // 2]")


@pytest.mark.parametrize("at", [0, -1], ids=["oldest", "newest"])
def test_the_oldest_and_the_newest_python_at_hand_give_the_same_report(stamped: Path, tmp_path: Path, at: int) -> None:
    version, python = pythons()[at]
    folder = Path(shutil.copytree(stamped, tmp_path / "JD-7"))
    code, report = run_verify(folder, "--require-time-stamp", python=python)
    assert (code, report) == run_verify(folder, "--require-time-stamp"), version
    assert (code, report["time_stamp"]["answer"]) == (0, "good")
    flip(next((folder / "data/master").iterdir()), 5000, 3)
    code, report = run_verify(folder, python=python)
    assert (code, report) == run_verify(folder), version
    assert (code, report["findings"][0]["bit"]) == (1, 3)
