"""The drawn world and the camera that looks at it. Metres: x to the right, y away, z up; the ground is z = 0."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import cos, radians, sin, tan
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
NEAR = 0.4  # nothing nearer than this is drawn


@dataclass(frozen=True)
class View:
    """A pinhole camera on a pole. Angles in degrees: `yaw` to the right, `pitch` down, `field` across the picture."""

    x: float
    y: float
    z: float
    yaw: float
    pitch: float
    field: float
    width: int = 1280
    height: int = 704

    @cached_property
    def focal(self) -> float:
        return self.width / 2 / tan(radians(self.field) / 2)

    @cached_property
    def axes(self) -> Array:
        """Rows: right, forward, up of the camera in the world."""
        a, b = radians(self.yaw), radians(self.pitch)
        right = (cos(a), -sin(a), 0.0)
        forward = (sin(a) * cos(b), cos(a) * cos(b), -sin(b))
        up = (sin(a) * sin(b), cos(a) * sin(b), cos(b))
        return np.array([right, forward, up], np.float32)

    @cached_property
    def place(self) -> Array:
        return np.array([self.x, self.y, self.z], np.float32)

    def project(self, points: Array) -> tuple[Array, Array]:
        """Screen positions (n, 2) in pixels and distances along the view (n,)."""
        seen = (np.asarray(points, np.float32) - self.place) @ self.axes.T
        depth = seen[:, 1]
        safe = np.maximum(depth, 0.05)
        across = self.width / 2 + self.focal * seen[:, 0] / safe
        down = self.height / 2 - self.focal * seen[:, 2] / safe
        return np.stack([across, down], 1), depth

    def rays(self, scale: int = 1) -> Array:
        """World directions through each pixel, one metre forward (h, w, 3)."""
        w, h = self.width * scale, self.height * scale
        across = (np.arange(w, dtype=np.float32) + 0.5 - w / 2) / (self.focal * scale)
        down = (h / 2 - np.arange(h, dtype=np.float32) - 0.5) / (self.focal * scale)
        grid_x, grid_z = np.meshgrid(across, down)
        return np.asarray(
            grid_x[..., None] * self.axes[0] + self.axes[1] + grid_z[..., None] * self.axes[2], np.float32
        )
