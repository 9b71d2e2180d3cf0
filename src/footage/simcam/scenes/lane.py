"""Quarry Lane: a narrow lane behind the shops, by night, in the camera's own infrared light."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from footage.simcam.scenes import ground, textures
from footage.simcam.scenes.build import BRICK, LOOKS, RENDER, finish, light_at, walkers
from footage.simcam.scenes.motion import Mover, Path, Scene, Stander, Traffic
from footage.simcam.scenes.people import Artist
from footage.simcam.scenes.space import Array, View
from footage.simcam.scenes.stage import Lamp, Stage
from footage.simcam.scenes.vehicles import HATCH, Paint


def quarry_lane() -> Scene:
    """Grey, grainy, bright near the camera; a fox would be seen."""
    view = View(x=1.6, y=0.0, z=4.4, yaw=-6, pitch=17, field=72)
    stage = Stage(view)
    stage.sky((0.05, 0.05, 0.06), (0.10, 0.10, 0.11))

    def floor(x: Array, y: Array) -> Array:
        lane = ground.asphalt(x, y, (0.44, 0.44, 0.44), 71)
        gutter = ground.setts(x, y, 73) * 0.9
        colours = np.where((np.abs(x + 0.2) < 0.35)[..., None], gutter, lane)
        colours = np.where((np.abs(x) > 2.9)[..., None], ground.slabs(x, y, 0.5), colours)
        cover = np.hypot((x - 1.0), (y - 9.5) * 1.0) < 0.34
        return ground.mix(colours, (0.24, 0.24, 0.24), cover)

    stage.ground(floor, haze=(0.10, 0.10, 0.11), haze_at=90)
    for number, x in enumerate((-9, 1)):
        front = textures.house(10, 8, BRICK, 860 + number, night=True)
        stage.quad([(x, 56, 8), (x + 10, 56, 8), (x + 10, 56, 0), (x, 56, 0)], front)
    for y in (48, 40, 32, 24, 16, 8, 3):
        left = textures.wall(8, 6.4, RENDER if y % 16 else BRICK, 900 + y, bricks=y % 16 == 0)
        draw = ImageDraw.Draw(left)
        _back_door(draw, left.width, left.height, y)
        end = 8 if y == 3 else y + 8
        stage.quad([(-4.0, y, 6.4), (-4.0, end, 6.4), (-4.0, end, 0), (-4.0, y, 0)], left)
    for y in (44, 36, 28, 20, 12, 4, 2):
        right = textures.wall(8, 2.6 if y < 30 else 5.6, BRICK, 950 + y)
        h = 2.6 if y < 30 else 5.6
        end = 4 if y == 2 else y + 8
        stage.quad([(4.0, end, h), (4.0, y, h), (4.0, y, 0), (4.0, end, 0)], right)
    for at, away in ((6.4, 18), (6.8, 27)):
        stage.upright(at, away, 5.0, 6.6, textures.tree(300 + away, season="dark"))
    for number, at in enumerate((23.0, 21.6, 13.2)):
        stage.shadow(-3.3, at, 0.5, 0.5)
        stage.upright(-3.3, at, 0.75, 1.2, _wheelie(number))
    lamps = [Lamp(1.6, 1.0, 4.4, (1.3, 1.3, 1.3), 1.45, 11.5, 0.0), Lamp(3.4, 40, 5.6, (1.0, 1.0, 1.0), 1.6, 6.0, 0.9),
             Lamp(-3.6, 18.5, 3.0, (1.0, 1.0, 1.0), 0.5, 2.0, 0.5)]  # fmt: skip
    ambient = (0.20, 0.20, 0.20)
    base = finish(stage, lamps=lamps, ambient=ambient, vignette=0.34)
    light = light_at(lamps, ambient)
    artist = Artist(view, shade=1.15)
    people: list[Mover] = [
        *walkers(artist, [(6, [(-1.6, 54), (-1.2, 2)], 0.15), (4, [(2.2, 3), (1.6, 54)], 0.6)], light=light)
    ]
    people.append(Stander(artist, LOOKS[9], -3.1, 18.2, 0.4, 0.8, light))
    car = Traffic(
        artist,
        HATCH,
        Paint((140, 140, 140), lights=True),
        Path([(0.9, 140), (0.9, -40)]),
        0.35,
        pace=9.0,
        ambient=0.45,
        light=light,
    )
    return Scene("quarry-lane", "R2", 902, base, stage.depth, [*people, car], noise=4.2, grey=True)


def _back_door(draw: ImageDraw.ImageDraw, w: int, h: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = int(rng.integers(40, w - 120))
    draw.rectangle((x, h - 94, x + 44, h), fill=(72, 74, 76))
    draw.rectangle((x + 4, h - 90, x + 40, h - 3), fill=(96, 98, 100))
    textures.window(draw, (x + 90, h - 120, x + 140, h - 66), lit=None, seed=seed)
    textures.window(
        draw, (x + 20, 40, x + 66, 110), lit=(230, 226, 214) if rng.random() < 0.35 else None, seed=seed + 1
    )
    draw.rectangle((w - 8, 0, w - 2, h), fill=(60, 60, 60))
    for y in range(30, h, 14):
        draw.line([(x + 70, y), (x + 78, y)], fill=(80, 80, 80), width=2)


def _wheelie(seed: int) -> Image.Image:
    shade = (70 + seed * 30,) * 3
    image = Image.new("RGBA", (60, 96), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.polygon([(4, 16), (56, 16), (50, 92), (10, 92)], fill=(*shade, 255))
    draw.rounded_rectangle((0, 4, 60, 18), 4, fill=(shade[0] + 20, shade[0] + 20, shade[0] + 20, 255))
    draw.ellipse((8, 82, 22, 96), fill=(20, 20, 20, 255))
    return image
