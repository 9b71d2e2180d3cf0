"""The dark row on top of a picture: words on the left, the code's cells on the right."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from footage.simcam.code import HEIGHT, WIDTH, Code, code_row

GROUND, INK = 18, 206
MARGIN = 8
ADVANCE = 9  # pixels from letter to letter, so that a changing digit moves nothing else


@cache
def letter(character: str) -> NDArray[np.uint8]:
    """One character as luma (16, ADVANCE)."""
    image = Image.new("L", (ADVANCE, HEIGHT), GROUND)
    font = ImageFont.load_default(14)
    ImageDraw.Draw(image).text((ADVANCE / 2, 7.5), character, font=font, fill=INK, anchor="mm")
    return np.asarray(image)


def text_room(width: int) -> int:
    """How many letters there is room for beside the code."""
    return max(0, (width - WIDTH - 2 * MARGIN) // ADVANCE)


def letter_left(place: int) -> int:
    """Where a letter begins."""
    return MARGIN + place * ADVANCE


def caption_row(width: int, text: str, code: Code) -> NDArray[np.uint8]:
    """The row as luma (16, width). The text is cut where the code begins."""
    row = np.full((HEIGHT, width), GROUND, np.uint8)
    for place, character in enumerate(text[: text_room(width)]):
        left = letter_left(place)
        row[:, left : left + ADVANCE] = letter(character)
    row[:, width - WIDTH :] = code_row(code)
    return row
