"""The walls that import-linter holds: rooms import downwards, and nothing imports itself round about."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tools.walls import circles

ROOT = Path(__file__).resolve().parents[2]
INSIDE = "def late() -> None:\n    from overt.{} import {}\n"
_CIRCLE = "these import one another: overt.logbook.append, overt.logbook.merkle, overt.logbook.tree"
FOR_TYPES = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from overt.{} import {}\n"


def test_modules_that_reach_one_another_are_one_circle() -> None:
    imports = {"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": ["e", "django"], "e": ["d"], "f": ["a", "f"]}
    assert circles(imports) == [["a", "b", "c"], ["d", "e"]]


def test_a_long_chain_is_none() -> None:
    assert circles({str(number): [str(number + 1)] for number in range(5000)}) == []
    assert circles({str(number): [str((number + 1) % 5000)] for number in range(5000)}) == [
        sorted(str(number) for number in range(5000))
    ]


@pytest.mark.parametrize("way", [INSIDE, FOR_TYPES], ids=["inside a function", "for types alone"])
@pytest.mark.parametrize(
    ("where", "room", "name", "said"),
    [
        ("logbook/merkle.py", "logbook", "tree", _CIRCLE),
        ("access/rules.py", "people", "queries", "overt.access.rules -> overt.people.queries"),
    ],
    ids=["a circle", "upwards"],
)
def test_an_import_against_the_order_is_found(
    tmp_path: Path, way: str, where: str, room: str, name: str, said: str
) -> None:
    """In a copy of the source; the copy as it is passes."""
    for part in ("src", "tools", "pyproject.toml"):
        (tmp_path / part).symlink_to(ROOT / part)
    assert lint(tmp_path).returncode == 0
    (tmp_path / "src").unlink()
    subprocess.run(["cp", "-r", ROOT / "src", tmp_path / "src"], check=True)
    with (tmp_path / "src" / "overt" / where).open("a", encoding="utf-8") as file:
        file.write("\n\n" + way.format(room, name))
    done = lint(tmp_path)
    assert done.returncode == 1
    assert said in " ".join(done.stdout.split())


def test_a_rule_that_imports_a_framework_is_found_wherever_it_stands(tmp_path: Path) -> None:
    """At a room's top, in a noun's folder, in a folder of rules: by its name, from no list."""
    for part in ("tools", "pyproject.toml"):
        (tmp_path / part).symlink_to(ROOT / part)
    subprocess.run(["cp", "-r", ROOT / "src", tmp_path / "src"], check=True)
    rules = ("access.rules", "evidence.holds.rules", "policy.rules.ranks")
    for name in rules:
        with (tmp_path / "src" / "overt" / f"{name.replace('.', '/')}.py").open("a", encoding="utf-8") as file:
            file.write("\n\nimport django.utils.timezone\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    assert [name for name in rules if f"overt.{name} -> django" not in " ".join(done.stdout.split())] == []


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    words = [sys.executable, "-c", command, "--no-logo", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    return subprocess.run(words, cwd=root, env=environment, capture_output=True, text=True, check=False)
