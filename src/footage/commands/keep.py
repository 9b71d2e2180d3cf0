"""`footage check`, `footage reindex` and `footage retention`: looking after what was recorded."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from footage.catalogue import Catalogue
from footage.commands.common import add_store, print_json, progress
from footage.recorder.pressure import Forecast, look, look_ahead
from footage.recorder.trust import ClockTrust, read_clocks
from footage.times import utc_text
from footage.verify.check import Level, check
from footage.verify.reindex import let_go_of_doubt, reindex


def add_check_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `footage check`."""
    add_store(parser)
    parser.add_argument("--level", type=Level, choices=list(Level), default=Level.SIZE, help="how closely (size)")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run_check(args: argparse.Namespace) -> int:
    """0 where the disk holds what the journal says, 1 where it does not."""
    with Catalogue(args.store, readonly=True) as catalogue, progress("check") as tell:
        report = check(catalogue, args.level, tell)
    if args.json:
        print_json(
            {
                "level": report.level.value,
                "segments": report.segments,
                "bytes": report.bytes,
                "unfinished": report.unfinished,
                "ok": not report.problems,
                "problems": [
                    {
                        "finding": problem.finding.value,
                        "path": problem.path,
                        "camera": str(problem.camera_id) if problem.camera_id else None,
                        "detail": problem.detail,
                    }
                    for problem in report.problems
                ],
            }
        )
    else:
        for problem in report.problems:
            print(f"{problem.finding.value}: {problem.path}: {problem.detail}")
        print(
            f"{report.segments} segments, {report.bytes} bytes, {len(report.problems)} problems ({report.level.value})"
        )
    return 1 if report.problems else 0


def add_reindex_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `footage reindex`."""
    add_store(parser)
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="the store's key, which proves its holds")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run_reindex(args: argparse.Namespace) -> int:
    """0 where every file was whole, 1 where some were damaged (they are kept) or gone, or the old journal was."""
    key = args.key_file.read_bytes().strip() if args.key_file else None
    with progress("reindex") as tell:
        rebuilt = reindex(args.store, tell, key=key)
    if args.json:
        print_json(asdict(rebuilt))
    else:
        for path in rebuilt.damaged:
            print(f"damaged: {path}")
        for path in rebuilt.missing:
            print(f"missing: {path}")
        kept = ", ".join(rebuilt.kept_from_old) or "nothing"
        print(f"{rebuilt.segments} segments of {rebuilt.cameras} cameras, {rebuilt.bytes} bytes")
        print(f"from the old journal: {kept}")
        if rebuilt.lost:
            print(f"not readable there: {', '.join(rebuilt.lost)}")
        if rebuilt.all_held:
            print("What was held is not known. All footage is held until the scheme puts its holds again, or until")
            print("`footage retention --trust-holds` says that there are none but those that are known now.")
    return 1 if rebuilt.damaged or rebuilt.missing or rebuilt.lost else 0


def add_retention_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `footage retention`."""
    add_store(parser)
    parser.add_argument("--trust-clock", action="store_true", help="the server's clock is right although it jumped")
    parser.add_argument("--trust-holds", action="store_true", help="let go what a reindex kept for want of its holds")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run_retention(args: argparse.Namespace) -> int:
    """0 where the promise holds, 1 where something puts it at risk."""
    with Catalogue(args.store, readonly=not (args.trust_clock or args.trust_holds)) as catalogue:
        if args.trust_holds:
            let_go_of_doubt(catalogue)
        trust, clocks, room = ClockTrust(catalogue), read_clocks(), look(args.store)
        if args.trust_clock:
            trust.believe(clocks)
        cameras = catalogue.known_cameras()
        left = look_ahead(catalogue, room, clocks.wall_90k)
        oldest = catalogue.oldest_start_90k()
        facts = {
            "oldest": utc_text(oldest) if oldest is not None else None,
            "held_bytes": catalogue.held_bytes(),
            "free_bytes": room.free_bytes,
            "reserve_bytes": room.reserve_bytes,
            "disk_days_left": left.days,
            "disk_forecast_known": left.known,
            "clock_alarm": trust.alarm(clocks) or None,
            "cameras": [{"name": camera.name, "retention_days": camera.retention_days} for camera in cameras],
        }
    if args.json:
        print_json(facts)
    else:
        print(f"oldest footage: {facts['oldest'] or 'none'}")
        print(
            f"free: {room.free_bytes} bytes, of which {room.reserve_bytes} are kept free; held: {facts['held_bytes']}"
        )
        print(_forecast_words(left))
        if facts["clock_alarm"]:
            print(facts["clock_alarm"])
    return 1 if left.days is not None or facts["clock_alarm"] else 0


def _forecast_words(left: Forecast) -> str:
    if not left.known:
        return "whether the disk is large enough is not known before an hour was recorded"
    if left.days is None:
        return "the disk is large enough for what was promised"
    return f"the disk is full in {left.words}"
