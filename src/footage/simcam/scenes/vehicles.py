"""Cars, vans and buses: a side profile drawn out to its width, shaded by its faces, far faces first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import cos, pi, sin

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from footage.simcam.scenes.space import Array, View
from footage.simcam.scenes.sprites import Sprite, canvas, shrink
from footage.simcam.scenes.textures import Rgb, tone

GLASS: Rgb = (46, 54, 62)
#: The light's direction in the world, for shading faces.
SUN = np.array([-0.45, -0.35, 0.82], np.float32)


@dataclass(frozen=True)
class Model:
    """Profile points (along, up) from the tail's foot over the roof to the nose's foot; `glass` names the edges
    (by their first point) that are windows; the belt is where the sides lean in."""

    profile: tuple[tuple[float, float], ...]
    glass: tuple[int, ...]
    windows: tuple[tuple[tuple[float, float], ...], ...]
    wheels: tuple[float, ...]
    half_width: float = 0.86
    roof_width: float = 0.62
    belt: float = 0.93
    wheel: float = 0.31


HATCH = Model(
    profile=((-1.98, 0.30), (-2.02, 0.62), (-1.92, 0.95), (-1.62, 1.38), (-0.9, 1.47), (0.0, 1.46), (0.42, 1.38),
             (1.12, 0.98), (1.78, 0.84), (1.97, 0.64), (1.99, 0.30)),
    glass=(2, 6),
    windows=(((-1.50, 0.97), (-1.36, 1.33), (-0.62, 1.40), (-0.62, 0.97)), 
             ((-0.52, 0.97), (-0.52, 1.40), (0.36, 1.34), (0.92, 0.97))),
    wheels=(-1.25, 1.25),
)  # fmt: skip
SALOON = Model(
    profile=((-2.25, 0.32), (-2.28, 0.70), (-2.20, 0.94), (-1.45, 0.99), (-0.95, 1.38), (-0.3, 1.44), (0.2, 1.42),
             (0.55, 1.34), (1.25, 0.96), (2.05, 0.82), (2.24, 0.62), (2.25, 0.30)),
    glass=(3, 7),
    windows=(((-1.22, 0.97), (-0.88, 1.32), (-0.30, 1.38), (-0.30, 0.97)), 
             ((-0.20, 0.97), (-0.20, 1.38), (0.50, 1.30), (1.05, 0.97))),
    wheels=(-1.35, 1.38), half_width=0.89,
)  # fmt: skip
VAN = Model(
    profile=((-2.5, 0.35), (-2.52, 2.05), (-2.42, 2.18), (0.9, 2.2), (1.15, 2.1), (1.85, 1.22), (2.42, 1.02),
             (2.52, 0.75), (2.52, 0.33)),
    glass=(4,),
    windows=(((0.35, 1.28), (0.35, 1.95), (1.02, 1.92), (1.55, 1.28)),),
    wheels=(-1.55, 1.65), half_width=0.97, roof_width=0.90, belt=1.22, wheel=0.34,
)  # fmt: skip
BUS = Model(
    profile=((-5.3, 0.32), (-5.35, 2.9), (-5.2, 3.05), (5.2, 3.05), (5.35, 2.75), (5.4, 1.0), (5.38, 0.32)),
    glass=(4,),
    windows=tuple(((x, 1.25), (x, 2.45), (x + 1.35, 2.45), (x + 1.35, 1.25))
                  for x in (-4.9, -3.4, -1.9, -0.4, 1.1, 2.6)),
    wheels=(-3.2, 3.3), half_width=1.25, roof_width=1.2, belt=1.1, wheel=0.46,
)  # fmt: skip


@dataclass(frozen=True)
class Paint:
    """`lights` turns the lamps on; `dark` is how little daylight there is, 1 in the day."""

    colour: Rgb
    lights: bool = False
    braking: bool = False


@dataclass(frozen=True)
class Face:
    points: Array
    colour: Rgb
    outward: Array
    layer: int = 0  # later layers lie on the face below them
    emits: bool = False


@cache
def _faces(model: Model, paint: Paint) -> tuple[Face, ...]:
    """The faces in the car's own metres: x ahead, y left, z up."""
    return (*_shell(model, paint), *_sides(model, paint), *_details(model, paint))


def _width(model: Model, up: float) -> float:
    top = max(z for _, z in model.profile)
    lean = np.clip((up - model.belt) / max(top - model.belt, 0.01), 0, 1)
    low = np.clip((up - 0.3) / 0.25, 0, 1)  # the sill is a little narrower
    return float(model.half_width - (model.half_width - model.roof_width) * lean - 0.05 * (1 - low))


def _shell(model: Model, paint: Paint) -> list[Face]:
    faces = []
    for number, ((x0, z0), (x1, z1)) in enumerate(zip(model.profile, model.profile[1:], strict=False)):
        a, b = _width(model, z0), _width(model, z1)
        points = np.array([(x0, a, z0), (x0, -a, z0), (x1, -b, z1), (x1, b, z1)], np.float32)
        outward = np.array((-(z1 - z0), 0, x1 - x0), np.float32)
        glass = number in model.glass
        faces.append(Face(points, paint.colour, outward))
        if glass:
            inner = points * (1, 0.9, 1)
            middle = inner.mean(0)
            faces.append(Face((inner - middle) * 0.9 + middle, GLASS, outward, 1))
    return faces


def _sides(model: Model, paint: Paint) -> list[Face]:
    faces = []
    low = [(x, min(z, model.belt)) for x, z in model.profile]
    for side in (1, -1):
        out = np.array((0, side, 0.0), np.float32)
        body = np.array([(x, side * _width(model, z), z) for x, z in low], np.float32)
        faces.append(Face(body, paint.colour, out))
        house = [(x, z) for x, z in model.profile if z >= model.belt - 0.02]
        cabin = np.array([(x, side * _width(model, z), z) for x, z in house], np.float32)
        faces.append(Face(cabin, tone(paint.colour, 0.95), np.array((0, side, 0.35), np.float32)))
        for pane in model.windows:
            glass = np.array([(x, side * (_width(model, z) + 0.005), z) for x, z in pane], np.float32)
            faces.append(Face(glass, GLASS, np.array((0, side, 0.5), np.float32), 1))
        for x in model.wheels:
            faces += [_disc(model, x, side, model.wheel * 1.16, (20, 20, 22), 1),
                      _disc(model, x, side, model.wheel, (30, 30, 32), 2),
                      _disc(model, x, side, model.wheel * 0.62, (128, 130, 134), 3)]  # fmt: skip
    return faces


def _disc(model: Model, x: float, side: int, radius: float, colour: Rgb, layer: int) -> Face:
    turn = np.linspace(0, 2 * pi, 18, endpoint=False)
    y = side * (model.half_width + 0.01 * layer - 0.03)
    points = np.stack([x + radius * np.cos(turn), np.full(18, y), model.wheel + radius * np.sin(turn)], 1)
    return Face(points.astype(np.float32), colour, np.array((0, side, 0), np.float32), layer)


def _details(model: Model, paint: Paint) -> list[Face]:
    nose, tail = model.profile[-2], model.profile[1]
    ahead, behind = np.array((1, 0, 0.1), np.float32), np.array((-1, 0, 0.1), np.float32)
    lamp = (255, 250, 226) if paint.lights else (206, 210, 212)
    rear = (255, 40, 30) if paint.lights or paint.braking else (126, 24, 22)
    faces = []
    height = 0.95 if model is BUS else nose[1] + 0.02
    back = 1.0 if model is BUS else max(tail[1], 0.72) if model is not VAN else 1.0
    for side in (1, -1):
        w = model.half_width
        faces.append(
            _plate(nose[0] + 0.02, side * w * 0.50, side * w * 0.88, height - 0.13, height, lamp, ahead, paint)
        )
        faces.append(_plate(tail[0] - 0.02, side * w * 0.62, side * w * 0.92, back - 0.16, back, rear, behind, paint))
    faces.append(_plate(nose[0] + 0.03, -0.26, 0.26, 0.40, 0.51, (226, 226, 220), ahead, paint, plain=True))
    faces.append(_plate(tail[0] - 0.03, -0.26, 0.26, 0.52, 0.63, (222, 196, 60), behind, paint, plain=True))
    faces.append(_plate(nose[0] + 0.02, -0.42, 0.42, 0.55, 0.66, (26, 26, 28), ahead, paint, plain=True))
    return faces


def _plate(x: float, y0: float, y1: float, z0: float, z1: float, colour: Rgb, outward: Array, paint: Paint,
           *, plain: bool = False) -> Face:  # fmt: skip
    points = np.array([(x, y0, z0), (x, y1, z0), (x, y1, z1), (x, y0, z1)], np.float32)
    return Face(points, colour, outward, 2, emits=paint.lights and not plain)


def draw_vehicle(view: View, model: Model, paint: Paint, x: float, y: float, heading: float, *, ambient: float = 1.0,
                 light: Array | None = None) -> list[Sprite]:  # fmt: skip
    """Shadow, body and, by night, the lamps' glow; nothing where it is out of sight. Heading in radians from x."""
    turn = np.array([(cos(heading), sin(heading), 0), (-sin(heading), cos(heading), 0), (0, 0, 1)], np.float32)
    place = np.array((x, y, 0), np.float32)
    middle, at = view.project(place[None] + (0, 0, 0.7))
    length = model.profile[-1][0] + 0.4
    if at[0] < length + 0.8:
        return []
    reach = length * view.focal / max(float(at[0]) - length, 1.0)
    if not -reach < middle[0][0] < view.width + reach:
        return []
    body = _body(view, model, paint, turn, place, float(at[0]), ambient, light)
    shadow = _ground_shadow(view, model, turn, place, float(at[0]))
    return [shadow, body, *(_glows(view, model, turn, place, float(at[0])) if paint.lights and ambient < 0.6 else [])]


def _body(view: View, model: Model, paint: Paint, turn: Array, place: Array, at: float, ambient: float,
          light: Array | None) -> Sprite:  # fmt: skip
    """Painted back to front; each face keeps the details that lie on it together with it."""
    faces = _faces(model, paint)
    counts = np.cumsum([0] + [len(face.points) for face in faces])
    world = np.concatenate([face.points for face in faces]) @ turn + place
    screen, depth = view.project(world)
    left, top = np.floor(screen.min(0)).astype(int) - 2
    right, bottom = np.ceil(screen.max(0)).astype(int) + 2
    scale = 3 if at > 14 else 2
    # Only what can be seen is drawn: a bus close by would be a huge picture.
    left, top = max(int(left), -40), max(int(top), -40)
    right, bottom = min(int(right), view.width + 40), min(int(bottom), view.height + 40)
    size = (max(right - left, 1) * scale, max(bottom - top, 1) * scale)
    image = canvas(size, (*tone(paint.colour, 0.4), 0))
    draw = ImageDraw.Draw(image)
    order = []
    for number, face in enumerate(faces):
        points = slice(counts[number], counts[number + 1])
        outward = face.outward @ turn
        if float(outward @ (world[points].mean(0) - view.place)) < 0:
            order.append((face.layer, -float(depth[points].mean()), number, outward))
    for _, _, number, outward in sorted(order, key=lambda item: (item[0] > 0, item[1] if not item[0] else item[0])):
        face = faces[number]
        points = slice(counts[number], counts[number + 1])
        colour = face.colour if face.emits else _lit(face, outward, ambient, light)
        draw.polygon([((u - left) * scale, (v - top) * scale) for u, v in screen[points]], fill=(*colour, 255))
    return Sprite(shrink(image, scale), left, top, at - model.half_width)


def _lit(face: Face, outward: Array, ambient: float, light: Array | None) -> Rgb:
    normal = outward / (np.linalg.norm(outward) or 1)
    shine = 0.52 + 0.40 * max(0.0, float(normal @ SUN)) + 0.14 * float(normal[2])
    if face.colour == GLASS:
        shine = 0.7 + 0.7 * max(0.0, float(normal[2]))
    r, g, b = tone(face.colour, shine * ambient)
    if light is None:
        return r, g, b
    return min(int(r * light[0]), 255), min(int(g * light[1]), 255), min(int(b * light[2]), 255)


def _ground_shadow(view: View, model: Model, turn: Array, place: Array, at: float) -> Sprite:
    length, width = model.profile[-1][0] + 0.1, model.half_width + 0.22
    corners = np.array([(length, width, 0), (length, -width, 0), (-length, -width, 0), (-length, width, 0)], np.float32)
    screen, _ = view.project(corners @ turn + place)
    soft = max(1.0, 0.10 * view.focal / at)
    left, top = (np.floor(screen.min(0)) - soft * 3).astype(int)
    right, bottom = (np.ceil(screen.max(0)) + soft * 3).astype(int)
    left, top = max(int(left), -60), max(int(top), -60)
    size = (max(min(int(right), view.width + 60) - left, 1), max(min(int(bottom), view.height + 60) - top, 1))
    image = Image.new("L", size, 0)
    ImageDraw.Draw(image).polygon([(u - left, v - top) for u, v in screen], fill=185)
    pixels = np.zeros((size[1], size[0], 4), np.uint8)
    pixels[..., 3] = np.asarray(image.filter(ImageFilter.GaussianBlur(soft)))
    return Sprite(pixels, left, top, at + model.half_width)


def _glows(view: View, model: Model, turn: Array, place: Array, at: float) -> list[Sprite]:
    """Headlamps seen from ahead, tail lamps from behind."""
    ahead = float(np.array((1, 0, 0), np.float32) @ turn @ (place - view.place))
    nose, tail = model.profile[-2], model.profile[1]
    coming = ahead < 0
    along, up = (nose[0], nose[1] - 0.04) if coming else (tail[0], max(tail[1], 0.75) - 0.08)
    colour = (255, 244, 214) if coming else (255, 44, 30)
    lamps = np.array([(along, side * model.half_width * 0.7, up) for side in (1, -1)], np.float32) @ turn + place
    screen, depth = view.project(lamps)
    facing = min(1.0, abs(ahead) / (float(np.linalg.norm(place - view.place)) or 1))
    radius = (0.9 if coming else 0.32) * view.focal / at * (0.4 + 0.6 * facing)
    return [glow_sprite(float(u), float(v), radius, colour, float(d) - 0.5)
            for (u, v), d in zip(screen, depth, strict=True) if d > 0.5]  # fmt: skip


def glow_sprite(x: float, y: float, radius: float, colour: Rgb, depth: float) -> Sprite:
    r = max(int(radius), 2)
    gx, gy = np.meshgrid(np.linspace(-1, 1, 2 * r), np.linspace(-1, 1, 2 * r))
    square = gx**2 + gy**2
    strength = np.exp(-square * 40) * 255 + np.exp(-square * 4) * 70 * (square < 1)
    pixels = np.empty((2 * r, 2 * r, 4), np.uint8)
    pixels[..., :3] = colour
    pixels[..., 3] = np.clip(strength - 1.3, 0, 255).astype(np.uint8)
    return Sprite(pixels, int(x) - r, int(y) - r, depth, glow=True)
