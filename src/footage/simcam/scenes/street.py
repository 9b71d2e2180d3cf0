"""The high street, looking north by day and south by night."""

from __future__ import annotations

from math import pi

import numpy as np

from footage.simcam.scenes import ground, textures
from footage.simcam.scenes.build import (
    BRICK,
    BUFF,
    LOOKS,
    PAINTED,
    RENDER,
    STONE,
    finish,
    fronts,
    light_at,
    park,
    roofline_shadow,
    walkers,
)  # fmt: skip
from footage.simcam.scenes.motion import Mover, Path, Scene, Stander, Traffic
from footage.simcam.scenes.people import Artist
from footage.simcam.scenes.space import Array, View
from footage.simcam.scenes.stage import Lamp, Stage
from footage.simcam.scenes.vehicles import HATCH, SALOON, VAN, Paint

#: Traffic keeps to the left, and goes round the cars that are parked on the right.
AWAY = Path([(-1.7, -50), (-1.7, 130)])
TOWARDS = Path([(0.7, 130), (0.7, 27), (1.6, 14), (1.6, -50)])

NORTH_LEFT = [
    (7.5, 8.4, BRICK, "BAKERY", (52, 84, 74)), (8.0, 9.0, RENDER, "CHEMIST", (34, 66, 104)),
    (6.5, 8.2, BUFF, "BOOKS", (96, 38, 40)), (9.0, 9.6, BRICK, "HARDWARE", (62, 62, 66)),
    (8.0, 8.6, PAINTED, "CAFE", (128, 86, 46)), (9.0, 9.2, STONE, "BANK", (40, 44, 60)),
    (8.0, 8.8, BRICK, "SHOES", (70, 48, 80)), (9.0, 9.4, RENDER, "", BRICK), (9.0, 8.4, BUFF, "", BRICK),
]  # fmt: skip
NORTH_RIGHT = [
    (8.0, 8.8, STONE, "GREENGROCER", (46, 92, 52)), (7.0, 8.2, BRICK, "BUTCHER", (122, 36, 36)),
    (8.5, 9.4, RENDER, "OPTICIAN", (36, 84, 96)), (7.5, 8.4, BUFF, "BARBER", (38, 48, 86)),
    (9.0, 9.0, BRICK, "FURNITURE", (88, 66, 40)), (8.0, 8.6, PAINTED, "FLOWERS", (108, 52, 84)),
    (9.0, 9.2, BRICK, "", BRICK), (9.0, 8.6, STONE, "", BRICK), (9.0, 9.0, BUFF, "", BRICK),
]  # fmt: skip


def high_street_north() -> Scene:
    """By day, looking up the street: shops, a zebra crossing, cars both ways."""
    view = View(x=4.6, y=0.0, z=5.2, yaw=-11, pitch=15.5, field=66)
    stage = Stage(view)
    stage.sky((0.62, 0.72, 0.84), (0.86, 0.88, 0.90))

    def floor(x: Array, y: Array) -> Array:
        colours = ground.street(x, y, zebra=15.0)
        wall = np.exp(-np.clip(6.6 - np.abs(x), 0, 9) * 1.5) * 0.3
        shaded = roofline_shadow(x, y, 6.6)
        return np.asarray(
            colours * (1.06 - wall)[..., None] * (1 - shaded[..., None] * np.array((0.42, 0.38, 0.32), np.float32))
        )

    stage.ground(floor)
    stage.upright(-3, 150, 14, 30, textures.wall(8, 16, (150, 146, 140), 77, bricks=False), shade=1.08)
    for number, x in enumerate((-22, -12, 0, 11, 21)):
        front = textures.house(10, 8.5, (BUFF, BRICK, STONE)[number % 3], 300 + number, bricks=number != 2)
        stage.quad(
            [(x - 5, 88, 8.5 + number % 2), (x + 5, 88, 8.5 + number % 2), (x + 5, 88, 0), (x - 5, 88, 0)],
            front,
            shade=0.98,
        )
    fronts(stage, -1, 6.6, NORTH_LEFT, 3.0, shade=0.70, seed=10)
    fronts(stage, 1, 6.6, NORTH_RIGHT, 8.0, shade=1.08, seed=90)
    for y in (70, 46):
        stage.upright(-4.6, y, 4.2, 5.2, textures.tree(5 + y), shade=0.8)
    for y in (62, 38):
        stage.shadow(5.4, y + 0.6, 1.4, 0.4, 1.3)
        stage.upright(4.7, y, 4.2, 5.2, textures.tree(8 + y), shade=1.0)
    for y in (54, 30, 20):
        stage.upright(-3.9, y, 1.6, 7.0, textures.lamp_head(), shade=0.9)
    park(
        stage,
        [(SALOON, Paint((96, 104, 116)), 2.5, 33, -pi / 2), (HATCH, Paint((150, 40, 38)), 2.5, 39.5, -pi / 2)],
    )
    artist = Artist(view, sun=(0.55, 0.43))
    walk = walkers(artist, [
        (0, [(-5.2, 70), (-5.0, 2)], 0.15), (1, [(-4.4, 2), (-4.6, 75)], 0.42), (2, [(-5.7, 60), (-5.5, 6)], 0.75),
        (3, [(5.4, 6), (5.2, 70)], 0.30), (4, [(4.6, 70), (4.4, 7)], 0.62), (5, [(5.8, 8), (5.8, 64)], 0.9),
        (8, [(-6.3, 16.2), (-3.6, 16.2), (3.6, 16.8), (5.0, 16.8), (5.4, 40)], 0.0),
        (9, [(5.9, 24), (4.2, 16.0), (-3.8, 15.6), (-5.0, 9), (-5.1, 1)], 0.2),
        (7, [(-4.9, 72), (-4.6, 3)], 0.17),
    ])  # fmt: skip
    cars: list[Mover] = [
        Traffic(artist, HATCH, Paint((40, 78, 128)), TOWARDS, 0.1),
        Traffic(artist, SALOON, Paint((204, 206, 208)), TOWARDS, 0.7),
        Traffic(artist, VAN, Paint((196, 198, 196)), AWAY, 0.85),
        Traffic(artist, HATCH, Paint((58, 64, 60)), AWAY, 0.5),
    ]
    waiting = [Stander(artist, LOOKS[6], -5.4, 24.2, 0.4, 1.0), Stander(artist, LOOKS[3], -4.7, 24.6, 3.4, 2.2)]
    return Scene("high-street-north", "127", 127, finish(stage), stage.depth, [*cars, *walk, *waiting])


SOUTH_LEFT = [
    (8.0, 8.6, BRICK, "NEWS", (150, 40, 40)), (8.0, 8.8, STONE, "FISH & CHIPS", (36, 72, 120)),
    (8.5, 9.2, BUFF, "TAILOR", (62, 52, 44)), (8.0, 8.4, RENDER, "WINE BAR", (92, 30, 54)),
    (9.0, 9.4, BRICK, "RECORDS", (46, 44, 70)), (9.0, 8.8, STONE, "", BRICK), (9.0, 9.0, BRICK, "", BRICK),
]  # fmt: skip
SOUTH_RIGHT = [
    (9.0, 9.0, RENDER, "THE BELL", (40, 62, 46)), (8.0, 8.4, BRICK, "KEBAB", (150, 90, 30)),
    (8.0, 9.0, BUFF, "LAUNDRY", (46, 92, 116)), (8.0, 8.6, BRICK, "TAXIS", (150, 130, 40)),
    (9.0, 9.2, STONE, "", BRICK), (9.0, 8.6, BRICK, "", BRICK), (9.0, 9.0, BUFF, "", BRICK),
]  # fmt: skip


def high_street_south() -> Scene:
    """By night after rain: lamps, lit windows, headlights in a wet road."""
    view = View(x=-4.6, y=0.0, z=5.2, yaw=9, pitch=15.0, field=68)
    stage = Stage(view)
    stage.sky((0.20, 0.21, 0.26), (0.34, 0.30, 0.30))
    stage.ground(lambda x, y: ground.street(x, y, zebra=None) * 0.72, haze=(0.32, 0.30, 0.32))
    for number, x in enumerate((-20, -10, 0, 10, 20)):
        front = textures.house(10, 8.5, (BUFF, BRICK, STONE)[number % 3], 400 + number, bricks=number != 2, night=True)
        stage.quad([(x - 5, 80, 8.5), (x + 5, 80, 8.5), (x + 5, 80, 0), (x - 5, 80, 0)], front)
    fronts(stage, -1, 6.6, SOUTH_LEFT, 7.0, shade=0.95, night=True, seed=210)
    fronts(stage, 1, 6.6, SOUTH_RIGHT, 3.0, shade=0.95, night=True, seed=330)
    lamps = []
    for number, y in enumerate((60, 43, 26, 14)):
        side = 3.9 if number % 2 else -3.9
        stage.upright(side, y, 1.6, 7.0, textures.lamp_head())
        lamps.append(Lamp(side + 0.5, y, 6.8, (1.0, 0.82, 0.60), 1.9, 7.0, 0.9))
    shops = [Lamp(side * 5.6, y, 2.0, colour, 0.9, 3.0, 0.0) for side, y, colour in (
        (-1, 11, (1.0, 0.86, 0.62)), (-1, 19, (0.7, 0.86, 1.0)), (1, 8, (1.0, 0.78, 0.45)), (1, 16, (1.0, 0.55, 0.4)),
        (-1, 36, (1.0, 0.5, 0.62)), (1, 32, (1.0, 0.85, 0.4)))]  # fmt: skip
    lights = lamps + shops
    park(
        stage,
        [(SALOON, Paint((84, 88, 96)), 2.5, 30, -pi / 2), (HATCH, Paint((120, 122, 126)), 2.5, 36, -pi / 2)],
        ambient=0.9,
    )
    ambient = (0.30, 0.31, 0.37)
    base = finish(stage, lamps=lights, ambient=ambient, gloss=0.5, vignette=0.2)
    light = light_at(lights, ambient)
    artist = Artist(view, shade=1.0)
    people = walkers(artist, [
        (6, [(-5.3, 60), (-5.0, 3)], 0.2), (4, [(4.5, 4), (4.8, 60)], 0.55), (9, [(5.4, 62), (5.2, 6)], 0.05),
        (0, [(-4.6, 6), (-4.8, 58)], 0.7), (1, [(-4.1, 6), (-4.3, 58)], 0.71),
    ], light=light)  # fmt: skip
    cars: list[Mover] = [
        Traffic(
            artist,
            HATCH,
            Paint((150, 152, 156), lights=True),
            TOWARDS,
            0.15,
            ambient=0.59,
            light=light,
        ),
        Traffic(
            artist,
            SALOON,
            Paint((40, 44, 60), lights=True),
            TOWARDS,
            0.62,
            ambient=0.59,
            light=light,
        ),
        Traffic(
            artist,
            VAN,
            Paint((160, 160, 158), lights=True),
            AWAY,
            0.35,
            ambient=0.59,
            light=light,
        ),
    ]
    group = [
        Stander(artist, LOOKS[n], x, y, h, n, light)
        for n, x, y, h in ((2, 5.2, 11.0, 2.0), (5, 4.6, 11.7, -1.2), (8, 5.5, 12.2, 3.6))
    ]
    return Scene("high-street-south", "128", 128, base, stage.depth, [*cars, *people, *group], noise=2.6)
