"""What carries a clause out: the code whose docstring names it as its source ("Source:" and ids)."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from overt.clauses.catalogue import cited_in

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def source_root() -> Path:
    """The folder in which the packages `overt` and `footage` lie."""
    return Path(__file__).resolve().parents[2]


def carried_out_by(root: Path | None = None) -> dict[str, list[str]]:
    """Clause id -> dotted names of the code that names it as its source; ids are as written, known or not."""
    found: dict[str, list[str]] = defaultdict(list)
    base = root or source_root()
    for package in ("overt", "footage"):
        for path in sorted((base / package).rglob("*.py")):
            for name, docstring in _docstrings(path, ".".join(path.relative_to(base).with_suffix("").parts)):
                for clause in sources(docstring):
                    found[clause].append(name)
    return dict(found)


def sources(docstring: str) -> list[str]:
    """The ids after "Source:" in a docstring, up to the end of its paragraph."""
    cited: list[str] = []
    for part in re.findall(r"Source:(.*?)(?:\n\s*\n|\Z)", docstring, re.DOTALL):
        cited += cited_in(part)
    return cited


def _docstrings(path: Path, module: str) -> Iterator[tuple[str, str]]:
    text = path.read_text(encoding="utf-8")
    if "Source:" not in text:
        return
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return  # somebody is half way through saving it
    yield from _within(tree, module.removesuffix(".__init__"))


def _within(node: Documented, name: str) -> Iterator[tuple[str, str]]:
    if docstring := ast.get_docstring(node):
        yield name, docstring
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _within(child, f"{name}.{child.name}")
