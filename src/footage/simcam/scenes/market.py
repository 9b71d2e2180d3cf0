"""The corn exchange: a paved square on market day."""

from __future__ import annotations

from math import pi

import numpy as np
from PIL import Image, ImageDraw

from footage.simcam.scenes import ground, textures
from footage.simcam.scenes.build import BRICK, BUFF, HIGH_VIS, LOOKS, RENDER, STONE, finish, walkers
from footage.simcam.scenes.motion import Mover, Path, Scene, Stander, Walker
from footage.simcam.scenes.people import Artist
from footage.simcam.scenes.space import Array, View
from footage.simcam.scenes.stage import Stage

AWNINGS = [(164, 52, 50), (52, 92, 138), (66, 112, 72), (176, 132, 48), (110, 66, 108)]
STALLS = [(-9.5, 19.5), (-5.0, 20.5), (-10.5, 27.0), (-5.5, 28.0), (6.8, 22.0), (11.0, 23.5), (8.0, 29.5), (12.5, 31.0)]


def _exchange(seed: int) -> Image.Image:
    """A hall with a colonnade and a pediment, 22 x 12 metres."""
    front = textures.wall(22, 12, STONE, seed, bricks=False)
    draw = ImageDraw.Draw(front)
    w, h = front.size
    draw.rectangle((0, 0, w, 10), fill=(150, 142, 124))
    draw.rectangle((0, 96, w, 108), fill=(196, 188, 168))
    draw.text((w / 2, 58), "CORN  EXCHANGE", font=textures.font(46), fill=(96, 88, 74), anchor="mm")
    for number in range(8):
        x = w * (number + 0.5) / 8
        draw.rectangle((x - 40, 170, x + 40, h - 40), fill=(72, 78, 86))
        draw.pieslice((x - 40, 130, x + 40, 210), 180, 360, fill=(72, 78, 86))
        draw.rectangle((x - 3, 134, x + 3, h - 40), fill=(206, 202, 192))
        for y in range(210, h - 40, 60):
            draw.rectangle((x - 40, y, x + 40, y + 4), fill=(206, 202, 192))
    for number in range(9):
        x = w * number / 8
        draw.rectangle((x - 15, 112, x + 15, h), fill=(204, 196, 176))
        draw.rectangle((x - 15, 112, x - 8, h), fill=(222, 214, 196))
        draw.rectangle((x - 20, 108, x + 20, 122), fill=(212, 204, 186))
    draw.rectangle((0, h - 34, w, h), fill=(160, 152, 136))
    return front


def corn_exchange() -> Scene:
    """Stalls under striped awnings, people criss-crossing, pigeons' view of a bright day."""
    view = View(x=1.0, y=-1.0, z=6.2, yaw=2, pitch=11.2, field=64)
    stage = Stage(view)
    stage.sky((0.58, 0.70, 0.84), (0.86, 0.89, 0.92))

    def floor(x: Array, y: Array) -> Array:
        colours = ground.setts(x, y) * 1.12
        path = (np.abs(np.sin(0.14 * (y - 6)) * 0.8 + x - 1.4) < 2.2) | (np.abs(y - 14.5) < 1.6)
        colours = np.where(path[..., None], ground.slabs(x, y, 0.75) * 1.06, colours)
        ring = ground.line(np.hypot(x - 1.4, y - 14.5) - 3.6, 0.3)
        colours = np.where((np.hypot(x - 1.4, y - 14.5) < 3.6)[..., None], ground.slabs(x, y, 0.5) * 0.92, colours)
        return ground.mix(colours, (0.36, 0.34, 0.32), ring * 0.8)

    stage.ground(floor)
    for x, width, height, colour, shop, sign in (
        (-33, 10, 9, BRICK, "POST OFFICE", (150, 36, 40)), (-23, 10, 8.4, RENDER, "TEA ROOM", (86, 110, 84)),
        (13, 9, 8.6, BUFF, "ANTIQUES", (70, 48, 36)), (22, 10, 9.2, BRICK, "WOOL SHOP", (110, 60, 96)),
    ):  # fmt: skip
        front = textures.house(width, height, colour, 500 + x, shop=shop, sign=sign, bricks=colour is not RENDER)
        roof = textures.wall(width, 3.4, (86, 86, 94), 40 + x)
        stage.quad([(x, 49, height + 3), (x + width, 49, height + 3), (x + width, 45, height), (x, 45, height)], roof)
        stage.quad([(x, 45, height), (x + width, 45, height), (x + width, 45, 0), (x, 45, 0)], front)
    stage.quad([(-13, 48, 15.2), (13, 48, 15.2), (13, 44, 12), (-13, 44, 12)], textures.wall(26, 5, (92, 94, 100), 61))
    stage.quad([(-13, 44, 12), (13, 44, 12), (13, 44, 0), (-13, 44, 0)], _exchange(71))
    for tree_x, tree_y in ((-16.5, 36), (17.5, 37), (-18, 24), (19.5, 26)):
        stage.shadow(tree_x + 1.4, tree_y + 1.0, 2.0, 0.42, 1.3)
        stage.upright(tree_x, tree_y, 5.0, 6.0, textures.tree(int(30 + tree_x)), shade=1.05)
    for number, (at, away) in enumerate(sorted(STALLS, key=lambda place: -place[1])):
        stage.shadow(at + 0.9, away + 0.5, 1.3, 0.5, 1.7)
        stage.upright(at, away, 3.2, 2.6, textures.stall(AWNINGS[number % 5], number + 3), shade=1.02)
    for at, away in ((-3.2, 9.5), (6.2, 9.8)):
        stage.shadow(at + 0.3, away + 0.2, 0.5, 0.5, 1.4)
        stage.upright(at, away, 0.5, 0.95, _bin())
    artist = Artist(view, sun=(0.5, 0.35))
    people: list[Mover] = [*walkers(artist, [
        (0, [(-20, 12), (20, 13.2)], 0.1), (1, [(20, 15.2), (-20, 14.2)], 0.35),
        (2, [(1.5, 1), (0.6, 16), (2.4, 43)], 0.2),
        (3, [(2.6, 43), (1.8, 18), (2.4, 1)], 0.6), (4, [(-16, 24), (-2.5, 24.2), (5, 26), (18, 27.5)], 0.7),
        (5, [(19, 20), (4.5, 19.0), (-2, 23.6), (-14, 24.6)], 0.05),
        (6, [(-17, 8), (-4, 10.4), (9, 20), (16, 34)], 0.45),
        (8, [(-14, 17.4), (-1.5, 17.0), (5.5, 26.5), (3.5, 43)], 0.8),
        (9, [(18, 8.5), (2, 11), (-14, 18), (-19, 19)], 0.3),
        (7, [(-20.5, 12.6), (20, 13.8)], 0.095),
    ])]  # fmt: skip
    keepers = [Stander(artist, LOOKS[n % 10], x, y + 0.9, -pi / 2, n) for n, (x, y) in enumerate(STALLS)]
    buyers = [Stander(artist, LOOKS[n], x, y, h, n) for n, x, y, h in (
        (3, -8.6, 18.4, 1.8), (9, -4.4, 19.4, 1.5), (1, 7.4, 20.8, 1.6), (2, 10.4, 22.2, 1.4), 
        (8, 0.2, 12.0, 0.3), (5, 1.2, 12.2, 3.3))]  # fmt: skip
    warden = [Walker(artist, HIGH_VIS, Path([(14, 17.5), (3, 9), (-8, 8.5), (-17, 16)]), 0.55)]
    return Scene("corn-exchange", "129", 129, finish(stage), stage.depth, [*people, *keepers, *buyers, *warden])


def _bin() -> Image.Image:
    image = Image.new("RGBA", (40, 76), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((2, 4, 38, 75), 6, fill=(38, 54, 46, 255))
    draw.rectangle((8, 14, 32, 24), fill=(14, 16, 16, 255))
    draw.rectangle((2, 30, 38, 33), fill=(150, 136, 70, 255))
    return image
