"""Writes what a picture shows beneath it: a band of text under the picture, which itself is not written on."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from footage.picture import PictureMissing

_QUALITY = 95
_SMALLEST = 12  # pixels: what can still be read on paper
_INK, _PAPER = (20, 24, 29), (255, 255, 255)


def captioned(jpeg: bytes, lines: Sequence[str]) -> bytes:
    """The picture with a band beneath it that holds the lines, and with the same lines in its comment, as a JPEG.

    A line that is wider than the picture goes on in the next one. Raises PictureMissing.
    """
    try:
        from PIL import Image, ImageDraw, ImageFont
    except ImportError:
        raise PictureMissing("Stills need Pillow. Install Overt with its `picture` extra.") from None
    with Image.open(io.BytesIO(jpeg)) as picture:
        width, height = picture.size
        size = max(_SMALLEST, round(width / 48))
        font = ImageFont.load_default(size)
        shown = [part for line in lines for part in _wrapped(line, font.getlength, width - 2 * size)]
        step = round(size * 1.4)
        paper = Image.new("RGB", (width, height + step * len(shown) + size), _PAPER)
        paper.paste(picture.convert("RGB"), (0, 0))
    draw = ImageDraw.Draw(paper)
    for number, line in enumerate(shown):
        draw.text((size, height + size // 2 + number * step), line, fill=_INK, font=font)
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=_QUALITY, subsampling=0, comment="\n".join(lines).encode())
    return out.getvalue()


def _wrapped(line: str, length: Callable[[str], float], most: float) -> list[str]:
    """The line in parts that fit, broken between words; a word that is wider stands alone."""
    parts = [""]
    for word in line.split():
        longer = f"{parts[-1]} {word}".strip()
        if parts[-1] and length(longer) > most:
            parts.append(word)
        else:
            parts[-1] = longer
    return parts
