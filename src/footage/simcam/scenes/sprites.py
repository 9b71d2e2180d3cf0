"""A moving thing as it is in one frame: a small picture with its place on the screen and its distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from footage.simcam.scenes.space import Array

Pixels = NDArray[np.uint8]


@dataclass(slots=True)
class Sprite:
    """`pixels` is (h, w, 4); left and top may lie outside the screen. `glow` ones are added, not laid over."""

    pixels: Pixels
    left: int
    top: int
    depth: float
    glow: bool = False


def lay(frame: Pixels, depth: Array, sprite: Sprite) -> None:
    """Put a sprite into a frame, behind whatever stands nearer."""
    height, width = frame.shape[:2]
    h, w = sprite.pixels.shape[:2]
    x0, y0 = max(sprite.left, 0), max(sprite.top, 0)
    x1, y1 = min(sprite.left + w, width), min(sprite.top + h, height)
    if x1 <= x0 or y1 <= y0:
        return
    pixels = sprite.pixels[y0 - sprite.top : y1 - sprite.top, x0 - sprite.left : x1 - sprite.left]
    part = frame[y0:y1, x0:x1]
    weight = pixels[..., 3].astype(np.uint16)
    weight *= depth[y0:y1, x0:x1] > sprite.depth - 0.15
    rest = 255 - weight
    for colour in range(3):  # one at a time: numpy takes twice as long over an innermost axis of three
        before, over = part[..., colour], pixels[..., colour]
        if sprite.glow:
            before[:] = np.minimum(before + (over * weight >> 8), 255)
        else:
            before[:] = (before * rest + over * weight + 128) >> 8


def canvas(size: tuple[int, int], ground: tuple[int, int, int, int]) -> Image.Image:
    """To draw on with four bytes a pixel, the last one opacity.

    Pillow need not know that: told "RGBA", it would multiply and divide all pixels by it to shrink them, for a third
    of the drawing's time. The ground's colour should be near what is drawn on it, for it shows at the edges.
    """
    return Image.new("RGBX", size, ground)


def shrink(image: Image.Image, scale: int) -> Pixels:
    """An image drawn larger, reduced to its own size with smooth edges."""
    return np.asarray(image.reduce(scale))
