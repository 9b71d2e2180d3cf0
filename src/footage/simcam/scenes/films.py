"""Draws the scenes and encodes them, once, into a cache folder: 720p, 25 pictures a second, about 2 Mbit/s."""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty
from typing import TypeAlias

import numpy as np
from tqdm import tqdm

from footage.simcam.captioned import DARK_ROWS, Caption, CaptionedFilm
from footage.simcam.film import FilmError
from footage.simcam.scenes.motion import LOOP_S, Scene
from footage.simcam.scenes.places import PLACES
from footage.simcam.scenes.sprites import Pixels, lay
from footage.simcam.strip import MB
from footage.simcam.transcode import cache_folder

FPS = 25
FRAMES = round(LOOP_S * FPS)
BITRATE_BPS = 1_800_000  # and 0.2 Mbit/s for the caption row
DARK = (2, 2, 2)  # as video levels have the caption's ground
MAKE = "scenes-4"  # part of the file names: raise it when the drawings change
Told: TypeAlias = "Queue[tuple[str, int]]"


def make_scenes(cache: Path | None = None, *, count: int = len(PLACES), quiet: bool = False) -> list[Path]:
    """Films of the first `count` places (they repeat beyond six), drawn where they are not in the cache yet.

    Shows a progress line with the time left on stderr. Raises FilmError where a film could not be made.
    """
    folder = cache or cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    names = [list(PLACES)[number % len(PLACES)] for number in range(count)]
    files = {name: folder / f"{name}.{MAKE}.mp4" for name in names}
    _draw_all({name: path for name, path in files.items() if not path.is_file()}, quiet=quiet)
    return [files[name] for name in names]


def _draw_all(wanted: dict[str, Path], *, quiet: bool) -> None:
    """One scene a process, as many at once as there are cores."""
    context = multiprocessing.get_context("spawn")
    told: Told = context.Queue()
    waiting = [context.Process(target=_draw_one, args=(name, path, told)) for name, path in wanted.items()]
    running: list[multiprocessing.process.BaseProcess] = []
    shape = "drawing street scenes {percentage:3.0f} % |{bar:30}| {remaining} left"
    with tqdm(total=len(wanted) * FRAMES, bar_format=shape, disable=quiet or not wanted) as bar:
        try:
            while waiting or running:
                while waiting and len(running) < (os.cpu_count() or 1):
                    running.append(waiting.pop(0))  # the busiest places come first, so that no core waits at the end
                    running[-1].start()
                _follow(told, bar)
                running = [process for process in running if process.is_alive()]
        finally:
            for process in running:
                process.terminate()
    missing = [name for name, path in wanted.items() if not path.is_file()]
    if missing:
        raise FilmError(f"could not draw {', '.join(missing)}")


def _follow(told: Told, bar: tqdm) -> None:  # type: ignore[type-arg]  # tqdm is generic in its stubs only
    try:
        while True:
            bar.update(told.get(timeout=0.2)[1])
    except Empty:
        pass


def _draw_one(name: str, path: Path, told: Told) -> None:
    """In a process of its own: build the scene, draw and encode each frame, put the file in its place."""
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        scene = PLACES[name]()
        encode(scene, part, told)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def encode(scene: Scene, path: Path, told: Told | None = None) -> None:
    """Draw the loop's frames and write the film; `told` hears of every tenth."""
    import av

    height, width = scene.base.shape[:2]
    film = CaptionedFilm(path, Caption(scene.label, scene.number), FRAMES, width, height, FPS, BITRATE_BPS)
    for number in range(FRAMES):
        picture = draw_frame(scene, number / FPS)
        picture[:DARK_ROWS] = DARK
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
        _touch_up(frame, scene, number)
        film.add(frame)
        if told and number % 10 == 9:
            told.put((scene.name, 10))
    film.finish()


def draw_frame(scene: Scene, seconds: float) -> Pixels:
    """One moment of a scene, far things first."""
    frame = scene.base.copy()
    sprites = [sprite for mover in scene.movers for sprite in mover.sprites(seconds)]
    for sprite in sorted(sprites, key=lambda sprite: -sprite.depth):
        lay(frame, scene.depth, sprite)
    return frame


def _touch_up(frame: object, scene: Scene, number: int) -> None:
    """Light on water and the sensor's grain, on the luma below the caption; infrared has no colour."""
    luma, *chroma = frame.planes  # type: ignore[attr-defined]  # an av.VideoFrame; av is imported late
    pixels = np.frombuffer(luma, np.uint8).reshape(luma.height, luma.line_size)
    grain = _grain(scene.noise)
    if scene.ripple:
        scene.ripple(pixels[: luma.height, : luma.width], number / FPS)
    shift = (number * 7919) % grain.shape[0]
    part = pixels[MB : luma.height, : luma.width]  # nothing flickers next to the caption
    np.add(part, np.roll(grain, shift, 0)[: part.shape[0], : part.shape[1]], out=part, casting="unsafe")
    for plane in chroma if scene.grey else ():
        np.frombuffer(plane, np.uint8)[:] = 128


_GRAINS: dict[float, Pixels] = {}


def _grain(spread: float) -> Pixels:
    """Noise that never takes a pixel past black or white, because pictures are kept within video levels."""
    if spread not in _GRAINS:
        rng = np.random.default_rng(5)
        noise = np.clip(rng.normal(0, spread, (720, 1280)), -12, 12)
        _GRAINS[spread] = noise.round().astype(np.int8).view(np.uint8)
    return _GRAINS[spread]
