"""Who goes where: paths that close after one loop, so that the film's last picture leads into its first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import atan2, hypot, pi, sin

from footage.simcam.scenes.people import STRIDE, Artist, Look, Pose
from footage.simcam.scenes.space import Array
from footage.simcam.scenes.sprites import Pixels, Sprite
from footage.simcam.scenes.vehicles import Model, Paint, draw_vehicle

LOOP_S = 20.0
Point = tuple[float, float]
#: The light that falls at a place, by night.
LightAt = Callable[[float, float], Array]


class Mover:
    """Something that is drawn anew in each frame."""

    def sprites(self, seconds: float) -> list[Sprite]:
        raise NotImplementedError


@dataclass(frozen=True)
class Path:
    """A line of points, walked at an even pace."""

    points: Sequence[Point]

    @property
    def length(self) -> float:
        return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in zip(self.points, self.points[1:], strict=False))

    def at(self, distance: float) -> tuple[float, float, float]:
        """x, y and heading; corners are turned over a metre."""
        x, y = self._place(distance)
        ax, ay = self._place(max(distance - 0.6, 0))
        bx, by = self._place(min(distance + 0.6, self.length - 1e-6))
        return x, y, atan2(by - ay, bx - ax)

    def _place(self, distance: float) -> Point:
        for a, b in zip(self.points, self.points[1:], strict=False):
            step = hypot(b[0] - a[0], b[1] - a[1])
            if distance <= step:
                share = distance / step if step else 0.0
                return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
            distance -= step
        return self.points[-1]


def laps(length: float, pace: float) -> int:
    """How many loops a path takes at about this pace; as many of the same figure are on it at once."""
    return max(1, round(length / (pace * LOOP_S)))


@dataclass(frozen=True)
class Walker(Mover):
    artist: Artist
    look: Look
    path: Path
    start: float = 0.0  # share of the path already gone at the loop's beginning
    pace: float = 1.4
    stride: float = 1.0
    light: LightAt | None = None
    riding: bool = False

    def sprites(self, seconds: float) -> list[Sprite]:
        length = self.path.length
        count = laps(length, self.pace)
        # A whole number of strides to the path, or the legs would jump when it closes.
        strides = max(count, round(length / (STRIDE * (1.7 if self.stride > 1.3 else 1.0)) / count) * count)
        out: list[Sprite] = []
        for copy in range(count):
            share = (self.start + copy / count + seconds / LOOP_S / count) % 1
            x, y, heading = self.path.at(share * length)
            pose = Pose(x, y, heading, share * strides % 1, self.stride, self.riding)
            light = self.light(x, y) if self.light else None
            out += self.artist.follow((id(self), copy), seconds, self.look, pose, light)
        return out


@dataclass(frozen=True)
class Stander(Mover):
    """Somebody who waits, shifts from foot to foot, turns a little."""

    artist: Artist
    look: Look
    x: float
    y: float
    heading: float
    seed: float = 0.0
    light: LightAt | None = None

    def sprites(self, seconds: float) -> list[Sprite]:
        turn = 2 * pi * seconds / LOOP_S
        sway = sin(turn * 3 + self.seed) * 0.5 + sin(turn * 7 + self.seed * 2) * 0.3
        pose = Pose(self.x + 0.02 * sway, self.y, self.heading + 0.25 * sin(turn * 2 + self.seed), 0.02 * sway, 0.35)
        light = self.light(self.x, self.y) if self.light else None
        return self.artist.follow((id(self),), seconds + self.seed, self.look, pose, light, every_s=0.25)


@dataclass(frozen=True)
class Traffic(Mover):
    """A vehicle on its way; one that stands has a path without length."""

    artist: Artist
    model: Model
    paint: Paint
    path: Path
    start: float = 0.0
    pace: float = 9.0
    ambient: float = 1.0
    light: LightAt | None = None

    def sprites(self, seconds: float) -> list[Sprite]:
        length = self.path.length
        count = laps(length, self.pace)
        out: list[Sprite] = []
        for copy in range(count):
            x, y, heading = self.path.at((self.start + copy / count + seconds / LOOP_S / count) % 1 * length)
            light = self.light(x, y) if self.light else None
            out += draw_vehicle(
                self.artist.view, self.model, self.paint, x, y, heading, ambient=self.ambient, light=light
            )
        return out


@dataclass
class Scene:
    """One camera's place: what stands, how far away it is, what moves. `noise` is the sensor's, in steps of luma."""

    name: str
    label: str  # as it is burned in
    number: int  # as it is in the code: below 1024
    base: Pixels  # (h, w, 3)
    depth: Array
    movers: Sequence[Mover]
    noise: float = 1.6
    grey: bool = False
    ripple: Callable[[Pixels, float], None] | None = None  # changes the luma (h, w) in place
