"""The lists of breakages beside the tests (`tests/*/mutants.toml`), and whether each still fits.

[[mutant]]
breaks = "A file's row is written before the file is flushed."    # in words, once in a list
file = "src/footage/recorder/file.py"
old = "..."         # stands there exactly once
new = "..."         # what stands there instead; other text, and for Python a module still
tests = ["tests/torture/test_flushing.py::test_a_file", "tests/recorder/test_node.py"]    # who must notice
part = "retention"          # whose score it counts to; the folder of the list where it is not said
clauses = ["HERTS-24.1"]    # each of `tests` that claims one of these must fail by itself
"""

from __future__ import annotations

import ast
import hashlib
import json
import tomllib
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIELDS = {"breaks": str, "file": str, "old": str, "new": str, "tests": list, "part": str, "clauses": list}
NEEDED = ("breaks", "file", "old", "new", "tests")


class BadList(Exception):
    """A list that cannot be read; says which, and why."""


@dataclass(frozen=True)
class Mutant:
    """One small breakage of the product, and the tests that must notice it."""

    part: str
    breaks: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    clauses: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Another one where anything of the entry is another: what was seen of the old one then says nothing."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:12]

    def changed(self, text: str) -> str:
        """The file's text with the breakage. ValueError says why it no longer fits."""
        found = text.count(self.old) if self.old else 0
        if found != 1:
            raise ValueError(f"the old text stands {found} times in {self.file}")
        if self.new == self.old:
            raise ValueError("the new text is the old one")
        new = text.replace(self.old, self.new)
        if self.file.endswith(".py"):
            try:
                ast.parse(new)
            except SyntaxError as error:
                raise ValueError(f"what comes out is no Python: {error}") from None
        return new


def read_all(root: Path = ROOT) -> list[Mutant]:
    return [mutant for path in sorted(root.glob("tests/*/mutants.toml")) for mutant in read(path)]


def read(path: Path) -> list[Mutant]:
    """The mutants of one list. BadList where a field is missing, unknown or of another kind, or two say the same."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
    except tomllib.TOMLDecodeError as error:
        raise BadList(f"{path}: {error}") from None
    mutants = [_mutant(path, row) for row in rows]
    twice = [breaks for breaks, count in Counter(mutant.breaks for mutant in mutants).items() if count > 1]
    if twice:
        raise BadList(f"{path}: more than one “{twice[0]}”")
    return mutants


def _mutant(path: Path, row: dict[str, object]) -> Mutant:
    name = f"{path}: “{row.get('breaks', '?')}”"
    for field in NEEDED:
        if (field != "new" and not row.get(field)) or field not in row:
            raise BadList(f"{name} has no {field}")
    for field, value in row.items():
        if field not in FIELDS:
            raise BadList(f"{name} has a field {field} that means nothing")
        if not isinstance(value, FIELDS[field]):
            raise BadList(f"{name}: {field} is no {FIELDS[field].__name__}")
    lists = {field: tuple(row.get(field, ())) for field in ("tests", "clauses")}  # type: ignore[call-overload]
    return Mutant(**{"part": path.parent.name, **row, **lists})  # type: ignore[arg-type]


def misfits(mutant: Mutant, root: Path = ROOT) -> list[str]:
    """Why the entry says nothing of the product as it stands; empty where it fits."""
    wrong = []
    try:
        mutant.changed((root / mutant.file).read_text(encoding="utf-8"))
    except OSError:
        wrong.append(f"there is no {mutant.file}")
    except ValueError as error:
        wrong.append(str(error))
    return wrong + [f"there is no test {test}" for test in mutant.tests if not _exists(root, test)]


def _exists(root: Path, test: str) -> bool:
    name, *inside = test.partition("[")[0].split("::")
    path = root / name
    if not inside or not path.is_file():
        return path.exists() and not inside
    body: list[ast.stmt] = ast.parse(path.read_text(encoding="utf-8")).body
    for part in inside:
        found = [node for node in body if getattr(node, "name", None) == part]
        if not found:
            return False
        body = getattr(found[0], "body", [])
    return True
