"""What the commands share: the store option, times as people give them, progress, and JSON out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from footage.catalogue import Catalogue
from footage.contract import BadSpan, CameraSource, FootageError, Gap, Hold, Span
from footage.times import utc_90k, utc_text

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


def gap_json(gap: Gap) -> dict[str, Any]:
    """A gap; `end` is null while it lasts."""
    return {
        "start": utc_text(gap.start_90k),
        "end": utc_text(gap.end_90k) if gap.end_90k is not None else None,
        "start_90k": gap.start_90k,
        "end_90k": gap.end_90k,
        "cause": gap.cause.value,
        "detail": gap.detail,
    }


def span_json(span: Span) -> dict[str, Any]:
    """A stretch that was recorded."""
    return {
        "start": utc_text(span.start_90k),
        "end": utc_text(span.end_90k),
        "start_90k": span.start_90k,
        "end_90k": span.end_90k,
        "run": span.run,
    }


def hold_json(hold: Hold) -> dict[str, Any]:
    """A hold, with who asked and why."""
    return {
        "id": str(hold.hold_id),
        "start": utc_text(hold.start_90k),
        "end": utc_text(hold.end_90k),
        "owner": hold.owner,
        "reason": hold.reason,
        "expires": utc_text(hold.expires_90k) if hold.expires_90k is not None else None,
    }


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
