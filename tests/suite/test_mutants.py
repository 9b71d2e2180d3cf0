"""The mutation run: its lists fit the product, and it tells what was noticed from what was not."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LISTS = sorted((ROOT / "tests").glob("*/mutants.toml"))


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    return import_module("mutant_lists")


@pytest.fixture
def tool(lists: ModuleType) -> ModuleType:
    return import_module("mutants")


@pytest.fixture
def score(lists: ModuleType) -> ModuleType:
    return import_module("mutant_score")


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.parent.name)
def test_each_breakage_still_fits_its_file_and_its_tests_exist(lists: ModuleType, path: Path) -> None:
    wrong = {mutant.breaks: why for mutant in lists.read(path) if (why := lists.misfits(mutant))}
    assert wrong == {}


def entry(**other: Any) -> str:
    fields = {
        "breaks": "Two and two.",
        "file": "src/footage/sums.py",
        "old": "a + b",
        "new": "a - b",
        "tests": ["tests/test_sums.py::test_sum"],
        **other,
    }
    rows = [f"{name} = {json.dumps(value)}" for name, value in fields.items() if value is not None]
    return "\n".join(["[[mutant]]", *rows, ""])


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A product of one function, with tests that try it, that do not, and that wait for it."""
    files = {
        ".gitignore": "__pycache__/\n",
        "src/footage/__init__.py": "",
        "src/overt/__init__.py": "",
        "src/footage/sums.py": "def add(a, b):\n    return a + b\n",
        "pytest.ini": "[pytest]\nmarkers = clause\n",
        "tests/test_sums.py": """
            import pytest, time
            from footage.sums import add

            @pytest.mark.clause("ADD-1")
            def test_sum():
                assert add(2, 3) == 5

            @pytest.mark.clause("ADD-1")
            @pytest.mark.parametrize("number", [0, 1])
            def test_nought(number):
                assert add(number, 0) == number

            def test_patience():
                while add(2, 3) != 5:
                    time.sleep(0.1)

            def test_that_fails():
                assert add(1, 1) == 3
        """,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text.replace("\n            ", "\n"), encoding="utf-8")
    shutil.copy(ROOT / "tests" / "outcomes_plugin.py", tmp_path / "tests")
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)  # of the tests around this one
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def listed(tree: Path, *entries: str) -> Path:
    path = tree / "tests" / "sums" / "mutants.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(entries), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"old": "a * b"}, "the old text stands 0 times in src/footage/sums.py"),
        ({"old": "a", "new": "c"}, "the old text stands 3 times in src/footage/sums.py"),
        ({"new": "a + b"}, "the new text is the old one"),
        ({"new": "a +"}, "what comes out is no Python"),
        ({"file": "src/footage/gone.py"}, "there is no src/footage/gone.py"),
        ({"tests": ["tests/test_sums.py::test_gone"]}, "there is no test tests/test_sums.py::test_gone"),
        ({"tests": ["tests/test_gone.py"]}, "there is no test tests/test_gone.py"),
    ],
)
def test_an_entry_that_no_longer_fits_says_why(lists: ModuleType, tree: Path, other: dict[str, Any], says: str) -> None:
    (mutant,) = lists.read(listed(tree, entry(**other)))
    (why,) = lists.misfits(mutant, tree)
    assert says in why
    (well,) = lists.read(listed(tree, entry(tests=["tests/test_sums.py::test_nought[0]", "tests/test_sums.py"])))
    assert lists.misfits(well, tree) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (entry(tests=None), "has no tests"),
        (entry(tests=[]), "has no tests"),
        (entry(new=None), "has no new"),
        (entry(test="x"), "a field test that means nothing"),
        (entry(tests="tests"), "tests is no list"),
        (entry() + entry(), "more than one “Two and two.”"),
        ("[[mutant", "mutants.toml"),
    ],
)
def test_a_list_that_cannot_be_read_says_where(lists: ModuleType, tree: Path, text: str, says: str) -> None:
    with pytest.raises(lists.BadList, match=r"sums.mutants\.toml") as refused:
        lists.read(listed(tree, text))
    assert says in str(refused.value)


def test_what_was_noticed_is_told_from_what_was_not(
    tool: ModuleType, lists: ModuleType, score: ModuleType, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run for all of it, for each of its tests is a process."""
    file = "tests/test_sums.py"
    both = [f"{file}::test_sum", f"{file}::test_nought"]
    listed(
        tree,
        entry(breaks="noticed by one of two", tests=both),
        entry(breaks="its clause not noticed by one of two", tests=both, clauses=["ADD-1"]),
        entry(breaks="its clause noticed", tests=both[:1], clauses=["ADD-1"]),
        entry(breaks="not noticed", tests=both[1:]),
        entry(breaks="not well before", tests=[f"{file}::test_that_fails"]),
        entry(breaks="claimed by none", tests=[f"{file}::test_patience"], clauses=["ADD-1"]),
        entry(breaks="no module any more", old="def add", new="import nowhere\ndef add", tests=both[:1]),
        entry(breaks="elsewhere by now", old="a * b"),
    )
    monkeypatch.setattr(tool, "ROOT", tree)
    monkeypatch.setattr(tool, "misfits", lambda mutant: lists.misfits(mutant, tree))
    monkeypatch.setattr(tool, "read_all", lambda: lists.read_all(tree))
    monkeypatch.setattr(tool, "keep", lambda seen, mutants: score.keep(seen, mutants, tree / "results"))
    seen = tool.run_all(lists.read_all(tree), 2)
    assert {one.mutant.breaks: one.outcome for one in seen} == {
        "noticed by one of two": "killed",
        "its clause not noticed by one of two": "lived",
        "its clause noticed": "killed",
        "not noticed": "lived",
        "not well before": "not told",
        "claimed by none": "not told",
        "no module any more": "not told",
        "elsewhere by now": "no longer fits",
    }
    assert tool.share(seen) == pytest.approx(2 / 8)
    blind = next(one.why for one in seen if one.mutant.breaks.startswith("its clause not"))
    assert blind == f"not noticed by {file}::test_nought[0], {file}::test_nought[1]"
    assert (tree / "src/footage/sums.py").read_text() == "def add(a, b):\n    return a + b\n", "the tree is as it was"
    assert "| sums | 8 | 2 | 2 | 4 | 0 | 25% |" in (tree / "results/mutants.md").read_text()


def test_tests_that_do_not_end_have_noticed(
    tool: ModuleType, lists: ModuleType, tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    test = "tests/test_sums.py::test_patience"
    (mutant,) = lists.read(listed(tree, entry(tests=[test])))
    copy = tool.Copy.of(tree, tmp_path_factory.mktemp("copies") / "0")
    with copy.broken(mutant):
        run = copy.run(mutant.tests, ceiling=1.0)
    assert run.timed_out
    assert tool.judged(mutant, {test: {"outcome": "passed", "seconds": 0.1, "clauses": []}}, run).outcome == "killed"


def test_the_score_keeps_what_earlier_runs_saw_and_forgets_what_reads_otherwise(
    lists: ModuleType, score: ModuleType, tree: Path
) -> None:
    first, second = lists.read(listed(tree, entry(breaks="first"), entry(breaks="second")))
    score.keep([score.Seen(first, "killed", "test"), score.Seen(second, "killed", "test")], [first, second], tree)
    (changed, _) = lists.read(listed(tree, entry(breaks="first", new="b - a"), entry(breaks="second")))
    score.keep([], [changed, second], tree)
    kept = {row["breaks"]: row["outcome"] for row in json.loads((tree / "mutants.json").read_text())["mutants"]}
    assert kept == {"first": "not run", "second": "killed"}
    assert score.killed(tree) == {second.digest}
