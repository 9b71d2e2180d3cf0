"""A room's island is a script in frontend/src: one is put beside the others, and built with no other file touched."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
VITE = FRONTEND / "node_modules" / ".bin" / "vite"


@pytest.mark.skipif(not VITE.exists(), reason="the front end's packages are not installed (npm ci in frontend/)")
def test_a_new_island_is_built_under_its_own_name(tmp_path: Path) -> None:
    copy = tmp_path / "frontend"
    shutil.copytree(FRONTEND, copy, ignore=shutil.ignore_patterns("node_modules"))
    (copy / "node_modules").symlink_to(FRONTEND / "node_modules")
    (copy / "src" / "lost_property.ts").write_text('document.title = "Found: a red umbrella";\n', encoding="utf-8")

    done = subprocess.run([VITE, "build"], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

    built = tmp_path / "src" / "overt" / "web" / "static" / "overt"
    assert "Found: a red umbrella" in (built / "lost_property.js").read_text(encoding="utf-8")
    assert {"page.js", "watch.js", "review.js", "overt.css", "instrument.css"} <= {
        path.name for path in built.iterdir()
    }
    assert not (built / "node-fs.js").exists(), "a declaration of types is no script"
