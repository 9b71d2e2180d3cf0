"""How much of a clause passing tests prove: the marks in tests/ and the outcomes of their last runs.

`@pytest.mark.clause("ID")` says that the test proves the clause's whole `system` sentence by itself, with `part="…"`
the words quoted from it. Parts of several tests that leave out no word prove the whole.

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
from overt.clauses.catalogue import catalogue
from overt.clauses.parts import is_quoted, unproven_words


class Proof(StrEnum):
    WHOLE = "whole"  # passing tests leave out no word of its sentence
    PART = "part"  # passing tests prove some of it
    FAILING = "failing"  # a test that claims it failed
    CLAIMED = "claimed"  # tests claim it, none has run here
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Claim:
    """One test's claim to prove a clause: where it is and how it last went (None where it has not run here)."""

    test: str  # file::function, as pytest names it
    outcome: str | None
    part: str | None = None  # the words of the sentence that it proves; None: the whole


def claims(root: Path | None = None) -> dict[str, list[Claim]]:
    """Clause id -> the tests that claim it; ids are as written, known or not."""
    base = root or source_root().parent
    outcomes = _outcomes(base / "build" / "clauses.json")
    found: dict[str, list[Claim]] = defaultdict(list)
    for path in sorted((base / "tests").rglob("test_*.py")):
        for test, marks in _marks(path, path.relative_to(base).as_posix()):
            for clause, part in marks:
                found[clause].append(Claim(test, _worst(outcomes, test), part))
    return dict(found)


def judge(system: str, claimed: list[Claim]) -> Proof:
    """What tests prove of a clause with this `system` sentence: nothing while any that claims it fails."""
    outcomes = {claim.outcome for claim in claimed}
    if "failed" in outcomes:
        return Proof.FAILING
    if "passed" in outcomes:
        return Proof.PART if unproven(system, claimed) else Proof.WHOLE
    return Proof.CLAIMED if claimed else Proof.NONE


def unproven(system: str, claimed: list[Claim]) -> str:
    """The words of the sentence that no passing test proves, "…" between them; empty where the whole is proven."""
    passed = [claim for claim in claimed if claim.outcome == "passed"]
    if any(claim.part is None for claim in passed):
        return ""
    return unproven_words(system, [claim.part for claim in passed if claim.part is not None])


def claimed_wrongly(claimed: dict[str, list[Claim]]) -> list[str]:
    """A line for each mark of an unknown clause, or with a part that is not quoted from its sentence."""
    known = catalogue()
    lines = [
        f"{clause}: no such clause ({one.test})" for clause in claimed if clause not in known for one in claimed[clause]
    ]
    return lines + [
        f"{clause}: “{one.part}” does not stand in its sentence ({one.test})"
        for clause, found in claimed.items()
        for one in found
        if clause in known and one.part is not None and not is_quoted(one.part, known[clause].system)
    ]


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


Mark = tuple[str, str | None]  # a clause's id and the part, None for the whole


def _marks(path: Path, name: str) -> list[tuple[str, list[Mark]]]:
    """Each test of a file with the marks on it, its class or the whole module."""
    text = path.read_text(encoding="utf-8")
    if ".clause(" not in text:
        return []
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return []
    on_all = [one for node in tree.body if isinstance(node, ast.Assign) for one in _clauses(ast.walk(node.value))]
    return _tests(tree.body, name, on_all)


def _tests(body: list[ast.stmt], name: str, inherited: list[Mark]) -> list[tuple[str, list[Mark]]]:
    found: list[tuple[str, list[Mark]]] = []
    for node in body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        marks = inherited + _clauses(node.decorator_list)
        if isinstance(node, ast.ClassDef):
            found += _tests(node.body, f"{name}::{node.name}", marks)
        elif node.name.startswith("test"):
            found.append((f"{name}::{node.name}", marks))
    return found


def _clauses(nodes: Iterable[ast.AST]) -> list[Mark]:
    return [
        (argument.value, _part(node))
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "clause"
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def _part(mark: ast.Call) -> str | None:
    """What its `part` says; the empty string, which proves nothing, where that is no plain text."""
    for keyword in mark.keywords:
        if keyword.arg == "part":
            value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
            return value if isinstance(value, str) else ""
    return None
