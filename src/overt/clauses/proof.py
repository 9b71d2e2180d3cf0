"""Whether a passing test proves a clause: the marks in tests/ and the outcomes of their last runs.

Only a checkout has tests; an installed copy shows what carries a clause out and no proof.
"""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from overt.clauses.carried import source_root


class Proof(StrEnum):
    PROVEN = "proven"  # a test that claims it passed when it last ran
    FAILING = "failing"  # a test that claims it failed
    CLAIMED = "claimed"  # tests claim it, none has run here
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Claim:
    """One test's claim to prove a clause: where it is and how it last went (None where it has not run here)."""

    test: str  # file::function, as pytest names it
    outcome: str | None


def claims(root: Path | None = None) -> dict[str, list[Claim]]:
    """Clause id -> the tests that claim it; ids are as written, known or not."""
    base = root or source_root().parent
    outcomes = _outcomes(base / "build" / "clauses.json")
    found: dict[str, list[Claim]] = defaultdict(list)
    for path in sorted((base / "tests").rglob("test_*.py")):
        for test, ids in _marks(path, path.relative_to(base).as_posix()):
            for clause in ids:
                found[clause].append(Claim(test, _worst(outcomes, test)))
    return dict(found)


def judge(claimed: list[Claim]) -> Proof:
    """A clause is proven by one passing test, and by none while any that claims it fails."""
    outcomes = {claim.outcome for claim in claimed}
    if "failed" in outcomes:
        return Proof.FAILING
    if "passed" in outcomes:
        return Proof.PROVEN
    return Proof.CLAIMED if claimed else Proof.NONE


def _outcomes(path: Path) -> dict[str, str]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {test: row["outcome"] for test, row in kept.get("tests", {}).items()}


def _worst(outcomes: dict[str, str], test: str) -> str | None:
    """The outcome of a test over all its parameters: `a::b[x]` and `a::b[y]` are one function."""
    seen = {outcome for node, outcome in outcomes.items() if node.split("[")[0] == test}
    return next((outcome for outcome in ("failed", "passed", "skipped") if outcome in seen), None)


def _marks(path: Path, name: str) -> list[tuple[str, list[str]]]:
    """Each test of a file with the ids on it, its class or the whole module."""
    text = path.read_text(encoding="utf-8")
    if ".clause(" not in text:
        return []
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return []
    on_all = [i for node in tree.body if isinstance(node, ast.Assign) for i in _ids(ast.walk(node.value))]
    return _tests(tree.body, name, on_all)


def _tests(body: list[ast.stmt], name: str, inherited: list[str]) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for node in body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        ids = inherited + _ids(node.decorator_list)
        if isinstance(node, ast.ClassDef):
            found += _tests(node.body, f"{name}::{node.name}", ids)
        elif node.name.startswith("test"):
            found.append((f"{name}::{node.name}", ids))
    return found


def _ids(nodes: Iterable[ast.AST]) -> list[str]:
    return [
        argument.value
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "clause"
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
