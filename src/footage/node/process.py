"""What the node's process costs, from /proc."""

from __future__ import annotations

import os
import resource
from pathlib import Path
from typing import Any


def process_facts() -> dict[str, Any]:
    """PSS in bytes (None where the kernel does not say), CPU seconds and threads of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "pid": os.getpid(),
        "pss_bytes": _pss(),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 3),
        "open_files": len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else None,
    }


def _pss() -> int | None:
    try:
        for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None
