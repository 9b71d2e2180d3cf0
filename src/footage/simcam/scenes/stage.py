"""What stands still: ground, walls, trees, lamps, drawn once per scene with its depth and its light."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageFilter

from footage.simcam.scenes.space import NEAR, Array, View

Colour = tuple[float, float, float]
#: Colours (h, w, 3) in 0..1 of the ground at x and y (h, w each), which are huge towards the horizon.
Shader = Callable[[Array, Array], Array]
SCALE = 2  # drawn twice as large and then reduced, for smooth edges
FAR = 400.0


@dataclass(frozen=True)
class Lamp:
    """A light in the world. `reach` in metres where it has fallen to a fifth or so."""

    x: float
    y: float
    z: float
    colour: Colour = (1.0, 0.78, 0.5)
    strength: float = 1.0
    reach: float = 6.0
    glare: float = 1.0


@dataclass
class Stage:
    """Draw far things first. `picture` is (h, w, 3) in 0..1 at SCALE; `depth` tells what stands before what."""

    view: View
    picture: Array = field(init=False)
    depth: Array = field(init=False)
    _rays: Array = field(init=False)

    def __post_init__(self) -> None:
        v = self.view
        self.picture = np.zeros((v.height * SCALE, v.width * SCALE, 3), np.float32)
        self.depth = np.full((v.height, v.width), FAR, np.float32)
        self._rays = v.rays()

    def sky(self, top: Colour, horizon: Colour) -> None:
        h = self.picture.shape[0]
        share = np.clip(np.linspace(0, 2.2, h, dtype=np.float32), 0, 1)[:, None, None]
        self.picture[:] = np.array(top, np.float32) * (1 - share) + np.array(horizon, np.float32) * share

    def ground(self, shader: Shader, haze: Colour = (0.75, 0.77, 0.8), haze_at: float = 160.0) -> None:
        """Colour everything below the horizon; the ground hides nothing."""
        rays = self.view.rays(SCALE)
        below = rays[..., 2] < -0.004
        first = int(np.argmax(below.any(axis=1)))
        part = rays[first:]
        distance = self.view.z / np.maximum(-part[..., 2], 0.004)
        x, y = self.view.x + part[..., 0] * distance, self.view.y + part[..., 1] * distance
        colours = shader(x, y)
        mist = np.clip(distance / haze_at, 0, 1)[..., None] ** 1.5
        colours = colours * (1 - mist) + np.array(haze, np.float32) * mist
        self.picture[first:] = np.where(below[first:, :, None], colours, self.picture[first:])

    def quad(self, corners: list[tuple[float, float, float]], texture: Image.Image, *, shade: float = 1.0) -> None:
        """Hang a picture in the world: corners top left, top right, bottom right, bottom left, as one looks at it."""
        world = np.array(corners, np.float32)
        screen, depth = self.view.project(world)
        if (depth < NEAR).any():
            return
        screen = screen * SCALE
        height, width = self.picture.shape[:2]
        left, top = np.floor(np.maximum(screen.min(0) - 1, 0)).astype(int)
        right, bottom = np.ceil(np.minimum(screen.max(0) + 1, (width, height))).astype(int)
        if right <= left or bottom <= top:
            return
        texture = _reduced(texture.convert("RGBA"), screen)
        solve = _homography(screen - (left, top), texture.size)
        size = (int(right - left), int(bottom - top))
        drawn = texture.transform(size, Image.Transform.PERSPECTIVE, solve, Image.Resampling.BICUBIC)
        self._paint(np.asarray(drawn, np.float32) / 255, int(left), int(top), shade)
        self._stand(drawn, int(left), int(top), world)

    def _paint(self, drawn: Array, left: int, top: int, shade: float) -> None:
        h, w = drawn.shape[:2]
        part = self.picture[top : top + h, left : left + w]
        alpha = drawn[..., 3:]
        part[:] = part * (1 - alpha) + drawn[..., :3] * (shade * alpha)

    def _stand(self, drawn: Image.Image, left: int, top: int, world: Array) -> None:
        """Note the distance of the plane wherever the picture covers it."""
        x0, y0 = left // SCALE, top // SCALE
        x1 = min(-(-(left + drawn.width) // SCALE), self.view.width)
        y1 = min(-(-(top + drawn.height) // SCALE), self.view.height)
        mask = np.zeros(((y1 - y0) * SCALE, (x1 - x0) * SCALE), np.uint8)
        alpha = np.asarray(drawn)[..., 3]
        mask[top - y0 * SCALE :, left - x0 * SCALE :][: alpha.shape[0], : alpha.shape[1]] = alpha[
            : mask.shape[0], : mask.shape[1]
        ]
        covered = mask[::SCALE, ::SCALE] > 127
        normal = np.cross(world[1] - world[0], world[3] - world[0])
        facing = self._rays[y0:y1, x0:x1] @ normal
        reach = float(normal @ (world[0] - self.view.place))
        distance = np.where(np.abs(facing) > 1e-6, reach / np.where(facing == 0, 1, facing), FAR)
        part = self.depth[y0:y1, x0:x1]
        part[:] = np.where(covered & (distance > 0), np.minimum(part, distance), part)

    def upright(self, x: float, y: float, width: float, height: float, texture: Image.Image, *, z: float = 0.0,
                shade: float = 1.0) -> None:  # fmt: skip
        """A flat thing that faces the camera, its foot's middle at x and y: a tree, a sign, a bin."""
        across = self.view.axes[0][:2] / np.hypot(*self.view.axes[0][:2]) * (width / 2)
        a, b = (x - across[0], y - across[1]), (x + across[0], y + across[1])
        self.quad([(*a, z + height), (*b, z + height), (*b, z), (*a, z)], texture, shade=shade)

    def shadow(self, x: float, y: float, radius: float, strength: float = 0.5, stretch: float = 1.0) -> None:
        """A soft dark patch on the ground, `stretch` times as wide as deep."""
        points = np.array([(x, y, 0), (x + radius * stretch, y, 0), (x, y + radius, 0)], np.float32)
        screen, depth = self.view.project(points)
        if (depth < NEAR).any():
            return
        (cx, cy), rx = screen[0] * SCALE, abs(screen[1][0] - screen[0][0]) * SCALE
        ry = max(abs(screen[2][1] - screen[0][1]) * SCALE, 1.0)
        h, w = self.picture.shape[:2]
        x0, x1 = int(max(cx - 2 * rx, 0)), int(min(cx + 2 * rx, w))
        y0, y1 = int(max(cy - 2 * ry, 0)), int(min(cy + 2 * ry, h))
        if x1 <= x0 or y1 <= y0:
            return
        gx, gy = np.meshgrid((np.arange(x0, x1) - cx) / rx, (np.arange(y0, y1) - cy) / ry)
        self.picture[y0:y1, x0:x1] *= (1 - strength * np.exp(-(gx**2 + gy**2) * 1.6))[..., None]

    def finish(self, *, lamps: list[Lamp] | None = None, ambient: Colour = (1, 1, 1), gloss: float = 0.0) -> Array:
        """The picture at its own size (h, w, 3) in 0..1, lit. `gloss` mirrors bright things in wet ground."""
        small = Image.fromarray((np.clip(self.picture, 0, 1) * 255).astype(np.uint8))
        small = small.resize((self.view.width, self.view.height), Image.Resampling.LANCZOS)
        lit = np.asarray(small, np.float32) / 255
        if lamps is None:
            return lit
        shining = np.clip((lit.max(axis=2, keepdims=True) - 0.86) / 0.14, 0, 1)  # signs and windows light themselves
        lit = lit * np.maximum(self._light(lamps, ambient), shining * np.array((1.0, 0.97, 0.9), np.float32))
        if gloss:
            lit = lit + self._mirrored(lit, gloss)
        for lamp in lamps:
            self._glare(lit, lamp)
        return np.asarray(np.clip(lit, 0, 1))

    def world(self) -> Array:
        """The place seen through each pixel (h, w, 3)."""
        down = np.maximum(-self._rays[..., 2], 1e-4)
        distance = np.minimum(np.where(self._rays[..., 2] < 0, self.view.z / down, FAR), self.depth)
        return np.asarray(self.view.place + self._rays * np.minimum(distance, FAR)[..., None])

    def _light(self, lamps: list[Lamp], ambient: Colour) -> Array:
        world = self.world()
        light = np.broadcast_to(np.array(ambient, np.float32), world.shape).copy()
        for lamp in lamps:
            away = world - np.array((lamp.x, lamp.y, lamp.z), np.float32)
            fall = lamp.strength / (1 + (away**2).sum(2) / lamp.reach**2) ** 1.6
            light += fall[..., None] * np.array(lamp.colour, np.float32)
        return light

    def _mirrored(self, lit: Array, gloss: float) -> Array:
        """Bright things drawn long and soft down the wet ground below them."""
        bright = Image.fromarray((np.clip(lit - 0.35, 0, 1) * 255).astype(np.uint8))
        streaks = np.asarray(bright.filter(ImageFilter.GaussianBlur(3)), np.float32) / 255
        run = np.zeros_like(streaks)
        carried = np.zeros_like(streaks[0])
        for row in range(streaks.shape[0]):
            carried = np.maximum(carried * 0.988, streaks[row])
            run[row] = carried
        ground = (self.depth >= FAR)[..., None] & (self._rays[..., 2:] < -0.02)
        return np.asarray(np.where(ground, run * gloss, 0), np.float32)

    def _glare(self, lit: Array, lamp: Lamp) -> None:
        screen, depth = self.view.project(np.array([(lamp.x, lamp.y, lamp.z)], np.float32))
        if depth[0] < NEAR or lamp.glare <= 0:
            return
        radius = lamp.glare * self.view.focal * 0.5 / depth[0]
        add_glow(lit, float(screen[0][0]), float(screen[0][1]), radius, lamp.colour)


def add_glow(picture: Array, x: float, y: float, radius: float, colour: Colour) -> None:
    """Add a round glow with a bright core to a picture in 0..1, in place."""
    h, w = picture.shape[:2]
    reach = radius * 5
    x0, x1 = int(max(x - reach, 0)), int(min(x + reach, w))
    y0, y1 = int(max(y - reach, 0)), int(min(y + reach, h))
    if x1 <= x0 or y1 <= y0:
        return
    gx, gy = np.meshgrid((np.arange(x0, x1) - x) / radius, (np.arange(y0, y1) - y) / radius)
    square = gx**2 + gy**2
    glow = np.exp(-square * 3) * 1.2 + 0.28 / (1 + square * 1.5) * np.clip(1 - square / 25, 0, 1)
    picture[y0:y1, x0:x1] += glow[..., None].astype(np.float32) * np.array(colour, np.float32)


def _reduced(texture: Image.Image, screen: Array) -> Image.Image:
    """The texture no larger than it is shown, so that far walls do not sparkle."""
    wide = max(np.hypot(*(screen[1] - screen[0])), np.hypot(*(screen[2] - screen[3])), 2)
    tall = max(np.hypot(*(screen[3] - screen[0])), np.hypot(*(screen[2] - screen[1])), 2)
    size = (min(texture.width, int(wide) + 1), min(texture.height, int(tall) + 1))
    return texture if size == texture.size else texture.resize(size, Image.Resampling.BOX)


def _homography(screen: Array, size: tuple[int, int]) -> tuple[float, ...]:
    """Coefficients that take a screen position to a place in the texture, as PIL wants them."""
    w, h = size
    target = [(0, 0), (w, 0), (w, h), (0, h)]
    rows, values = [], []
    for (x, y), (u, v) in zip(screen, target, strict=True):
        rows += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
        values += [u, v]
    return tuple(float(value) for value in np.linalg.solve(np.array(rows, float), np.array(values, float)))
