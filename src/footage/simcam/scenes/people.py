"""Figures that walk, stand, run and ride: a jointed skeleton in metres, drawn as limbs with thickness."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, hypot, pi, sin

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from footage.simcam.scenes.space import Array, View
from footage.simcam.scenes.sprites import Sprite, canvas, shrink
from footage.simcam.scenes.textures import Rgb, tone

Place = tuple[float, float]
STRIDE = 1.45  # metres in a full cycle of two steps


@dataclass(frozen=True)
class Look:
    """How somebody is dressed. `skirt` is how far a coat or dress reaches below the hip, in metres."""

    coat: Rgb = (60, 66, 84)
    trousers: Rgb = (44, 46, 56)
    skin: Rgb = (206, 164, 138)
    hair: Rgb = (52, 40, 32)
    shoes: Rgb = (36, 32, 30)
    height: float = 1.72
    skirt: float = 0.0
    bag: Rgb | None = None
    rucksack: Rgb | None = None
    hood: bool = False
    build: float = 1.0


@dataclass(frozen=True)
class Pose:
    """Where somebody is and what the limbs do. `heading` in radians from the x axis; `phase` in cycles."""

    x: float
    y: float
    heading: float
    phase: float = 0.0
    stride: float = 1.0  # 0 stands, 1 walks, 1.6 runs
    riding: bool = False


@dataclass
class Artist:
    """Draws figures for one view. `sun` is where a shadow of one metre's height falls, or None in dull weather."""

    view: View
    sun: tuple[float, float] | None = None
    shade: float = 1.0
    scale: int = 3
    _drawn: dict[tuple[object, ...], tuple[float, list[Sprite], Place]] = field(default_factory=dict)

    def follow(self, key: tuple[object, ...], at_s: float, look: Look, pose: Pose, light: Array | None = None,
               *, every_s: float = 0.08) -> list[Sprite]:  # fmt: skip
        """The figure drawn anew twelve times a second and moved in between: limbs need no more, and it costs half."""
        step = at_s // every_s
        known = self._drawn.get(key)
        place = self._spot(pose)
        if known is None or known[0] != step:
            self._drawn[key] = (step, self.draw(look, pose, light), place)
            return self._drawn[key][1]
        dx, dy = round(place[0] - known[2][0]), round(place[1] - known[2][1])
        return [Sprite(s.pixels, s.left + dx, s.top + dy, s.depth) for s in known[1]]

    def _spot(self, pose: Pose) -> Place:
        screen, _ = self.view.project(np.array([(pose.x, pose.y, 0.9)], np.float32))
        return float(screen[0][0]), float(screen[0][1])

    def draw(self, look: Look, pose: Pose, light: Array | None = None) -> list[Sprite]:
        """The shadow and the figure, or nothing where it is out of sight. `light` is (3,), what falls on it."""
        joints = skeleton(look, pose)
        screen, depth = self.view.project(np.array([*joints.values()], np.float32))
        at = float(depth[0])
        if at < 1.5:
            return []
        places = dict(zip(joints, screen, strict=True))
        low, high = screen.min(0), screen.max(0)
        metre = self.view.focal / at
        if high[0] < -metre or low[0] > self.view.width + metre or low[1] > self.view.height + metre:
            return []
        figure = self._figure(look, pose, places, metre, at, light)
        return [*self._shadow(joints, metre, at, pose), figure]

    def _figure(self, look: Look, pose: Pose, places: dict[str, Array], metre: float, at: float,
                light: Array | None) -> Sprite:  # fmt: skip
        s = self.scale if metre < 110 else 2
        spots = np.array([*places.values()])
        pad = 0.28 * metre + 2
        left, top = int(spots[:, 0].min() - pad), int(spots[:, 1].min() - pad)
        width = (int(spots[:, 0].max() + pad) - left + 1) * s
        height = (int(spots[:, 1].max() + pad) - top + 1) * s
        image = canvas((width, height), (*tone(look.coat, 0.6), 0))
        pen = Pen(ImageDraw.Draw(image), {k: ((p[0] - left) * s, (p[1] - top) * s) for k, p in places.items()},
                  metre * s, self.shade)  # fmt: skip
        _dress(pen, look, pose, self.view)
        pixels = shrink(image, s)
        if light is not None:
            pixels = pixels.copy()
            pixels[..., :3] = np.clip(pixels[..., :3] * light, 0, 255).astype(np.uint8)
        return Sprite(pixels, left, top, at)

    def _shadow(self, joints: dict[str, tuple[float, float, float]], metre: float, at: float,
                pose: Pose) -> list[Sprite]:  # fmt: skip
        """The figure laid along the ground away from the sun, or a soft patch under the feet."""
        if self.sun is None:
            return [self._patch(pose, metre, at)]
        flat = {k: (x + z * self.sun[0], y + z * self.sun[1], 0.0) for k, (x, y, z) in joints.items()}
        screen, _ = self.view.project(np.array([*flat.values()], np.float32))
        low, high = screen.min(0) - 0.3 * metre, screen.max(0) + 0.3 * metre
        left, top = int(low[0]), int(low[1])
        size = (max(int(high[0]) - left + 1, 2), max(int(high[1]) - top + 1, 2))
        image = Image.new("L", size, 0)
        draw = ImageDraw.Draw(image)
        places = {k: (p[0] - left, p[1] - top) for k, p in zip(flat, screen, strict=True)}
        for limb, thick in LIMBS:
            draw.line([places[j] for j in limb], fill=120, width=max(1, int(thick * metre * 0.8)), joint="curve")
        x, y = places["head"]
        r = 0.12 * metre
        draw.ellipse((x - r, y - r * 0.7, x + r, y + r * 0.7), fill=120)
        alpha = np.asarray(image.filter(ImageFilter.GaussianBlur(max(0.8, metre * 0.012))))
        pixels = np.zeros((size[1], size[0], 4), np.uint8)
        pixels[..., 2] = 14
        pixels[..., 3] = alpha
        return [Sprite(pixels, left, top, at + 0.3)]

    def _patch(self, pose: Pose, metre: float, at: float) -> Sprite:
        screen, _ = self.view.project(np.array([(pose.x, pose.y, 0.0)], np.float32))
        rx, ry = int(0.42 * metre) + 2, max(int(0.42 * metre * self.view.z / at * 0.8), 1) + 2
        gx, gy = np.meshgrid(np.linspace(-1.6, 1.6, 2 * rx), np.linspace(-1.6, 1.6, 2 * ry))
        pixels = np.zeros((2 * ry, 2 * rx, 4), np.uint8)
        pixels[..., 3] = (np.exp(-(gx**2 + gy**2) * 2.2) * 120).astype(np.uint8)
        return Sprite(pixels, int(screen[0][0]) - rx, int(screen[0][1]) - ry, at + 0.3)


LIMBS: list[tuple[tuple[str, ...], float]] = [
    (("hip_l", "knee_l", "foot_l"), 0.15),
    (("hip_r", "knee_r", "foot_r"), 0.15),
    (("neck", "pelvis"), 0.36),
    (("shoulder_l", "elbow_l", "hand_l"), 0.10),
    (("shoulder_r", "elbow_r", "hand_r"), 0.10),
]


def skeleton(look: Look, pose: Pose) -> dict[str, tuple[float, float, float]]:
    """Joints in the world. A walk's legs swing about the hip, the knee bends in the swing, the arms go against."""
    k = look.height / 1.72
    ahead, side = (cos(pose.heading), sin(pose.heading)), (sin(pose.heading), -cos(pose.heading))
    turn = 2 * pi * pose.phase
    bob = 0.022 * cos(2 * turn) * min(pose.stride, 1.2)
    lift = 0.42 if pose.riding else 0.0
    lean = 0.22 if pose.riding else 0.04 + 0.05 * max(pose.stride - 1, 0)

    def at(forward: float, across: float, up: float) -> tuple[float, float, float]:
        return (
            pose.x + (ahead[0] * forward + side[0] * across) * k,
            pose.y + (ahead[1] * forward + side[1] * across) * k,
            up * k,
        )

    hip = 0.92 + bob + lift * 0.2
    joints = {"pelvis": at(0, 0, hip + 0.02), "neck": at(lean, 0, hip + 0.54), "head": at(lean + 0.05, 0, hip + 0.71)}
    for name, sign, shift in (("l", 1.0, 0.0), ("r", -1.0, pi)):
        swing = 0.46 * pose.stride * sin(turn + shift)
        bend = 0.08 + 0.75 * pose.stride * max(0.0, cos(turn + shift)) ** 2 * (1 if cos(turn + shift) > 0 else 0)
        if pose.riding:
            swing, bend = 0.85 + 0.35 * sin(turn + shift), 1.25 + 0.4 * cos(turn + shift)
        knee = (0.45 * sin(swing), hip - 0.45 * cos(swing))
        foot = (knee[0] + 0.44 * sin(swing - bend), knee[1] - 0.44 * cos(swing - bend))
        joints[f"hip_{name}"] = at(0, 0.09 * sign, hip)
        joints[f"knee_{name}"] = at(knee[0], 0.1 * sign, knee[1])
        joints[f"foot_{name}"] = at(foot[0], 0.1 * sign, max(foot[1], 0.03))
        joints[f"toe_{name}"] = at(foot[0] + 0.14, 0.11 * sign, max(foot[1] - 0.02, 0.02))
        arm = 0.75 if pose.riding else 0.03 - 0.5 * pose.stride * sin(turn + shift)
        fold = 0.25 if pose.riding else 0.25 + 0.25 * pose.stride + (0.9 if pose.stride > 1.3 else 0)
        elbow = (lean + 0.27 * sin(arm), hip + 0.50 - 0.27 * cos(arm))
        hand = (elbow[0] + 0.25 * sin(arm + fold), elbow[1] - 0.25 * cos(arm + fold))
        joints[f"shoulder_{name}"] = at(lean, 0.19 * sign * look.build, hip + 0.50)
        joints[f"elbow_{name}"] = at(elbow[0], 0.24 * sign * look.build, elbow[1])
        joints[f"hand_{name}"] = at(hand[0], 0.23 * sign, hand[1])
    return joints


@dataclass
class Pen:
    """Thick lines between named joints; light falls from the upper left."""

    draw: ImageDraw.ImageDraw
    at: dict[str, tuple[float, float]]
    metre: float
    shade: float

    def limb(self, joints: list[str], thick: float, colour: Rgb, *, taper: float = 0.8) -> None:
        colour = tone(colour, self.shade)
        width = thick * self.metre
        for a, b in pairwise(joints):
            self._bone(self.at[a], self.at[b], width, width * taper, colour)
            width *= taper

    def _bone(self, a: tuple[float, float], b: tuple[float, float], wide: float, narrow: float, colour: Rgb) -> None:
        self._taper(a, b, wide, narrow, tone(colour, 0.74))
        shift = wide * 0.14
        self._taper(
            (a[0] - shift, a[1] - shift * 0.4), (b[0] - shift, b[1] - shift * 0.4), wide * 0.66, narrow * 0.66, colour
        )

    def _taper(self, a: tuple[float, float], b: tuple[float, float], wide: float, narrow: float, colour: Rgb) -> None:
        length = hypot(b[0] - a[0], b[1] - a[1]) or 1.0
        nx, ny = -(b[1] - a[1]) / length / 2, (b[0] - a[0]) / length / 2
        self.draw.polygon([(a[0] + nx * wide, a[1] + ny * wide), (a[0] - nx * wide, a[1] - ny * wide),
                           (b[0] - nx * narrow, b[1] - ny * narrow), (b[0] + nx * narrow, b[1] + ny * narrow)],
                          fill=(*colour, 255))  # fmt: skip
        for (x, y), w in ((a, wide / 2), (b, narrow / 2)):
            self.draw.ellipse((x - w, y - w, x + w, y + w), fill=(*colour, 255))

    def spot(self, joint: str, radius: float, colour: Rgb, dx: float = 0.0, dy: float = 0.0, tall: float = 1.0) -> None:
        x, y = self.at[joint]
        x, y, r = x + dx * self.metre, y + dy * self.metre, radius * self.metre
        self.draw.ellipse((x - r, y - r * tall, x + r, y + r * tall), fill=(*tone(colour, self.shade), 255))


def _dress(pen: Pen, look: Look, pose: Pose, view: View) -> None:
    """Far limbs first, then the trunk, the head, near limbs."""
    toward = (pose.x - view.x) * sin(pose.heading) - (pose.y - view.y) * cos(pose.heading)
    near, far = ("r", "l") if toward > 0 else ("l", "r")
    leaving = (pose.x - view.x) * cos(pose.heading) + (pose.y - view.y) * sin(pose.heading)
    away = leaving / (hypot(pose.x - view.x, pose.y - view.y) or 1)  # 1 goes away, -1 comes
    _arm(pen, look, far, 0.8)
    _leg(pen, look, far, 0.8)
    _leg(pen, look, near, 1.0)
    if look.rucksack and away < 0.3:
        pen.limb(["neck", "pelvis"], 0.30, look.rucksack)
    _trunk(pen, look)
    if look.rucksack and away >= 0.3:
        _pack(pen, look.rucksack)
    _head(pen, look, away)
    _arm(pen, look, near, 1.0)
    if look.bag:
        x, y = pen.at[f"hand_{near}"]
        w, h = 0.15 * pen.metre, 0.34 * pen.metre
        pen.draw.rectangle((x - w, y, x + w, y + h), fill=(*tone(look.bag, pen.shade), 255))


def _leg(pen: Pen, look: Look, side: str, light: float) -> None:
    pen.limb([f"foot_{side}", f"toe_{side}"], 0.095, tone(look.shoes, light))
    pen.limb([f"hip_{side}", f"knee_{side}", f"foot_{side}"], 0.17 * look.build, tone(look.trousers, light), taper=0.76)


def _arm(pen: Pen, look: Look, side: str, light: float) -> None:
    pen.spot(f"hand_{side}", 0.047, tone(look.skin, light))
    pen.limb(
        [f"shoulder_{side}", f"elbow_{side}", f"hand_{side}"], 0.115 * look.build, tone(look.coat, light), taper=0.82
    )


def _trunk(pen: Pen, look: Look) -> None:
    """Shoulders to hips, and on down where there is a long coat or a dress."""
    (lx, ly), (rx, ry), (px, py) = pen.at["shoulder_l"], pen.at["shoulder_r"], pen.at["pelvis"]
    if lx > rx:
        (lx, ly), (rx, ry) = (rx, ry), (lx, ly)
    m, b = pen.metre, look.build
    half = max((rx - lx) / 2 + 0.06 * m, 0.145 * m * b)
    middle = (lx + rx) / 2
    waist, hem = half * 0.84, half * (0.9 + 0.5 * look.skirt)
    bottom = py + (0.10 + look.skirt) * m
    top = min(ly, ry) - 0.05 * m
    outline = [(middle - half * 0.62, top), (middle + half * 0.62, top), (middle + half, top + 0.10 * m),
               (px + waist, py - 0.12 * m), (px + hem, bottom), (px - hem, bottom), (px - waist, py - 0.12 * m),
               (middle - half, top + 0.10 * m)]  # fmt: skip
    pen.draw.polygon(outline, fill=(*tone(look.coat, 0.78 * pen.shade), 255))
    lit = [(x - (x - px) * 0.25 - 0.035 * m, y) for x, y in outline]
    pen.draw.polygon(lit, fill=(*tone(look.coat, pen.shade), 255))


def _pack(pen: Pen, colour: Rgb) -> None:
    (x, y), (_, py) = pen.at["neck"], pen.at["pelvis"]
    w = 0.15 * pen.metre
    box = (x - w, y + 0.02 * pen.metre, x + w, py - 0.06 * pen.metre)
    pen.draw.rounded_rectangle(box, w * 0.5, fill=(*tone(colour, pen.shade), 255))


def _head(pen: Pen, look: Look, away: float) -> None:
    pen.limb(["neck", "head"], 0.10, tone(look.skin, 0.85))
    if look.hood:
        pen.spot("head", 0.135, tone(look.coat, 0.92), tall=1.1)
        if away < 0.2:
            pen.spot("head", 0.085, tone(look.skin, 0.8), dy=0.02, tall=1.15)
        return
    pen.spot("head", 0.108, look.hair, dy=-0.012, tall=1.18)
    if away < 0.55:  # the face, turned to the side it looks to
        lean = pen.at["toe_l"][0] + pen.at["toe_r"][0] - pen.at["foot_l"][0] - pen.at["foot_r"][0]
        shift = 0.035 if lean > 0.1 * pen.metre else -0.035 if lean < -0.1 * pen.metre else 0.0
        pen.spot("head", 0.086, look.skin, dx=shift, dy=0.028, tall=1.2)
