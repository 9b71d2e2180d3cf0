"""A bicycle: two wheels, a frame, drawn in the world under its rider."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from PIL import ImageDraw

from footage.simcam.scenes.space import View
from footage.simcam.scenes.sprites import Sprite, canvas, shrink


def draw_cycle(view: View, x: float, y: float, heading: float, turn: float) -> list[Sprite]:
    """Wheels of 0.34 m at both ends of a metre; `turn` is how often they have gone round."""
    ahead = np.array((cos(heading), sin(heading), 0.0), np.float32)
    place = np.array((x, y, 0.0), np.float32)
    round_ = np.linspace(0, 2 * pi, 22)

    def wheel(along: float) -> np.ndarray:
        ring = np.stack([along + 0.34 * np.cos(round_), 0 * round_, 0.34 + 0.34 * np.sin(round_)], 1)
        return np.asarray(place + ring[:, :1] * ahead + np.array((0, 0, 1), np.float32) * ring[:, 2:], np.float32)

    bars = [
        (-0.52, 0.34),
        (-0.18, 0.92),
        (0.42, 0.88),
        (0.0, 0.32),
        (-0.18, 0.92),
        (0.42, 0.88),
        (0.54, 0.34),
        (0.42, 0.88),
        (0.40, 1.04),
    ]
    frame = np.array([place + ahead * a + np.array((0, 0, z)) for a, z in bars], np.float32)
    points = [wheel(-0.52), wheel(0.54), frame]
    screen, depth = view.project(np.concatenate(points))
    if depth.min() < 1.5 or screen[:, 0].max() < 0 or screen[:, 0].min() > view.width:
        return []
    left, top = (np.floor(screen.min(0)) - 3).astype(int)
    right, bottom = (np.ceil(screen.max(0)) + 3).astype(int)
    s = 3
    image = canvas(((int(right) - int(left)) * s, (int(bottom) - int(top)) * s), (30, 32, 36, 0))
    draw = ImageDraw.Draw(image)
    metre = view.focal / float(depth.mean()) * s
    at = [((u - left) * s, (v - top) * s) for u, v in screen]
    for start in (0, 22):
        draw.line(at[start : start + 22], fill=(26, 28, 30, 255), width=max(2, int(0.045 * metre)))
    draw.line(at[44:], fill=(150, 40, 44, 255), width=max(2, int(0.05 * metre)))
    return [Sprite(shrink(image, s), int(left), int(top), float(depth.mean()) + 0.1)]
