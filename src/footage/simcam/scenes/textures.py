"""Flat pictures to hang in the world: house fronts, shop fronts, trees, stalls."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from footage.simcam.scenes.noise import SIDE, clouds

PER_METRE = 44  # pixels
Rgb = tuple[int, int, int]


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own typeface, so that scenes look the same on every machine."""
    return ImageFont.load_default(size)


@lru_cache(8192)
def tone(colour: Rgb, by: float) -> Rgb:
    """A lighter (above 1) or darker colour."""
    r, g, b = (max(0, min(255, int(part * by))) for part in colour)
    return r, g, b


def _grained(image: Image.Image, seed: int, strength: float) -> Image.Image:
    pixels = np.asarray(image, np.float32)
    h, w = pixels.shape[:2]
    rows, columns = np.arange(h) % SIDE, np.arange(w) % SIDE
    tile = 200 + seed % 5  # a few tiles serve all walls: making one takes as long as laying bricks
    grain = clouds(tile, 0.7)[rows][:, columns] + 0.8 * clouds(tile, 1.8)[rows][:, columns]
    return Image.fromarray(np.clip(pixels + grain[..., None] * strength, 0, 255).astype(np.uint8))


def wall(width: float, height: float, colour: Rgb, seed: int, *, bricks: bool = True) -> Image.Image:
    """A wall of brick or render, a little dirtier towards the ground."""
    w, h = int(width * PER_METRE), int(height * PER_METRE)
    image = Image.new("RGB", (w, h), colour)
    if bricks:
        draw, rng = ImageDraw.Draw(image), np.random.default_rng(seed)
        for row, y in enumerate(range(0, h, 4)):
            for x in range(-(row % 2) * 5, w, 11):
                draw.rectangle((x, y, x + 9, y + 2), fill=tone(colour, 1.04 + 0.10 * float(rng.standard_normal())))
    image = _grained(image, seed, 6)
    dirt = Image.linear_gradient("L").resize((w, h)).point([int(255 - 0.22 * v) for v in range(256)])
    return Image.composite(image, Image.new("RGB", (w, h), tone(colour, 0.55)), dirt)


def window(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], *, lit: Rgb | None, seed: int) -> None:
    """A sash window: reveal, frame, panes with the sky in them or a room behind, sill."""
    x0, y0, x1, y1 = box
    rng = np.random.default_rng(seed)
    draw.rectangle((x0 - 3, y0 - 5, x1 + 3, y1 + 2), fill=(70, 62, 58))
    draw.rectangle((x0 - 4, y0 - 10, x1 + 4, y0 - 4), fill=(176, 166, 150))
    draw.rectangle(box, fill=(228, 226, 220))
    pane = lit or (62 + int(rng.integers(0, 30)), 74 + int(rng.integers(0, 26)), 88 + int(rng.integers(0, 24)))
    middle_x, middle_y = (x0 + x1) // 2, (y0 + y1) // 2
    for a, b in ((x0 + 3, middle_x - 1), (middle_x + 2, x1 - 3)):
        for c, d in ((y0 + 3, middle_y - 1), (middle_y + 2, y1 - 3)):
            draw.rectangle((a, c, b, d), fill=pane)
            if lit is None:
                draw.polygon([(a, d), (a, c + (d - c) // 2), (b, c)], fill=tone(pane, 1.25))
    if lit is None and rng.random() < 0.5:
        draw.rectangle((x0 + 3, y0 + 3, x1 - 3, y0 + 3 + (y1 - y0) // 4), fill=(205, 198, 182))  # a blind
    draw.rectangle((x0 - 6, y1 + 2, x1 + 6, y1 + 7), fill=(168, 160, 148))


def house(width: float, height: float, colour: Rgb, seed: int, *, shop: str = "", sign: Rgb = (40, 70, 60),
          night: bool = False, bricks: bool = True, floors: int = 2) -> Image.Image:  # fmt: skip
    """A front with windows above and a shop or windows and a door below."""
    rng = np.random.default_rng(seed)
    image = wall(width, height, colour, seed, bricks=bricks)
    draw = ImageDraw.Draw(image)
    w, h = image.size
    ground = int(3.3 * PER_METRE)
    each = (h - ground - int(0.7 * PER_METRE)) // max(floors, 1)
    columns = max(2, round(width / 2.4))
    for floor in range(floors):
        for column in range(columns):
            x = int(w * (column + 0.5) / columns)
            y = int(0.9 * PER_METRE) + floor * each
            half, tall = int(0.48 * PER_METRE), int(min(1.6 * PER_METRE, each * 0.68))
            lamp: Rgb | None = (250, 214, 150) if rng.random() < 0.3 else (24, 26, 32)
            window(draw, (x - half, y, x + half, y + tall), lit=lamp if night else None, seed=seed * 97 + x + y)
    draw.rectangle((0, 0, w, 10), fill=tone(colour, 0.62))
    draw.rectangle((0, 10, w, 18), fill=(196, 188, 174))  # cornice
    if shop:
        _shop(draw, w, h, ground, shop, sign, seed, night=night)
    else:
        _ground_floor(draw, w, h, columns, seed, night=night)
    draw.rectangle((w - 4, 14, w - 1, h), fill=(58, 56, 54))  # downpipe
    return image


def _shop(draw: ImageDraw.ImageDraw, w: int, h: int, ground: int, name: str, sign: Rgb, seed: int,
          *, night: bool) -> None:  # fmt: skip
    rng = np.random.default_rng(seed)
    top = h - ground
    draw.rectangle((0, top - 6, w, h), fill=tone(sign, 0.55))
    draw.rectangle((4, top, w - 4, top + 34), fill=(255, 250, 232) if night and rng.random() < 0.6 else sign)
    ink = tone(sign, 0.9) if night else (238, 232, 214)
    draw.text((w / 2, top + 17), name, font=font(26), fill=ink, anchor="mm")
    draw.rectangle((0, top + 34, w, top + 39), fill=(30, 28, 28))
    door = int(w * (0.14 if rng.random() < 0.5 else 0.72))
    inside: Rgb = (255, 236, 188) if night and rng.random() < 0.6 else ((30, 30, 34) if night else (58, 62, 64))
    draw.rectangle((8, top + 46, w - 8, h - 26), fill=inside)
    for _ in range(16):  # goods in the window
        x, y = int(rng.integers(10, max(11, w - 30))), int(rng.integers(top + 70, h - 44))
        goods = tuple(int(c) for c in rng.integers(60, 190, 3))
        draw.rectangle((x, y, x + int(rng.integers(6, 22)), h - 28), fill=tone((goods[0], goods[1], goods[2]), 0.8))
    if not night:
        for x in range(12, w, 90):
            draw.polygon([(x, h - 28), (x + 36, top + 48), (x + 62, top + 48), (x + 26, h - 28)], fill=(112, 122, 126))
    for x in np.linspace(8, w - 8, max(3, w // 80)):
        draw.rectangle((int(x) - 2, top + 40, int(x) + 2, h - 24), fill=tone(sign, 0.7))
    draw.rectangle((door, top + 44, door + 44, h), fill=tone(sign, 0.42))
    draw.rectangle((door + 6, top + 52, door + 38, h - 30), fill=tone(inside, 0.8))
    draw.rectangle((0, h - 25, w, h), fill=tone(sign, 0.45))


def _ground_floor(draw: ImageDraw.ImageDraw, w: int, h: int, columns: int, seed: int, *, night: bool) -> None:
    rng = np.random.default_rng(seed + 5)
    at_door = int(rng.integers(0, columns))
    for column in range(columns):
        x = int(w * (column + 0.5) / columns)
        if column == at_door:
            paint = [(44, 66, 92), (96, 34, 34), (36, 62, 48), (40, 40, 44)][int(rng.integers(0, 4))]
            draw.rectangle((x - 28, h - 112, x + 28, h), fill=(206, 200, 188))
            draw.rectangle((x - 22, h - 96, x + 22, h - 2), fill=paint)
            draw.rectangle((x - 18, h - 108, x + 18, h - 99), fill=(250, 220, 160) if night else (90, 100, 110))
        else:
            lamp: Rgb | None = (250, 210, 150) if rng.random() < 0.4 else (22, 24, 30)
            window(draw, (x - 24, h - 112, x + 24, h - 42), lit=lamp if night else None, seed=seed + x)


@cache
def tree(seed: int, *, season: str = "summer") -> Image.Image:
    """A street tree of about 5 x 6 metres on a clear ground."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGBA", (440, 528), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.polygon([(212, 528), (228, 528), (226, 250), (214, 250)], fill=(70, 58, 48, 255))
    for _ in range(9):
        x, y = rng.integers(90, 350), rng.integers(120, 260)
        draw.line([(220, 330), (int(x), int(y))], fill=(66, 54, 45, 255), width=5)
    base = {"summer": (74, 98, 48), "autumn": (150, 104, 46), "dark": (40, 48, 36)}[season]
    for layer in range(3):
        for _ in range(420):
            angle, far = rng.random() * 2 * np.pi, np.sqrt(rng.random())
            x, y = 220 + np.cos(angle) * far * (190 - layer * 20), 180 + np.sin(angle) * far * (160 - layer * 22)
            light = 0.55 + layer * 0.18 + 0.35 * (1 - y / 360) + 0.12 * rng.standard_normal()
            r = float(rng.integers(6, 15))
            draw.ellipse((x - r, y - r * 0.8, x + r, y + r * 0.8), fill=(*tone(base, light), 255))
    return image.filter(ImageFilter.GaussianBlur(0.8))


@cache
def stall(colour: Rgb, seed: int) -> Image.Image:
    """A market stall of about 3.2 x 2.6 metres: striped awning, goods, a dark inside."""
    rng = np.random.default_rng(seed)
    w, h = 280, 228
    image = Image.new("RGBA", (w, h), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    for x in (10, w - 16):
        draw.rectangle((x, 30, x + 6, h), fill=(120, 116, 110, 255))
    draw.rectangle((16, 70, w - 16, 150), fill=(38, 36, 36, 255))
    for number in range(10):
        x0, x1 = w * number / 10, w * (number + 1) / 10
        paint = (232, 228, 216) if number % 2 else colour
        lean = 18
        roof = [(x0 * (w - 2 * lean) / w + lean, 0), (x1 * (w - 2 * lean) / w + lean, 0), (x1, 62), (x0, 62)]
        draw.polygon(roof, fill=(*tone(paint, 1.0), 255))
        draw.pieslice((x0, 50, x1, 76), 0, 180, fill=(*tone(paint, 0.82), 255))
    draw.rectangle((8, 142, w - 8, 168), fill=(128, 104, 74, 255))
    for _ in range(60):
        x, y = int(rng.integers(12, w - 20)), int(rng.integers(128, 146))
        goods = [(196, 60, 44), (222, 150, 40), (110, 146, 60), (226, 206, 90), (120, 60, 96)][int(rng.integers(0, 5))]
        draw.ellipse((x, y, x + 11, y + 10), fill=(*goods, 255))
    draw.rectangle((10, 166, w - 10, h), fill=(*tone(colour, 0.6), 255))
    return image


def plain(colour: Rgb, size: tuple[int, int] = (8, 8)) -> Image.Image:
    return Image.new("RGB", size, colour)


@cache
def lamp_head(colour: Rgb = (72, 74, 76)) -> Image.Image:
    """A lamp post of 7 metres with a flat modern head."""
    image = Image.new("RGBA", (120, 560), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rectangle((57, 18, 62, 560), fill=(*colour, 255))
    draw.rectangle((55, 440, 64, 560), fill=(*tone(colour, 0.85), 255))
    draw.line([(60, 22), (104, 12)], fill=(*colour, 255), width=5)
    draw.rounded_rectangle((78, 6, 118, 16), 4, fill=(*tone(colour, 1.2), 255))
    draw.rectangle((82, 15, 114, 18), fill=(240, 238, 226, 255))
    return image
