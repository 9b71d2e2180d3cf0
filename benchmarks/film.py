"""What the benchmark cameras see: one generated street scene, 720p, 25 pictures a second, 2 Mbit/s."""

from __future__ import annotations

from pathlib import Path

from footage.simcam.film import Film
from footage.simcam.scenes.films import make_scenes
from footage.simcam.transcode import load_film


def bench_film() -> tuple[Path, Film]:
    path = make_scenes(count=1)[0]
    return path, load_film(path)
