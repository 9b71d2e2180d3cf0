"""The bridge's east bank: a riverside walk in the evening sun."""

from __future__ import annotations

from collections.abc import Callable
from math import pi

import numpy as np
from PIL import Image, ImageDraw

from footage.simcam.scenes import ground, textures
from footage.simcam.scenes.build import BRICK, BUFF, LOOKS, STONE, finish, walkers
from footage.simcam.scenes.cycle import draw_cycle
from footage.simcam.scenes.motion import LOOP_S, Mover, Path, Scene, Stander, Walker
from footage.simcam.scenes.noise import clouds, sample
from footage.simcam.scenes.people import Artist, Look
from footage.simcam.scenes.space import Array, View
from footage.simcam.scenes.sprites import Pixels, Sprite
from footage.simcam.scenes.stage import FAR, Stage

BANK = -1.5  # the quay's edge; the river lies to the left of it


def bridge_east_bank() -> Scene:
    """Walkers, a runner, a cyclist; the far bank's houses lie broken in the water."""
    view = View(x=3.0, y=0.0, z=5.0, yaw=-17, pitch=13, field=70)
    stage = Stage(view)
    stage.sky((0.60, 0.66, 0.78), (0.98, 0.84, 0.66))

    def floor(x: Array, y: Array) -> Array:
        quay = ground.slabs(x, y, 0.8, (0.64, 0.58, 0.50)) * 1.02
        lawn = ground.grass(x, y) * 1.05
        land = np.where((x > 5.4)[..., None], lawn, quay)
        land = ground.mix(land, (0.46, 0.43, 0.39), ground.line(x - 5.4, 0.2))
        land = ground.mix(land, (0.72, 0.68, 0.60), (x > BANK) & (x < BANK + 0.5))
        waves = sample(clouds(51, 1.2), x * 1.0, y * 0.35, 16) * 0.06 + sample(clouds(52, 1.5), x, y * 0.5, 6) * 0.05
        depth = np.clip((BANK - x) / 26, 0, 1)
        water = np.stack([0.26 + 0.34 * depth + waves, 0.31 + 0.26 * depth + waves, 0.34 + 0.16 * depth + waves], 2)
        water *= (1 - 0.45 * np.exp(np.minimum(x - BANK, 0) * 0.9))[..., None]
        far_bank = ground.grass(x, y, 77) * 0.8
        colours = np.where((x > BANK)[..., None], land, np.where((x < -30)[..., None], far_bank, water))
        return np.asarray(colours * np.array((1.08, 1.0, 0.88), np.float32), np.float32)

    stage.ground(floor, haze=(0.95, 0.82, 0.66), haze_at=190)
    _far_bank(stage)
    _bridge(stage)
    for y in (58.0, 40.0, 24.0):
        stage.shadow(7.8, y + 0.8, 2.2, 0.4, 1.4)
        stage.upright(
            8.0, y, 5.4, 6.4, textures.tree(int(60 + y), season="autumn" if y == 40 else "summer"), shade=0.95
        )
    for y in (52.0, 34.0, 18.0):
        stage.shadow(4.6, y, 0.3, 0.35, 1.4)
        stage.upright(5.0, y, 1.5, 6.6, textures.lamp_head((52, 54, 56)), shade=0.9)
    for y in (14.5, 29, 44):
        _bench(stage, 4.7, y)
    _railing(stage)
    base = finish(stage, vignette=0.18)
    artist = Artist(view, sun=(0.95, 0.5), shade=0.98)
    runner = Look(
        coat=(206, 74, 58), trousers=(36, 38, 46), skin=(150, 106, 80), hair=(34, 28, 26), shoes=(222, 220, 90)
    )
    rider = Look(coat=(58, 110, 150), trousers=(38, 40, 48), hair=(220, 216, 206), skin=(206, 164, 138))
    people: list[Mover] = [*walkers(artist, [
        (0, [(1.2, 3), (0.4, 75)], 0.1), (3, [(1.9, 3), (1.1, 75)], 0.103), (2, [(0.2, 78), (0.8, 3)], 0.55),
        (5, [(2.6, 76), (3.4, 4)], 0.3), (9, [(3.2, 4), (2.6, 72)], 0.68), (1, [(-0.4, 74), (-0.5, 6)], 0.86),
    ]), Walker(artist, runner, Path([(2.2, 80), (2.0, 2)]), 0.2, pace=3.4, stride=1.5)]  # fmt: skip
    cyclist = Cyclist(artist, rider, Path([(1.4, -6), (1.0, 100)]), 0.6, pace=5.0, stride=1.0, riding=True)
    sitting = [Stander(artist, LOOKS[8], -0.75, 16.5, pi, 0.4), Stander(artist, LOOKS[4], -0.7, 30.4, 2.9, 1.4),
               Stander(artist, LOOKS[7], -0.72, 29.5, 3.3, 2.4)]  # fmt: skip
    return Scene(
        "bridge-east-bank",
        "201",
        201,
        base,
        stage.depth,
        [*people, cyclist, *sitting],
        ripple=_ripple(view, stage.depth),
    )


class Cyclist(Walker):
    """A rider with the machine beneath: two wheels and a frame, drawn as one sprite below the figure."""

    def sprites(self, seconds: float) -> list[Sprite]:
        out = []
        length = self.path.length
        x, y, heading = self.path.at((self.start + seconds / LOOP_S) % 1 * length)
        out += draw_cycle(self.artist.view, x, y, heading, seconds * 2.2)
        return [*out, *super().sprites(seconds)]


def _far_bank(stage: Stage) -> None:
    houses = ((-70, 12, 9, BRICK), (-58, 10, 8, BUFF), (-48, 14, 11, STONE), (-34, 11, 9, BRICK))
    for number, (along, width, height, colour) in enumerate(houses):
        front = textures.house(width, height, colour, 700 + number, bricks=colour is not STONE)
        x, y = -46.0 + number * 3, 96 + along * 0.4
        stage.quad([(x, y, height), (x + width, y + 6, height), (x + width, y + 6, 0), (x, y, 0)], front, shade=1.08)
    for number in range(9):
        x, y = -44 + number * 2.2, 44 + number * 7
        stage.upright(
            x, y, 7 + number % 3 * 2.4, 7 + number * 5 % 4, textures.tree(80 + number, season="summer"), shade=0.86
        )
    for number in range(12):
        stage.upright(
            -40 + number * 6 + number % 3,
            150 - number % 4 * 8,
            12 + number % 3 * 3,
            9 + number % 4,
            textures.tree(100 + number % 5),
            shade=0.95,
        )


def _bridge(stage: Stage) -> None:
    """A stone bridge of three arches far down the river."""
    image = Image.new("RGBA", (1200, 240), (0, 0, 0, 0))
    stone = textures.wall(27, 5.5, (190, 172, 142), 91, bricks=True).resize((1200, 240))
    image.paste(stone, (0, 0))
    draw = ImageDraw.Draw(image)
    for x in (60, 440, 820):
        draw.pieslice((x, 70, x + 320, 400), 180, 360, fill=(0, 0, 0, 0))
    draw.rectangle((0, 0, 1200, 16), fill=(206, 190, 160, 255))
    stage.quad([(-34, 88, 6.5), (4, 84, 6.5), (4, 84, 0), (-34, 88, 0)], image, shade=1.05)


def _railing(stage: Stage) -> None:
    image = Image.new("RGBA", (400, 110), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    for bar in (2, 54, 98):
        draw.rectangle((0, bar, 400, bar + 6), fill=(46, 52, 56, 255))
    for x in (0, 199, 392):
        draw.rectangle((x, 0, x + 8, 110), fill=(40, 44, 48, 255))
    at = BANK + 0.3
    for y in range(80, 1, -4):
        stage.quad([(at, y, 1.1), (at, y + 4, 1.1), (at, y + 4, 0), (at, y, 0)], image, shade=0.95)


def _bench(stage: Stage, x: float, y: float) -> None:
    wood = textures.wall(1.8, 0.5, (120, 84, 54), int(y), bricks=False)
    stage.shadow(x, y + 0.9, 0.5, 0.5, 1.2)
    stage.quad([(x + 0.35, y, 0.95), (x + 0.35, y + 1.8, 0.95), (x + 0.35, y + 1.8, 0.5), (x + 0.35, y, 0.5)], wood)
    stage.quad([(x + 0.35, y, 0.47), (x + 0.35, y + 1.8, 0.47), (x - 0.2, y + 1.8, 0.47), (x - 0.2, y, 0.47)], wood)


def _ripple(view: View, depth: Array) -> Callable[[Pixels, float], None]:
    """Light that plays on the water: rows of it shift to and fro, a whole number of times in a loop."""
    world = Stage(view).world()
    water = (world[..., 0] < BANK - 0.3) & (world[..., 0] > -30) & (depth >= FAR) & (view.rays()[..., 2] < -0.01)
    rows, columns = np.nonzero(water)
    x, y = world[rows, columns, 0], world[rows, columns, 1]
    phase = (x * 2.3 + y * 0.5).astype(np.float32)
    other = (x * 0.9 - y * 1.1).astype(np.float32)
    size = np.clip(12 / np.hypot(x, y), 0.25, 1).astype(np.float32)
    table = (np.sin(np.linspace(0, 2 * pi, 256, endpoint=False)) * 7).astype(np.float32)
    a = (phase / (2 * pi) * 256).astype(np.int32)
    b = (other / (2 * pi) * 256).astype(np.int32)

    def play(luma: Pixels, seconds: float) -> None:
        step = int(seconds / LOOP_S * 256 * 14)
        light = (table[(a + step) & 255] + table[(b - step // 2) & 255]) * size
        luma[rows, columns] = np.clip(luma[rows, columns] + light, 16, 235).astype(np.uint8)

    return play
