"""The dark row on top of a picture: words on the left, the code's cells on the right."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from footage.simcam.code import HEIGHT, WIDTH, Code, code_row

GROUND, INK = 18, 206
ADVANCE = 9  # pixels from letter to letter, so that a changing digit moves nothing else


@cache
def letter(character: str) -> NDArray[np.uint8]:
    """One character as luma (16, ADVANCE)."""
    image = Image.new("L", (ADVANCE, HEIGHT), GROUND)
    font = ImageFont.load_default(14)
    ImageDraw.Draw(image).text((ADVANCE / 2, 7.5), character, font=font, fill=INK, anchor="mm")
    return np.asarray(image)


def caption_row(width: int, text: str, code: Code | None) -> NDArray[np.uint8]:
    """The row as luma (16, width). The text is cut where the code begins."""
    row = np.full((HEIGHT, width), GROUND, np.uint8)
    room = (width - WIDTH - 16) // ADVANCE if code else width // ADVANCE
    for number, character in enumerate(text[: max(room, 0)]):
        left = 8 + number * ADVANCE
        row[:, left : left + ADVANCE] = letter(character)
    if code and width >= WIDTH:
        row[:, width - WIDTH :] = code_row(code)
    return row
