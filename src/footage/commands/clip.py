"""`footage clip`: cut a span of a camera into a file, whole fragments, bytes as recorded."""

from __future__ import annotations

import argparse
import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from footage.catalogue import Catalogue
from footage.commands.common import add_store, find_camera, parse_time, print_json, progress
from footage.contract import BadSpan, ClipFile, ClipReceipt, ClipRequest
from footage.playback.archive import Archive
from footage.playback.clips import cut_clip
from footage.times import utc_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `footage clip`."""
    add_store(parser)
    parser.add_argument("name", metavar="NAME", help="the camera's name or UUID")
    parser.add_argument("start", metavar="START", help="RFC 3339 with offset, e.g. 2026-11-22T02:14:00Z")
    parser.add_argument("end", metavar="END")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the MP4 to make; it must not exist")
    parser.add_argument("--json", action="store_true", help="say what was cut as JSON")


def run(args: argparse.Namespace) -> int:
    """0 cut, 2 a span or file that cannot be, 3 no footage in it. What is still being written is not taken."""
    start, end = parse_time(args.start), parse_time(args.end)
    out: Path = args.out
    if out.exists():
        raise BadSpan(f"{out} exists already")
    if not out.absolute().parent.is_dir():
        raise BadSpan(f"{out.absolute().parent} is no folder")
    with Catalogue(args.store, readonly=True) as catalogue:
        camera = find_camera(catalogue, args.name)
        request = ClipRequest(camera.camera_id, start, end)
        # Cut beside the result, so that moving it into place copies nothing and a failure leaves nothing.
        with TemporaryDirectory(dir=out.absolute().parent, prefix=".clip-") as folder, progress("clip") as tell:
            receipt = cut_clip(Archive(args.store, catalogue), request, Path(folder), tell)
            receipt = replace(receipt, files=tuple(_place(receipt, out)))
    if args.json:
        print_json(_receipt_json(receipt))
    else:
        for file in receipt.files:
            print(f"{file.path}: {utc_text(file.start_90k)} to {utc_text(file.end_90k)}, {file.frames} pictures")
        for gap in receipt.gaps:
            until = utc_text(gap.end_90k) if gap.end_90k is not None else "now"
            print(f"missing: {utc_text(gap.start_90k)} to {until}: {gap.cause.value} {gap.detail}".rstrip())
    return 0


def _place(receipt: ClipReceipt, out: Path) -> list[ClipFile]:
    """Move the files to their names: FILE alone, or FILE-1, FILE-2 where the parameter sets changed."""
    placed = []
    for number, file in enumerate(receipt.files, 1):
        target = out if len(receipt.files) == 1 else out.with_name(f"{out.stem}-{number}{out.suffix}")
        shutil.move(file.path, target)
        placed.append(replace(file, path=target))
    return placed


def _receipt_json(receipt: ClipReceipt) -> dict[str, Any]:
    return {
        **receipt.as_json(),
        "sources": [{"path": source.path, "sha256": source.sha256} for source in receipt.sources],
    }
