"""What the places are put together from: rows of houses, parked cars, people with their clothes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

from footage.simcam.scenes import textures
from footage.simcam.scenes.motion import LightAt, Path, Walker
from footage.simcam.scenes.people import Artist, Look
from footage.simcam.scenes.space import Array
from footage.simcam.scenes.sprites import Sprite, lay
from footage.simcam.scenes.stage import Lamp, Stage
from footage.simcam.scenes.vehicles import Model, Paint, draw_vehicle

BRICK, BUFF, RENDER, STONE, PAINTED = (142, 92, 74), (176, 150, 112), (206, 200, 186), (178, 168, 146), (188, 200, 204)

LOOKS = [
    Look(coat=(46, 58, 92), trousers=(40, 42, 50), hair=(40, 32, 28)),
    Look(coat=(150, 46, 44), trousers=(52, 56, 70), hair=(96, 64, 38), height=1.66, skirt=0.12, bag=(210, 200, 180)),
    Look(coat=(70, 74, 70), trousers=(96, 88, 74), hair=(150, 148, 144), height=1.74, build=1.12),
    Look(coat=(206, 196, 172), trousers=(44, 46, 54), hair=(62, 44, 32), height=1.64, skirt=0.34),
    Look(coat=(38, 40, 42), trousers=(34, 36, 46), hair=(28, 24, 22), skin=(132, 92, 68), rucksack=(170, 96, 36)),
    Look(coat=(64, 104, 92), trousers=(62, 70, 88), hair=(46, 34, 28), skin=(176, 128, 98), height=1.68),
    Look(coat=(52, 54, 60), trousers=(46, 58, 92), hair=(40, 36, 34), hood=True, height=1.78),
    Look(
        coat=(196, 174, 60), trousers=(50, 52, 58), hair=(120, 84, 48), height=1.18, build=0.8, rucksack=(60, 90, 150)
    ),
    Look(coat=(112, 74, 110), trousers=(70, 66, 72), hair=(180, 176, 168), height=1.60, skirt=0.2, bag=(96, 40, 44)),
    Look(coat=(222, 222, 216), trousers=(84, 92, 108), hair=(54, 40, 30), height=1.80, skin=(214, 172, 148)),
]
HIGH_VIS = Look(coat=(206, 220, 60), trousers=(44, 50, 70), hair=(50, 44, 40), height=1.79, build=1.1)


def fronts(stage: Stage, side: int, at: float, houses: list[tuple[float, float, textures.Rgb, str, textures.Rgb]],
            start: float, *, shade: float, night: bool = False, seed: int = 0) -> None:  # fmt: skip
    """A row of houses along y on one side (-1 left, 1 right): width, height, wall, shop's name, its paint."""
    y = start
    row: list[Callable[[], None]] = []
    for number, (width, height, colour, shop, sign) in enumerate(houses):
        bricks = colour in (BRICK, BUFF)
        floors = 1 if height < 7.5 else 2
        front = textures.house(
            width, height, colour, seed + number * 7, shop=shop, sign=sign, night=night, bricks=bricks, floors=floors
        )
        row.append(_one_front(stage, side, at, y, width, height, front, shade))
        y += width
    for draw in reversed(row):
        draw()


def _one_front(stage: Stage, side: int, at: float, y: float, width: float, height: float, front: Image.Image,
               shade: float) -> Callable[[], None]:  # fmt: skip
    x = side * at
    near, far = (x, y), (x, y + width)
    left, right = (near, far) if side < 0 else (far, near)

    def draw() -> None:
        back = x + side * 4.5
        roof = textures.wall(width, 4.0, (84, 84, 92), int(y), bricks=True)
        ridge = height + 2.9
        a, b = (left[1], right[1])
        stage.quad([(back, a, ridge), (back, b, ridge), (x, b, height), (x, a, height)], roof, shade=shade * 0.95)
        gable = textures.wall(4.5, height, (120, 104, 92), int(y) + 3)
        stage.quad([(x, y, height), (back, y, height), (back, y, 0), (x, y, 0)], gable, shade=shade * 0.8)
        chimney = textures.wall(0.9, 1.6, (132, 84, 66), int(y) + 1)
        cx = x + side * 3.6
        stage.quad(
            [
                (cx, y + 1.0, ridge + 1.0),
                (cx, y + 1.9, ridge + 1.0),
                (cx, y + 1.9, ridge - 0.8),
                (cx, y + 1.0, ridge - 0.8),
            ],
            chimney,
        )
        stage.quad([(*left, height), (*right, height), (*right, 0), (*left, 0)], front, shade=shade)

    return draw


def park(stage: Stage, cars: list[tuple[Model, Paint, float, float, float]], *, ambient: float = 1.0) -> None:
    """Cars that stand are part of the picture; drawn at its own size, then enlarged into the drawing."""
    view = stage.view
    small = Image.fromarray((np.clip(stage.picture, 0, 1) * 255).astype(np.uint8)).resize(
        (view.width, view.height), Image.Resampling.BOX
    )
    before = np.asarray(small).copy()
    after = before.copy()
    for model, paint, x, y, heading in sorted(cars, key=lambda car: -car[3]):
        for sprite in draw_vehicle(view, model, paint, x, y, heading, ambient=ambient):
            lay(after, stage.depth, sprite)
            if sprite.depth < 399 and sprite.pixels[..., 3].max() == 255:
                _note_depth(stage, sprite)
    changed = (before != after).any(axis=2)
    large = (
        np.asarray(
            Image.fromarray(after).resize((view.width * 2, view.height * 2), Image.Resampling.BICUBIC), np.float32
        )
        / 255
    )
    mask = np.repeat(np.repeat(changed, 2, 0), 2, 1)
    stage.picture[mask] = large[mask]


def _note_depth(stage: Stage, sprite: Sprite) -> None:
    h, w = sprite.pixels.shape[:2]
    x0, y0 = max(sprite.left, 0), max(sprite.top, 0)
    x1, y1 = min(sprite.left + w, stage.view.width), min(sprite.top + h, stage.view.height)
    if x1 <= x0 or y1 <= y0:
        return
    solid = sprite.pixels[y0 - sprite.top : y1 - sprite.top, x0 - sprite.left : x1 - sprite.left, 3] > 127
    part = stage.depth[y0:y1, x0:x1]
    part[:] = np.where(solid, np.minimum(part, sprite.depth + 0.5), part)


def finish(stage: Stage, *, vignette: float = 0.16, **light: object) -> np.ndarray:
    lit = stage.finish(**light)  # type: ignore[arg-type]
    h, w = lit.shape[:2]
    gx, gy = np.meshgrid(np.linspace(-1, 1, w), np.linspace(-1, 1, h))
    lit = lit * (1 - vignette * np.clip(gx**2 + gy**2 - 0.25, 0, 2))[..., None]
    return (np.clip(lit, 0, 1) * 255).astype(np.uint8)


def walkers(artist: Artist, plan: list[tuple[int, list[tuple[float, float]], float]], **more: object) -> list[Walker]:
    return [Walker(artist, LOOKS[look], Path(points), start, **more) for look, points, start in plan]  # type: ignore[arg-type]


def roofline_shadow(x: Array, y: Array, at: float) -> Array:
    """How much the left row shades the ground, its edge as uneven as its roofs."""
    step = np.floor(y / 7.7)
    edge = -at + 4.6 + 0.5 * np.sin(step * 2.4) + 0.04 * np.sin(y)
    return np.asarray(np.clip((edge - x) * 4, 0, 1), np.float32)


def light_at(lamps: list[Lamp], ambient: tuple[float, float, float]) -> LightAt:
    """The light on somebody at a place, as the stage's own is worked out, at chest height."""
    places = np.array([(lamp.x, lamp.y, lamp.z - 1.2) for lamp in lamps], np.float32)
    colours = np.array([np.array(lamp.colour) * lamp.strength for lamp in lamps], np.float32)
    reach = np.array([lamp.reach for lamp in lamps], np.float32)

    def at(x: float, y: float) -> Array:
        square = ((places - np.array((x, y, 0), np.float32)) ** 2).sum(1)
        fall = 1 / (1 + square / reach**2) ** 1.6
        return np.asarray(np.minimum(np.array(ambient) + (colours * fall[:, None]).sum(0), 1.2), np.float32)

    return at
