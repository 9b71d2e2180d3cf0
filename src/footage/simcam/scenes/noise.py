"""Cloudy noise that tiles, for asphalt, brick, leaves and water."""

from __future__ import annotations

from functools import cache

import numpy as np

from footage.simcam.scenes.space import Array

SIDE = 512


@cache
def clouds(seed: int, slope: float = 1.4) -> Array:
    """A tile of SIDE x SIDE with mean 0 and spread 1; the steeper the slope, the softer the clouds."""
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft2(rng.standard_normal((SIDE, SIDE)))
    fy, fx = np.meshgrid(np.fft.fftfreq(SIDE), np.fft.rfftfreq(SIDE), indexing="ij")
    frequency = np.hypot(fx, fy)
    frequency[0, 0] = 1.0
    tile = np.fft.irfft2(spectrum / frequency**slope, s=(SIDE, SIDE))
    return np.asarray((tile - tile.mean()) / tile.std(), np.float32)


def sample(tile: Array, x: Array, y: Array, per_metre: float) -> Array:
    """The tile repeated over the ground, `per_metre` of its cells to a metre."""
    column = (x * per_metre).astype(np.int32) % SIDE
    row = (y * per_metre).astype(np.int32) % SIDE
    return np.asarray(tile[row, column])
