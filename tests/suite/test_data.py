"""The tests' own data folder: nobody's installation is read, no checkout gets one, and it is gone after the run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOLD = """
def test_where():
    from django.conf import settings
    print("kept in", settings.DATA)
    assert (settings.SECRETS / "django.key").exists()
"""


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_run_keeps_its_secrets_in_a_folder_of_its_own_that_ends_with_it(tmp_path: Path, workers: str) -> None:
    somebodys = tmp_path / "somebodys"
    (tmp_path / "test_it.py").write_text(TOLD)
    words = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rP", "-n", workers, *words, "test_it.py"],
        cwd=tmp_path,
        env={**os.environ, "OVERT_DATA": str(somebodys), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (told,) = [line for line in done.stdout.splitlines() if line.startswith("kept in")]
    assert Path(told.removeprefix("kept in ")).name.startswith("ov-")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("ov-")] == []
    assert not somebodys.exists()
    assert not (tmp_path / "data").exists()
