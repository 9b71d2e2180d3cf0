"""The mill car park: rows of cars under a dull sky, one coming in, one going out, people between them."""

from __future__ import annotations

from math import pi

import numpy as np
from PIL import Image, ImageDraw

from footage.simcam.scenes import ground, textures
from footage.simcam.scenes.build import BRICK, HIGH_VIS, LOOKS, finish, park, walkers
from footage.simcam.scenes.motion import Mover, Path, Scene, Stander, Traffic, Walker
from footage.simcam.scenes.noise import clouds, sample
from footage.simcam.scenes.people import Artist
from footage.simcam.scenes.space import Array, View
from footage.simcam.scenes.stage import Stage
from footage.simcam.scenes.vehicles import HATCH, SALOON, VAN, Model, Paint

ROWS = ((-9.0, 0.0), (4.2, 0.0), (9.4, pi), (21.0, pi))  # x of a row's middle, the way its cars look
PAINTS = [
    (182, 184, 186),
    (46, 50, 58),
    (120, 34, 36),
    (36, 64, 108),
    (206, 206, 204),
    (78, 82, 84),
    (62, 84, 66),
    (150, 140, 120),
    (24, 26, 30),
]


def _mill(seed: int) -> Image.Image:
    """A brick mill of four floors, 40 x 15 metres."""
    front = textures.wall(40, 15, BRICK, seed)
    draw = ImageDraw.Draw(front)
    w = front.width
    for floor in range(4):
        for column in range(16):
            x, y = w * (column + 0.5) / 16, 60 + floor * 155
            textures.window(draw, (int(x) - 26, y, int(x) + 26, y + 92), lit=None, seed=seed + floor * 31 + column)
    draw.rectangle((0, 0, w, 14), fill=(96, 64, 52))
    draw.text((w / 2, 34), "ALBION  MILL", font=textures.font(40), fill=(222, 214, 196), anchor="mm")
    return front


def mill_car_park() -> Scene:
    view = View(x=-1.5, y=-2.0, z=7.0, yaw=6, pitch=16.5, field=70)
    stage = Stage(view)
    stage.sky((0.70, 0.73, 0.76), (0.82, 0.83, 0.84))

    def floor(x: Array, y: Array) -> Array:
        tar = ground.asphalt(x, y, (0.40, 0.405, 0.41), 13)
        for row, _ in ROWS:
            inside = (np.abs(x - row) < 2.5) & (y > 6) & (y < 46)
            tar = ground.mix(
                tar, (0.86, 0.86, 0.82), inside * ground.line((y - 6) % 2.6 - 1.3, 0.1) * ground.worn(x, y)
            )
        for at in (-2.4,):
            shaft = ground.line(x - at, 0.14) & (np.floor(y / 1.2) % 9 < 2)
            tip = (np.abs(x - at) < 0.5 * (1 - (y / 1.2 % 9 - 2))) & (np.floor(y / 1.2) % 9 == 2)
            tar = ground.mix(tar, (0.86, 0.86, 0.82), (shaft | tip) * ground.worn(x, y))
        wet = np.clip(sample(clouds(61, 1.9), x, y, 5) - 0.9, 0, 1)
        tar = ground.mix(tar, (0.55, 0.57, 0.60), wet * 0.8)
        edge = (x > 24.5) | (x < -12.2) | (y > 49)
        return np.asarray(np.where(edge[..., None], ground.grass(x, y), tar), np.float32)

    stage.ground(floor, haze=(0.82, 0.83, 0.84))
    stage.quad([(-22, 62, 15), (18, 62, 15), (18, 62, 0), (-22, 62, 0)], _mill(801))
    for number in range(7):
        stage.upright(24 + number * 5, 66 - number, 8, 9, textures.tree(200 + number), shade=0.88)
        stage.upright(-28 - number * 4, 60 - number * 5, 7, 8, textures.tree(220 + number), shade=0.88)
    for y in (44, 20):
        stage.shadow(6.8, y, 0.5, 0.4)
        stage.upright(6.8, y, 1.7, 7.5, textures.lamp_head())
    park(stage, _parked(), ambient=0.96)
    stage.upright(-4.4, 15.5, 0.9, 1.9, _ticket_machine())
    artist = Artist(view)
    cars: list[Mover] = [
        Traffic(
            artist,
            HATCH,
            Paint((168, 46, 44)),
            Path([(-2.6, -16), (-2.6, 48.5), (14.5, 49.5), (15.2, 40), (15.2, -16)]),
            0.2,
            pace=7.5,
        ),
        Traffic(
            artist,
            SALOON,
            Paint((70, 92, 116)),
            Path([(-2.6, -16), (-2.6, 48.5), (14.5, 49.5), (15.2, 40), (15.2, -16)]),
            0.72,
            pace=7.5,
        ),
    ]
    people: list[Mover] = [*walkers(artist, [
        (1, [(0.4, 50), (0.2, 26), (0.4, 3)], 0.2), (0, [(-5.2, 4), (-5.4, 30), (-5.0, 52)], 0.55),
        (5, [(12.6, 52), (12.4, 8)], 0.8), (2, [(-5.6, 50), (-5.2, 5)], 0.1), (8, [(17.6, 10), (17.4, 52)], 0.4),
    ]), Walker(artist, HIGH_VIS, Path([(0.9, 5), (1.0, 34), (0.6, 52)]), 0.45)]  # fmt: skip
    waiting = [Stander(artist, LOOKS[3], -4.2, 14.6, 1.5, 0.3), Stander(artist, LOOKS[9], 1.0, 17.0, 0.1, 1.9)]
    return Scene("mill-car-park", "202", 202, finish(stage), stage.depth, [*cars, *people, *waiting])


def _parked() -> list[tuple[Model, Paint, float, float, float]]:
    rng = np.random.default_rng(42)
    cars: list[tuple[Model, Paint, float, float, float]] = []
    for row, heading in ROWS:
        for place in range(15):
            if rng.random() < 0.26:
                continue
            model = (HATCH, HATCH, SALOON, VAN)[int(rng.choice(4, p=(0.4, 0.2, 0.33, 0.07)))]
            paint = Paint(PAINTS[int(rng.integers(0, len(PAINTS)))])
            way = heading if rng.random() < 0.8 else heading + pi
            cars.append((model, paint, row + float(rng.normal(0, 0.12)), 7.3 + 1.3 + place * 2.6 - 1.3, way))
    return cars


def _ticket_machine() -> Image.Image:
    image = Image.new("RGBA", (60, 130), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rectangle((14, 20, 46, 130), fill=(44, 66, 110, 255))
    draw.rectangle((8, 0, 52, 20), fill=(230, 230, 226, 255))
    draw.text((30, 10), "P", font=textures.font(18), fill=(30, 50, 110, 255), anchor="mm")
    draw.rectangle((20, 34, 40, 52), fill=(180, 190, 180, 255))
    return image
