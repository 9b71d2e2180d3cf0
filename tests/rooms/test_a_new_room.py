"""A room is its folder and one word in ORDER: one is put into a copy of the product, and found everywhere there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent / "lost_property"
NAME = "lost_property"
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
_LEFT = shutil.ignore_patterns("__pycache__", "corpus", "overt.egg-info")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product and its tests, with the new room's two folders and its word in ORDER."""
    root = tmp_path_factory.mktemp("product")
    for name in ("src", "tests", "tools"):
        shutil.copytree(ROOT / name, root / name, ignore=_LEFT)
    shutil.copy(ROOT / "pyproject.toml", root)
    shutil.copytree(HERE / "room", root / "src" / "overt" / NAME)
    shutil.copytree(HERE / "tests", root / "tests" / NAME)
    order = root / "src" / "overt" / "rooms.py"
    text = order.read_text(encoding="utf-8")
    assert text.count('    "evidence",\n') == 1
    order.write_text(text.replace('    "evidence",\n', f'    "evidence",\n    "{NAME}",\n'), encoding="utf-8")
    return root


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))},
        "PYTHONPATH": str(root / "src"),
        "OVERT_DATA": str(root / "data"),
        **_database(os.environ),
    }
    return subprocess.run(
        [sys.executable, *command], cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def _database(environment: Mapping[str, str]) -> dict[str, str]:
    """On PostgreSQL a database of its own, beside the one of this run's tests."""
    if not (address := environment.get("OVERT_DATABASE")):
        return {}
    worker = environment.get("PYTEST_XDIST_WORKER", "")
    return {"OVERT_DATABASE": urlunsplit(urlsplit(address)._replace(path=f"/new_room{worker}"))}


def test_a_new_room_is_found_everywhere_with_no_other_file_touched(product: Path) -> None:
    """Its own tests, and those of the walk that concern it, as every role and as a stranger."""
    walk = "tests/access/test_every_route.py"
    mine = "lost_property or lost-property or in_the_table or that_is_gone or nothing_lies"
    done = run(product, *PYTEST, "-k", mine, f"tests/{NAME}/found_everywhere.py", walk)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "25 passed" in done.stdout, done.stdout[-2000:]


def test_a_route_that_the_room_does_not_tell_fails_the_walk(product: Path) -> None:
    routes = product / "tests" / NAME / "routes.py"
    told = routes.read_text(encoding="utf-8")
    routes.write_text(told.replace('    "GET api/v1/lost-property": to(HAND_IN),\n', ""), encoding="utf-8")
    done = run(product, *PYTEST, "-k", "in_the_table", "tests/access/test_every_route.py")
    routes.write_text(told, encoding="utf-8")
    assert done.returncode == 1
    assert "api/v1/lost-property" in done.stdout


def test_its_migrations_are_complete(product: Path) -> None:
    done = run(product, "-m", "django", "makemigrations", "--check", "--dry-run", "--settings", "overt.settings")
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_room_below_may_import_it(product: Path) -> None:
    below = product / "src" / "overt" / "estate" / "rounds.py"
    text = below.read_text(encoding="utf-8")
    assert (done := lint(product)).returncode == 0, done.stdout + done.stderr
    below.write_text(f"{text}\nimport overt.{NAME}.room\n", encoding="utf-8")
    done = lint(product)
    below.write_text(text, encoding="utf-8")
    assert done.returncode == 1
    assert f"overt.estate.rounds -> overt.{NAME}.room" in done.stdout


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return run(root, "-c", command, "--no-logo", "--no-cache")
