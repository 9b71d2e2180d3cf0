"""What happens as the disk fills: forecast, alarm, the oldest unheld footage goes, then cameras are let go by priority.

Held footage is never touched, and whoever can still be recorded is.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from footage.contract import CameraId, CameraSource

DAY_90K = 86_400 * 90_000
_HORIZON_DAYS = 400


@dataclass(frozen=True, slots=True)
class Room:
    """The disk now. `reserve_bytes` is what the recorder keeps free."""

    total_bytes: int
    free_bytes: int
    reserve_bytes: int

    @property
    def short_bytes(self) -> int:
        """How much must go for the reserve to be free again; 0 when it is."""
        return max(0, self.reserve_bytes - self.free_bytes)

    @property
    def critical(self) -> bool:
        """So little is left that cameras must be let go."""
        return self.free_bytes < self.reserve_bytes // 2

    @property
    def easy(self) -> bool:
        """There is room again for a camera that was let go."""
        return self.free_bytes > self.reserve_bytes


def look(store: Path, reserve_bytes: int | None = None) -> Room:
    """The disk that holds the store. The reserve is 1 % of it, between 256 MB and 8 GB, unless given."""
    usage = shutil.disk_usage(store)
    reserve = reserve_bytes if reserve_bytes is not None else max(256 << 20, min(8 << 30, usage.total // 100))
    return Room(usage.total, usage.free, reserve)


def days_left(
    kept: Mapping[CameraId, Mapping[int, int]], cameras: Sequence[CameraSource], room: Room, today: int
) -> float | None:
    """Days until the reserve is touched, recording as in the last full day and deleting as promised; None: never.

    0 where it is touched already, whatever is recorded.

    `kept` is bytes by camera and UTC day, `today` the present day's number.
    """
    rates = {camera.camera_id: _rate(kept.get(camera.camera_id, {}), today) for camera in cameras if camera.enabled}
    periods = {camera.camera_id: camera.retention_days for camera in cameras}
    free = float(room.free_bytes - room.reserve_bytes)
    if free < 0:
        return 0.0
    for ahead in range(_HORIZON_DAYS):
        change = -sum(rates.values())
        for camera_id, days in kept.items():
            period = periods.get(camera_id)
            if period is not None:
                change += _given_back(days, rates.get(camera_id, 0), today, ahead - period)
        if free + change < 0:
            return round(ahead + free / -change, 1)
        free += change
    return None


def _rate(days: Mapping[int, int], today: int) -> int:
    """Bytes of a day: of yesterday if it was recorded, else of today so far."""
    return days.get(today - 1) or days.get(today, 0)


def _given_back(days: Mapping[int, int], rate: int, today: int, offset: int) -> int:
    """What retention frees of the footage recorded `offset` days from today."""
    return days.get(today + offset, 0) if offset < 0 else rate


def next_to_shed(cameras: Sequence[tuple[int, CameraId]], greedy: CameraId | None = None) -> CameraId | None:
    """The camera of the lowest priority among those still recorded; never the last one.

    One whose own file is what fills the disk goes before all others: `greedy`.
    """
    if len(cameras) > 1 and any(camera_id == greedy for _, camera_id in cameras):
        return greedy
    return min(cameras, key=lambda pair: (pair[0], str(pair[1])))[1] if len(cameras) > 1 else None


def next_to_unshed(cameras: Sequence[tuple[int, CameraId]]) -> CameraId | None:
    """The camera of the highest priority among those let go."""
    return max(cameras, key=lambda pair: (pair[0], str(pair[1])))[1] if cameras else None
