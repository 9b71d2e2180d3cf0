"""`footage scene`: draw the street scenes into a folder, as `make demo` does."""

from __future__ import annotations

import argparse
from pathlib import Path

from footage.simcam.scenes.films import make_scenes
from footage.simcam.scenes.places import PLACES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `footage scene`."""
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to (the cache folder)")
    parser.add_argument("--count", type=int, default=len(PLACES), metavar="N", help=f"how many ({len(PLACES)})")


def run(args: argparse.Namespace) -> int:
    """Prints the files, one a line."""
    for path in make_scenes(args.out, count=args.count):
        print(path)
    return 0
