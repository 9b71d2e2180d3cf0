"""What the commands share: the store option, times as people give them, progress, and JSON out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tqdm import tqdm

from footage.catalogue import Catalogue
from footage.contract import BadSpan, CameraSource, FootageError
from footage.times import utc_90k

Tell = Callable[[int, int], None]


class NoSuchCamera(FootageError):
    """No camera of that name was ever recorded here."""

    code = "no-such-camera"


def add_store(parser: argparse.ArgumentParser) -> None:
    """`--store DIR`."""
    parser.add_argument("--store", type=Path, required=True, metavar="DIR", help="the folder that holds the footage")


def find_camera(catalogue: Catalogue, name: str) -> CameraSource:
    """By name or UUID. Raises NoSuchCamera with the names there are."""
    camera = catalogue.find_camera(name)
    if camera is None:
        known = ", ".join(sorted(known.name for known in catalogue.known_cameras() if known.name)) or "none"
        raise NoSuchCamera(f"no camera is called {name!r}; there are: {known}")
    return camera


def parse_time(text: str) -> int:
    """An RFC 3339 time with its offset, as a 90 kHz count. Raises BadSpan."""
    try:
        return utc_90k(datetime.fromisoformat(text))
    except ValueError:
        raise BadSpan(f"{text!r} is no time with an offset, such as 2026-11-22T02:14:07.360Z") from None


def print_json(value: object) -> None:
    """On the standard output, indented for people, one document."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


@contextmanager
def progress(what: str) -> Iterator[Tell]:
    """A line with time left on a terminal's standard error; nothing elsewhere."""
    with tqdm(desc=what, unit="B", unit_scale=True, disable=not sys.stderr.isatty(), leave=False) as bar:

        def tell(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield tell
