"""A row of light and dark cells in the top right corner of a picture, which says who sent it and when.

52 cells of 8 x 16 pixels, from the picture's right edge to the left of it, top row first pixel line. In order: light,
dark (what light and dark look like here), then 48 bits, most significant first, then dark, light. The bits: 1 kind
(0 a frame's number in its loop, 1 the time it was sent), 10 camera number, 32 value (a frame number, or milliseconds
since the epoch modulo 2**32), 5 check (the other 43 bits as a number, modulo 31). Light is about 170 of 255, dark 40.

docs/benchmarks.md has the same reader for a browser's canvas.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

CELL, HEIGHT, CELLS = 8, 16, 52
WIDTH = CELL * CELLS
LIGHT, DARK = 170, 40
#: Light and dark have to be this far apart, or there is no code in the picture.
CONTRAST = 40
WRAP = 1 << 32


class Kind(IntEnum):
    FRAME = 0
    TIME = 1


@dataclass(frozen=True, slots=True)
class Code:
    """What a picture says. `value` is a frame's number, or milliseconds since the epoch modulo 2**32."""

    kind: Kind
    camera: int
    value: int

    def sent_at_s(self, near_s: float | None = None) -> float:
        """Seconds since the epoch of a time code, taken to be within 24 days of `near_s` (now)."""
        near = round((time.time() if near_s is None else near_s) * 1000)
        return (near + (self.value - near + WRAP // 2) % WRAP - WRAP // 2) / 1000


def cells(code: Code) -> list[bool]:
    """Light or dark for each cell, from the left."""
    word = (int(code.kind) << 42) | (code.camera & 0x3FF) << 32 | code.value % WRAP
    word = word << 5 | word % 31
    bits = [bool(word >> shift & 1) for shift in range(47, -1, -1)]
    return [True, False, *bits, False, True]


def code_row(code: Code) -> NDArray[np.uint8]:
    """The cells as luma (16, 416)."""
    row = np.where(np.repeat(cells(code), CELL), LIGHT, DARK).astype(np.uint8)
    return np.repeat(row[None], HEIGHT, 0)


def read_code(picture: NDArray[np.uint8]) -> Code | None:
    """The code in a picture of luma (h, w) or RGB (h, w, 3) at its own size; None where there is none to be read."""
    if picture.shape[0] < HEIGHT or picture.shape[1] < WIDTH:
        return None
    corner = picture[:HEIGHT, picture.shape[1] - WIDTH :].astype(np.float32)
    if corner.ndim == 3:
        corner = corner[..., 1]  # the cells are grey
    middles = corner[4:12].reshape(8, CELLS, CELL)[:, :, 2:6].mean(axis=(0, 2))
    light, dark = (middles[0] + middles[-1]) / 2, (middles[1] + middles[-2]) / 2
    if light - dark < CONTRAST or np.abs(middles - (light + dark) / 2).min() < (light - dark) / 5:
        return None
    word = 0
    for cell in middles[2:-2] > (light + dark) / 2:
        word = word << 1 | int(cell)
    content, check = word >> 5, word & 31
    if content % 31 != check:
        return None
    return Code(Kind(content >> 42), content >> 32 & 0x3FF, content % WRAP)
