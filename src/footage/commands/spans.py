"""`footage spans`: what was recorded of a camera, what was not and why, and what is held."""

from __future__ import annotations

import argparse

from footage.catalogue import Catalogue
from footage.commands.common import add_store, find_camera, parse_time, print_json
from footage.contract import BadSpan, Timeline
from footage.times import utc_text

_FIRST, _LAST = 0, 1 << 52


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `footage spans`."""
    add_store(parser)
    parser.add_argument("name", metavar="NAME", help="the camera's name or UUID")
    parser.add_argument("--start", metavar="TIME", help="from here on (RFC 3339 with offset)")
    parser.add_argument("--end", metavar="TIME", help="up to here")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    """0 with footage, 3 without any."""
    start = parse_time(args.start) if args.start else _FIRST
    end = parse_time(args.end) if args.end else _LAST
    if end <= start:
        raise BadSpan("--end must be after --start")
    with Catalogue(args.store, readonly=True) as catalogue:
        camera = find_camera(catalogue, args.name)
        timeline = catalogue.timeline(camera.camera_id, start, end)
    if args.json:
        print_json(
            {
                "camera": str(camera.camera_id),
                "name": camera.name,
                "spans": [span.as_json() for span in timeline.spans],
                "gaps": [gap.as_json() for gap in timeline.gaps],
                "holds": [hold.as_json() for hold in timeline.holds],
            }
        )
    else:
        _print_lines(timeline)
    return 0 if timeline.spans else 3


def _print_lines(timeline: Timeline) -> None:
    lines = [(span.start_90k, span.end_90k, "recorded", f"run {span.run}") for span in timeline.spans]
    lines += [(gap.start_90k, gap.end_90k or 0, gap.cause.value, gap.detail) for gap in timeline.gaps]
    for start, end, what, detail in sorted(lines):
        until = utc_text(end) if end else "now".ljust(24)
        print(f"{utc_text(start)}  {until}  {what:<14} {detail}".rstrip())
    for hold in timeline.holds:
        print(f"{utc_text(hold.start_90k)}  {utc_text(hold.end_90k)}  held           {hold.owner}: {hold.reason}")
