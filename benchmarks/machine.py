"""The machine a figure was had on: what matters for speed, nothing that names it."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path


def machine() -> dict[str, str | int]:
    """Cores, processor, memory, kernel, file system and the versions that matter."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "kernel": platform.release().split("-")[0],
        "file_system": _file_system(),
        "python": platform.python_version(),
        "ffmpeg": _version("ffmpeg", "-version"),
        "chromium": _version("chromium", "--version"),
        "load_at_start": f"{os.getloadavg()[0]:.2f}",
    }


def _processor() -> str:
    match = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return match[1].strip() if match else platform.machine()


def _file_system() -> str:
    found = subprocess.run(["stat", "-f", "-c", "%T", "."], capture_output=True, text=True, check=False)
    return found.stdout.strip()


def _version(program: str, argument: str) -> str:
    if not shutil.which(program):
        return "not installed"
    found = subprocess.run([program, argument], capture_output=True, text=True, check=False)
    match = re.search(r"\d+(\.\d+)+", found.stdout)
    return match[0] if match else "unknown"
