"""What the ground is made of: colours in 0..1 by place. Patterns fade out before they would flicker."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from footage.simcam.scenes.noise import clouds, sample
from footage.simcam.scenes.space import Array
from footage.simcam.scenes.stage import Colour


def mix(base: Array, colour: Colour, share: Array | NDArray[np.bool_] | float) -> Array:
    weight = np.asarray(share, np.float32)
    rest = 1 - weight
    mixed = np.empty_like(base)
    for place, value in enumerate(colour):  # numpy is slow over an innermost axis of three
        mixed[..., place] = base[..., place] * rest + np.float32(value) * weight
    return mixed


def fade(x: Array, y: Array, at: float, origin: tuple[float, float] = (0.0, 0.0)) -> Array:
    """1 near the camera, 0 from `at` metres on."""
    return np.asarray(np.clip(1 - np.hypot(x - origin[0], y - origin[1]) / at, 0, 1), np.float32)


def _spread(x: Array, value: Array, colour: Colour) -> Array:
    return np.asarray(np.array(colour, np.float32) * (1 + value)[..., None], np.float32)


def asphalt(x: Array, y: Array, colour: Colour = (0.36, 0.365, 0.375), seed: int = 1) -> Array:
    """Tarmac with grain, stains and old patches."""
    grain = sample(clouds(seed, 0.5), x, y, 40) * 0.10 * fade(x, y, 30)
    stain = sample(clouds(seed + 1, 1.7), x, y, 6) * 0.07 + sample(clouds(seed + 2, 1.2), x, y, 14) * 0.035
    return _spread(x, grain + stain, colour)


def slabs(x: Array, y: Array, size: float = 0.6, colour: Colour = (0.60, 0.585, 0.56), seed: int = 4) -> Array:
    """Paving stones, each a little different, with dark joints."""
    row = np.floor(y / size)
    column = np.floor(x / size + 0.5 * (row % 2))
    each = sample(clouds(seed, 0.0), column * 7.3, row * 3.1, 1) * 0.045
    soil = sample(clouds(seed + 1, 1.6), x, y, 9) * 0.06
    dx = np.abs((x / size + 0.5 * (row % 2)) % 1 - 0.5)
    dy = np.abs(y / size % 1 - 0.5)
    joint = np.maximum(dx, dy) > 0.5 - 0.012 / size
    return mix(_spread(x, each + soil, colour), (0.36, 0.35, 0.33), joint * 0.75 * fade(x, y, 45))


def setts(x: Array, y: Array, seed: int = 9) -> Array:
    """Small granite cobbles."""
    row = np.floor(y / 0.12)
    each = sample(clouds(seed, 0.0), np.floor(x / 0.2 + 0.5 * (row % 2)) * 5.1, row * 3.7, 1) * 0.13 * fade(x, y, 35)
    soil = sample(clouds(seed + 1, 1.6), x, y, 8) * 0.08
    return _spread(x, each + soil, (0.50, 0.485, 0.465))


def grass(x: Array, y: Array, seed: int = 21) -> Array:
    blades = sample(clouds(seed, 0.6), x, y, 34) * 0.16 * fade(x, y, 40)
    lush = sample(clouds(seed + 1, 1.6), x, y, 5)
    base = _spread(x, blades + lush * 0.08, (0.30, 0.37, 0.19))
    return mix(base, (0.42, 0.40, 0.24), np.clip(lush * 0.3, 0, 0.5))


def line(distance: Array, width: float) -> Array:
    """Whether a place is within half a width of a line."""
    return np.asarray(np.abs(distance) < width / 2)


def worn(x: Array, y: Array, seed: int = 31) -> Array:
    """How much of road paint is left: 0.5 to 1."""
    return np.asarray(np.clip(0.82 + 0.2 * sample(clouds(seed, 1.1), x, y, 22), 0.35, 0.95))


def street(x: Array, y: Array, *, half_road: float = 3.3, zebra: float | None = 13.0, dashes: bool = True) -> Array:
    """A road along y with kerbs, yellow lines, pavements on both sides and a zebra crossing of 3 m."""
    away = np.abs(x)
    road = asphalt(x, y)
    wheel = np.exp(-((away - 0.9) ** 2) * 8) + np.exp(-((away - 2.4) ** 2) * 8)
    road *= (1 - 0.07 * wheel)[..., None]
    paint = worn(x, y)
    clear = np.ones_like(x, bool) if zebra is None else (y < zebra - 2) | (y > zebra + 5)
    if dashes:
        road = mix(road, (0.86, 0.86, 0.82), line(x, 0.1) * (y % 6 < 2) * paint * clear)
    for at in (half_road - 0.28, half_road - 0.5):
        road = mix(road, (0.80, 0.68, 0.22), line(away - at, 0.08) * paint * clear)
    if zebra is not None:
        stripes = (y > zebra) & (y < zebra + 3) & (np.floor((x + 20) / 0.62) % 2 < 1) & (away < half_road - 0.1)
        road = mix(road, (0.88, 0.88, 0.85), stripes * paint)
    road = mix(road, (0.20, 0.20, 0.21), line(away - half_road + 0.06, 0.14) * 0.5)
    paved = slabs(x, y)
    if zebra is not None:  # the red stones that a stick feels
        warn = (away > half_road + 0.15) & (away < half_road + 1.0) & (y > zebra - 0.2) & (y < zebra + 3.2)
        paved = mix(paved, (0.46, 0.31, 0.28), warn * 0.8)
    kerb = _spread(x, 0 * x, (0.66, 0.655, 0.64))
    out = np.where((away < half_road)[..., None], road, paved)
    return np.asarray(np.where(((away >= half_road) & (away < half_road + 0.15))[..., None], kerb, out), np.float32)
