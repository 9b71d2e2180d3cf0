#!/usr/bin/env python3
"""Sets up a checkout: the Python parts (hash-checked), the front end, and for tests a browser and servers.

    set_up.py run     what `make demo` needs
    set_up.py test    what `make test` needs as well

Standard library alone, for it runs before anything is installed. A step whose inputs have not changed is skipped, so a
second call takes a moment. The output of a step goes to build/set-up.log and is shown when the step fails.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BUILD = ROOT / "build"
LOG = BUILD / "set-up.log"
NEWEST_NODE_NEEDED = 20
#: A camera's side that somebody else wrote, by a file that tells it is there. All of it with what it needs is 6 MB to
#: fetch where a desktop's libraries are, and 77 MB (250 MB on the disk) on a bare Debian.
CAMERA_SERVERS = {
    "gir1.2-gst-rtsp-server-1.0": "/usr/lib/*/girepository-1.0/GstRtspServer-1.0.typelib",
    "python3-gi": "/usr/lib/python3/dist-packages/gi/__init__.py",
    "gstreamer1.0-plugins-good": "/usr/lib/*/gstreamer-1.0/libgstrtp.so",
    "gstreamer1.0-plugins-bad": "/usr/lib/*/gstreamer-1.0/libgstvideoparsersbad.so",
}


class CannotSetUp(Exception):
    """A step cannot be done here; the text says what to install."""


@dataclass(frozen=True)
class Step:
    """One step: what it is called, roughly how long it takes, what it depends on, what does it."""

    name: str
    usual_seconds: int
    inputs: tuple[Path, ...]
    result: Path
    do: Callable[[], None]

    def stamp(self) -> Path:
        return BUILD / f"{self.name.replace(' ', '-')}.stamp"

    def digest(self) -> str:
        found = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
        for path in self.inputs:
            for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
                if file.is_file() and "node_modules" not in file.parts:
                    found.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
        return found.hexdigest()

    def is_done(self) -> bool:
        stamp = self.stamp()
        return self.result.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == self.digest()


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a program with its output in the log; raises CannotSetUp with the end of that output when it fails."""
    with LOG.open("ab") as log:
        log.write(("\n$ " + " ".join(map(str, command)) + "\n").encode())
        log.flush()
        start = log.tell()
        done = subprocess.run(
            [str(word) for word in command], cwd=cwd, env={**os.environ, **(env or {})}, stdout=log, stderr=log,
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
    if done.returncode:
        with LOG.open("rb") as log:
            log.seek(start)
            tail = log.read().decode(errors="replace").splitlines()[-25:]
        raise CannotSetUp(f"{command[0]} failed ({done.returncode}):\n  " + "\n  ".join(tail))


def may_install() -> bool:
    """Whether Debian packages can be installed here without asking anyone."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(*packages: str) -> None:
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-q", env=environment)
    run("apt-get", "install", "-y", "-q", "--no-install-recommends", *packages, env=environment)


def make_venv() -> None:
    if sys.version_info < (3, 11):
        raise CannotSetUp(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    try:
        import ensurepip  # noqa: F401  # Debian ships it apart
    except ImportError:
        if not may_install():
            raise CannotSetUp("Python's venv is missing: apt-get install python3-venv") from None
        install("python3-venv")
    run(sys.executable, "-m", "venv", "--clear", VENV)


def install_python(requirements: str) -> Callable[[], None]:
    def do() -> None:
        pip = [VENV / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "-q"]
        run(*pip, "--require-hashes", "-r", ROOT / "requirements" / requirements)
        run(*pip, "--no-deps", "--no-build-isolation", "-e", ROOT)

    return do


def build_front_end() -> None:
    node = shutil.which("node")
    npm = shutil.which("npm")
    if not node or not npm:
        raise CannotSetUp("Node 20 or newer with npm is needed to build the pages: apt-get install nodejs npm")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.strip().lstrip("v").split(".")[0]) < NEWEST_NODE_NEEDED:
        raise CannotSetUp(f"Node {NEWEST_NODE_NEEDED} or newer is needed; this is {version.strip()}.")
    run(npm, "ci", "--no-audit", "--no-fund", cwd=ROOT / "frontend")
    run(npm, "run", "build", cwd=ROOT / "frontend")


def install_test_parts() -> None:
    """A browser and servers from Debian where they may be installed; else the tests say what they skip."""
    missing = [] if Path("/usr/bin/chromium").exists() else ["chromium"]
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        missing.append("postgresql")
    missing += [name for name, file in CAMERA_SERVERS.items() if not list(Path("/").glob(file.lstrip("/")))]
    if missing and may_install():
        install(*missing)
    elif missing:
        print(f"Not installed, and this user may not: {', '.join(missing)}. Tests that need them are skipped by name.")


def steps(wanted: str) -> list[Step]:
    requirements = "dev.txt" if wanted == "test" else "run.txt"
    front = ROOT / "frontend"
    sources = tuple(p for p in (front / n for n in ("package-lock.json", "src", "vite.config.ts")) if p.exists())
    python_inputs = (ROOT / "requirements" / requirements, ROOT / "pyproject.toml")
    found = [
        Step("virtual environment", 8, (), VENV / "bin" / "python", make_venv),
        Step(f"Python parts {wanted}", 60, python_inputs, VENV / "bin" / "overt", install_python(requirements)),
        Step("pages", 25, sources, ROOT / "src/overt/web/static/overt/overt.css", build_front_end),
    ]
    if wanted == "test":
        found.append(Step("browser and servers", 60, (Path(__file__),), VENV, install_test_parts))
    return found


def show_progress(done: threading.Event, words: str, usual_seconds: int) -> None:
    """One line: what is being done and about how long it still takes. Without a terminal it is printed once."""
    if not sys.stdout.isatty():
        print(f"{words} (about {usual_seconds} s)", flush=True)
        return
    started = time.monotonic()
    while not done.wait(0.5):
        left = usual_seconds - int(time.monotonic() - started)
        text = f"about {left} s left" if left > 0 else f"{-left} s longer than usual"
        print(f"\r\033[K{words}, {text}", end="", flush=True)
    print("\r\033[K", end="", flush=True)


def main(wanted: str) -> int:
    BUILD.mkdir(exist_ok=True)
    todo = [step for step in steps(wanted) if not step.is_done()]
    for number, step in enumerate(todo, 1):
        left = sum(other.usual_seconds for other in todo[number - 1 :])
        done = threading.Event()
        words = f"Setting up {number} of {len(todo)}: {step.name}"
        line = threading.Thread(target=show_progress, args=(done, words, left))
        line.start()
        try:
            step.do()
        except CannotSetUp as error:
            done.set()
            line.join()
            print(f"Set-up stopped at: {step.name}.\n{error}", file=sys.stderr)
            print(f"The whole output is in {LOG.relative_to(ROOT)}.", file=sys.stderr)
            return 1
        finally:
            done.set()
            line.join()
        step.stamp().write_text(step.digest(), encoding="ascii")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"run", "test"}:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1]))
