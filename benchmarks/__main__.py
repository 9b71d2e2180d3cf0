"""`python -m benchmarks [NAME...] [--full]`: measure, print tables, keep them in benchmarks/results/."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path

from benchmarks.report import write
from benchmarks.size import Size

NAMES = ("recording", "regular", "frames", "many", "live", "review", "timeline", "sealing", "logbook", "crowd")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which ({', '.join(NAMES)}); all without any")
    parser.add_argument("--full", action="store_true", help="at the size the figures are stated for")
    parser.add_argument("--scratch", type=Path, default=Path("benchmarks/out"), help="folder on the disk to measure")
    args = parser.parse_args()
    unknown = set(args.names) - set(NAMES)
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    size = Size(args.full, args.scratch)
    missed = 0
    for name in args.names or NAMES:
        missed += _one(name, size)
    return 1 if missed else 0


def _one(name: str, size: Size) -> int:
    """Run one; a benchmark whose parts are not installed is named and passed over. 1 where a figure was missed."""
    module = importlib.import_module(f"benchmarks.{name}")
    print(f"{module.TITLE} ({module.EXPECT}) ...", file=sys.stderr, flush=True)
    started = time.monotonic()
    result = module.run(size)
    print(write(result, full=size.full))
    print(f"took {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return int(any(figure.reached is False for figure in result.figures))


if __name__ == "__main__":
    raise SystemExit(main())
