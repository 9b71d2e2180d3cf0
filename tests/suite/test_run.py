"""The run of the whole suite: which part runs which tests, what gives way to what, and that nothing of it stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "tools"


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(TOOLS))
    return import_module("run_tests")


def under(path: str, names: list[str]) -> bool:
    return any(path == name or path.startswith(f"{name}/") for name in names)


def test_every_file_of_tests_is_run_by_one_part_on_sqlite(tool: ModuleType) -> None:
    parts = [part for part in tool.suites(None)]
    chosen = {part.name: [word for word in part.command if word.startswith("tests")] for part in parts}
    left = {part.name: [word[9:] for word in part.command if word.startswith("--ignore=")] for part in parts}
    for file in (ROOT / "tests").rglob("test_*.py"):
        path = file.relative_to(ROOT).as_posix()
        having = [name for name in chosen if under(path, chosen[name]) and not under(path, left[name])]
        assert len(having) == 1, f"{path} is run by {having}"


def test_what_touches_the_records_runs_on_postgresql_too(tool: ModuleType) -> None:
    (part,) = [one for one in tool.suites("postgresql://somewhere") if "OVERT_DATABASE" in one.environment]
    assert part.environment["OVERT_DATABASE"] == "postgresql://somewhere"
    assert {"tests/logbook", "tests/evidence", "tests/access", "tests/api"} <= set(part.command)
    assert {"tests/inspection", "tests/people"} <= set(part.command), "rooms without tables of their own read others'"
    assert not [word for word in part.command if word.startswith("--ignore")]


def test_what_computes_gives_way_to_what_waits(tool: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    says = "import os; print('weight', os.nice(0), open('/proc/self/autogroup').read().split()[-1])"
    if not Path("/proc/self/autogroup").exists():
        says = "import os; print('weight', os.nice(0), os.nice(0))"
    parts = [tool.Part(name, [sys.executable, "-c", says], gives_way=gives) for name, gives in (("a", 1), ("b", 0))]
    assert tool.run_in_turn([parts]) == []
    said = {line for line in capfd.readouterr().out.splitlines() if "weight" in line}
    assert said == {f"weight {os.nice(0)} 0", "weight 19 19"}


def test_a_turn_waits_for_what_does_not_give_way_alone(tool: ModuleType, tmp_path: Path) -> None:
    """What computes goes on beside the next turn, and is waited for at the end."""
    slow = "import pathlib, sys, time\nwhile not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.01)\nsys.exit(4)"
    next_began = tmp_path / "next"
    turns = [
        [tool.Part("computes", [sys.executable, "-c", slow, str(next_began)]),
         tool.Part("waits", ["true"], gives_way=False)],
        [tool.Part("next", ["touch", str(next_began)], gives_way=False)],
    ]  # fmt: skip
    assert tool.run_in_turn(turns) == ["computes"]


def test_the_next_turn_waits_for_what_waits(tool: ModuleType, tmp_path: Path) -> None:
    first = "import pathlib, sys, time\ntime.sleep(0.5)\nsys.exit(pathlib.Path(sys.argv[1]).exists())"
    next_began = tmp_path / "next"
    turns = [
        [tool.Part("waits", [sys.executable, "-c", first, str(next_began)], gives_way=False)],
        [tool.Part("next", ["touch", str(next_began)], gives_way=False)],
    ]
    assert tool.run_in_turn(turns) == []


def test_bytecode_is_kept_for_the_processes_of_a_run(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    says = "import sys; print('kept', not sys.dont_write_bytecode)"
    tool.run_in_turn([[tool.Part("x", [sys.executable, "-c", says])]])
    assert "kept True" in capfd.readouterr().out


def test_a_part_that_failed_is_named_and_what_it_said_is_shown(
    tool: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    bad, good = "import sys; print('broken'); sys.exit(3)", "print('all is said')"
    parts = [tool.Part(name, [sys.executable, "-c", code], quiet=True) for name, code in (("x", bad), ("y", good))]
    assert tool.run_in_turn([parts]) == ["x"]
    said = capfd.readouterr().out
    assert "broken" in said
    assert "all is said" not in said


RUN = """
import sys; sys.path.insert(0, {tools!r})
import run_tests
says = "import time; open({folder!r} + '/{{}}', 'w').close(); time.sleep(600)"
parts = [run_tests.Part(name, [sys.executable, "-c", says.format(name)]) for name in "ab"]
run_tests.suites, run_tests.checks = lambda address: parts, lambda data: []
run_tests.postgresql = run_tests.tempfile.TemporaryDirectory
sys.exit(run_tests.main([]))
"""


@pytest.mark.parametrize("before", [[], ["nohup"]])
def test_an_ended_run_ends_what_it_started(tmp_path: Path, before: list[str]) -> None:
    code = RUN.format(tools=str(TOOLS), folder=str(tmp_path))
    run = subprocess.Popen([*before, sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    until(lambda: len(list(tmp_path.iterdir())) == 2)
    running = working_with(str(tmp_path))
    assert len(running) == 3
    if before:
        run.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        assert run.poll() is None, "whoever says nohup wants it to go on"
    run.send_signal(signal.SIGTERM)
    said, _ = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Interrupted." in said
    assert working_with(str(tmp_path)) == []


SERVER = """
import sys, time; sys.path.insert(0, {tools!r})
from own_postgresql import postgresql
with postgresql() as address:
    print(address, flush=True)
    time.sleep({seconds})
"""


@pytest.mark.skipif(not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")), reason="no PostgreSQL is installed")
@pytest.mark.parametrize("killed", [False, True])
def test_postgresql_ends_with_its_run_however_that_ends(killed: bool) -> None:
    code = SERVER.format(tools=str(TOOLS), seconds=600 if killed else 0)
    run = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert run.stdout
    folder = run.stdout.readline().strip().partition("host=")[2]
    assert Path(folder).name.startswith("overt-pg-")
    if killed:
        assert working_with(folder)
        run.kill()
    run.wait(60)
    until(lambda: not Path(folder).exists())
    assert not working_with(folder), "the folder goes last"


def working_with(word: str) -> list[int]:
    """The processes in whose command this word stands."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if word.encode() in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def until(what: Callable[[], object]) -> None:
    ends = time.monotonic() + 60
    while not what():
        assert time.monotonic() < ends, "it never came true"
        time.sleep(0.05)
