"""`footage bench`: what recording costs on this machine, with simulated cameras. Needs the `picture` extra."""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from footage.bench.farm import simulated
from footage.bench.recording import Run, measure
from footage.simcam.transcode import load_film

DONE, LOST = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `footage bench`."""
    parser.description = "Record simulated cameras for a while; say what it cost and count every frame."
    parser.add_argument("--cameras", type=int, default=16, metavar="N", help="how many (16)")
    parser.add_argument("--seconds", type=float, default=60.0, metavar="S", help="how long (60)")
    parser.add_argument("--film", type=Path, metavar="FILE", help="what they see (a generated street scene, 2 Mbit/s)")
    parser.add_argument(
        "--store", type=Path, metavar="DIR", help="record here, on the disk to be tried (a temporary folder)"
    )
    parser.add_argument("--json", action="store_true", help="the result as JSON")


def run(args: argparse.Namespace) -> int:
    """0 where every frame was recorded, 1 where one was lost, repeated or changed."""
    path = args.film or _scene()
    film = load_film(path)
    with tempfile.TemporaryDirectory(dir=args.store) as folder, simulated(path, args.cameras) as farm:
        result = measure(farm, film, Path(folder), args.seconds)
    print(json.dumps(_facts(result)) if args.json else _words(result))
    count = result.count
    return LOST if count.lost or count.repeated or count.strange else DONE


def _scene() -> Path:
    from footage.simcam.scenes.films import make_scenes

    return make_scenes(count=1)[0]


def _facts(result: Run) -> dict[str, object]:
    return {
        "cameras": result.cameras,
        "seconds": result.seconds,
        "cpu_s": round(result.cost.cpu_s, 2),
        "cpu_s_per_camera_minute": round(result.cpu_s_per_camera_minute, 4),
        "pss_bytes": result.cost.pss_bytes,
        "frames": asdict(result.count),
    }


def _words(result: Run) -> str:
    count = result.count
    return (
        f"{result.cameras} cameras for {result.seconds:g} s: {result.cpu_s_per_camera_minute:.3f} CPU-s a camera and "
        f"minute, {result.pss_per_camera / 1e6:.2f} MB a camera; {count.recorded} frames recorded, {count.lost} lost, "
        f"{count.repeated} repeated, {count.strange} changed"
    )
