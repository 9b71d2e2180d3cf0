"""A room's names with an underscore are its own: no other room imports or reaches for them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import overt

ROOT = Path(overt.__file__).parent
ROOMS = sorted(path.name for path in ROOT.iterdir() if path.is_dir() and (path / "__init__.py").exists())


def reached(source: str, room: str) -> Iterator[str]:
    """What a file of `room` takes from under another room's hand: `imported._name` and `from overt.room import _name`."""
    tree = ast.parse(source)
    foreign: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("overt"):
            for name in node.names:
                if [*(node.module or "").split("."), name.name][1] != room:
                    foreign.add(name.asname or name.name)
                    if name.name.startswith("_"):
                        yield name.name
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in foreign:
            private = node.attr.startswith("_") and not node.attr.startswith("__")
            if private and node.attr != "_meta":  # Django's own
                yield f"{node.value.id}.{node.attr}"


@pytest.mark.parametrize("room", ROOMS)
def test_no_private_name_of_another_room_is_used(room: str) -> None:
    files = sorted((ROOT / room).rglob("*.py"))
    found = [f"{file.relative_to(ROOT)}: {name}" for file in files for name in reached(file.read_text(), room)]
    assert found == []


def test_such_a_use_would_be_found() -> None:
    source = "from overt.estate.rules import _secret\nfrom overt.estate import rules\nrules._other()\nrules.open()\n"
    assert sorted(reached(source, "watch")) == ["_secret", "rules._other"]
    assert list(reached(source, "estate")) == []
