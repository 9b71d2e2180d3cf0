"""Where the cameras of a list stand, as a drawing made here: no tiles, nothing fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from overt.estate.cameras.states import CameraState
from overt.estate.models import Camera

WIDTH, HEIGHT, EDGE = 640, 420, 36
#: A list whose cameras stand closer than this (degrees of latitude, about 200 m) is not magnified further.
_LEAST_SPAN = 0.0018
_CONE_HALF_ANGLE, _CONE_LENGTH = 28, 26


@dataclass(frozen=True, slots=True)
class Pin:
    """A camera on the drawing: its point in pixels, the way it looks (a path, empty where it turns), its state."""

    camera: Camera
    state: CameraState
    x: float
    y: float
    cone: str

    @property
    def label_left(self) -> bool:
        """Whether the number stands on the left, so that it does not cover where the camera looks."""
        return self.camera.bearing_degrees is not None and 20 <= self.camera.bearing_degrees <= 160

    @property
    def svg(self) -> SafeString:
        """The dot, filled where the camera records, with its number and the fan in which it looks; a link to it."""
        side = 'dx="-11" text-anchor="end"' if self.label_left else 'dx="11"'
        cone = format_html('<path d="{}" fill="currentColor" fill-opacity="0.16"/>', self.cone) if self.cone else ""
        return format_html(
            '<a href="{}"><title>{}: {}</title>{}'
            '<circle cx="{}" cy="{}" r="6" fill="{}" stroke="currentColor" stroke-width="2"/>'
            '<text x="{}" y="{}" {} dy="5" fill="currentColor">{}</text></a>',
            self.camera.get_absolute_url(),
            self.camera,
            self.state.words,
            cone,
            f"{self.x:.1f}",
            f"{self.y:.1f}",
            "none" if self.state.tag else "currentColor",
            f"{self.x:.1f}",
            f"{self.y:.1f}",
            SafeString(side),
            self.camera.number,
        )


@dataclass(frozen=True, slots=True)
class Drawing:
    pins: Sequence[Pin]
    scale_pixels: int
    scale_metres: int
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def svg(self) -> SafeString:
        """The frame, the cameras as links, and the scale."""
        return format_html(
            '<svg class="estate-map" viewBox="0 0 {} {}" width="{}" height="{}" role="group"'
            ' aria-label="The cameras above by position, north at the top">{}{}{}</svg>',
            self.width,
            self.height,
            self.width,
            self.height,
            self._frame(),
            format_html_join("", "{}", ((pin.svg,) for pin in self.pins)),
            self._scale(),
        )

    def _frame(self) -> SafeString:
        return format_html(
            '<rect x="0.5" y="0.5" width="{}" height="{}" fill="none" stroke="currentColor" stroke-opacity="0.25"/>',
            self.width - 1,
            self.height - 1,
        )

    def _scale(self) -> SafeString:
        return format_html(
            '<g transform="translate(16 {})"><path d="M0 -5V0H{}V-5" fill="none" stroke="currentColor"/>'
            '<text x="0" y="-8" font-size="12" fill="currentColor">{} m</text></g>',
            self.height - 16,
            self.scale_pixels,
            self.scale_metres,
        )


def draw(cameras: Sequence[tuple[Camera, CameraState]]) -> Drawing | None:
    """North up, one scale both ways (east-west shortened by the cosine of the latitude); None without positions."""
    placed = [
        (c, s, float(c.latitude), float(c.longitude))
        for c, s in cameras
        if c.latitude is not None and c.longitude is not None
    ]
    if not placed:
        return None
    latitudes, longitudes = [p[2] for p in placed], [p[3] for p in placed]
    south, west = min(latitudes), min(longitudes)
    shorten = max(0.01, cos(radians((south + max(latitudes)) / 2)))
    high = max(max(latitudes) - south, _LEAST_SPAN)
    wide = max((max(longitudes) - west) * shorten, _LEAST_SPAN)
    pixels = min((HEIGHT - 2 * EDGE) / high, (WIDTH - 2 * EDGE) / wide)
    left = (WIDTH - (max(longitudes) - west) * shorten * pixels) / 2
    foot = (HEIGHT + (max(latitudes) - south) * pixels) / 2
    pins = []
    for camera, state, latitude, longitude in placed:
        x, y = left + (longitude - west) * shorten * pixels, foot - (latitude - south) * pixels
        pins.append(Pin(camera, state, round(x, 1), round(y, 1), _cone(x, y, camera.bearing_degrees)))
    metres = _round_metres(pixels)
    return Drawing(pins, round(metres / 111_320 * pixels), metres)


def _cone(x: float, y: float, bearing: int | None) -> str:
    if bearing is None:
        return ""
    first, last = radians(bearing - _CONE_HALF_ANGLE), radians(bearing + _CONE_HALF_ANGLE)
    reach = _CONE_LENGTH
    return (
        f"M{x:.1f} {y:.1f}L{x + reach * sin(first):.1f} {y - reach * cos(first):.1f}"
        f"A{reach} {reach} 0 0 1 {x + reach * sin(last):.1f} {y - reach * cos(last):.1f}Z"
    )


def _round_metres(pixels_per_degree: float) -> int:
    """A round distance that takes about a hundred pixels."""
    wanted = 100 / pixels_per_degree * 111_320
    step = 10
    for step in (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 500_000):
        if step >= wanted * 0.6:
            break
    return step
