"""What happens as the disk fills: forecast, alarm, the oldest unheld footage goes, then cameras are let go by priority.

Held footage is never touched, and whoever can still be recorded is.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from footage.catalogue import Catalogue
from footage.contract import CameraId, CameraSource
from footage.times import days_words

DAY_90K = 86_400 * 90_000
_HORIZON_DAYS = 400
#: From so much of a day its bytes say what a day brings, and from so much of an hour on they say anything.
_NEARLY_A_DAY_90K, _LEAST_90K = DAY_90K * 9 // 10, 3600 * 90_000


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


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the reserve of the disk is touched. `days` is None where it is not: retention gives back what comes in.

    Not `known` before an hour of some camera was recorded: a rate of minutes says nothing of a day.
    """

    days: float | None
    known: bool = True

    @property
    def words(self) -> str:
        """How long that is, as people say it; empty where the disk never fills."""
        return "" if self.days is None else days_words(self.days)


@dataclass(frozen=True, slots=True)
class Stock:
    """What is kept, in bytes, and how long was recorded, in 1/90000 s: by camera and UTC day."""

    kept: Mapping[CameraId, Mapping[int, int]]
    lengths: Mapping[CameraId, Mapping[int, int]]

    def lately(self, camera_id: CameraId, today: int) -> int:
        """How much of yesterday and today was recorded."""
        days = self.lengths.get(camera_id, {})
        return days.get(today - 1, 0) + days.get(today, 0)

    def rate(self, camera_id: CameraId, today: int) -> int:
        """Bytes of a whole day: as yesterday, or as yesterday and today where less than nearly all of it was recorded.

        A camera that stood still for a part of the day counts as one that did not: it may go on tomorrow.
        """
        kept, lengths = self.kept.get(camera_id, {}), self.lengths.get(camera_id, {})
        days = [today - 1] if lengths.get(today - 1, 0) >= _NEARLY_A_DAY_90K else [today - 1, today]
        length = sum(lengths.get(day, 0) for day in days)
        return sum(kept.get(day, 0) for day in days) * DAY_90K // length if length else 0


def forecast(stock: Stock, cameras: Sequence[CameraSource], room: Room, today: int) -> Forecast:
    """What comes if each camera goes on as in its last full day and footage is deleted as promised.

    0 days where the reserve is touched already, whatever is recorded. `today` is the present UTC day's number.
    """
    free = float(room.free_bytes - room.reserve_bytes)
    if free < 0:
        return Forecast(0.0)
    recorded = [camera for camera in cameras if camera.enabled]
    if not any(stock.lately(camera.camera_id, today) >= _LEAST_90K for camera in recorded):
        return Forecast(None, known=False)
    rates = {camera.camera_id: stock.rate(camera.camera_id, today) for camera in recorded}
    periods = {camera.camera_id: camera.retention_days for camera in cameras}
    for ahead in range(_HORIZON_DAYS):
        change = -sum(rates.values())
        for camera_id, days in stock.kept.items():
            period = periods.get(camera_id)
            if period is not None:
                change += _given_back(days, rates.get(camera_id, 0), today, ahead - period)
        if free + change < 0:
            return Forecast(round(ahead + free / -change, 1))
        free += change
    return Forecast(None)


def look_ahead(catalogue: Catalogue, room: Room, now_90k: int) -> Forecast:
    """The forecast for a store, from its journal."""
    today = now_90k // DAY_90K
    stock = Stock(catalogue.bytes_by_day(), catalogue.recorded_by_day(today - 1))
    return forecast(stock, catalogue.known_cameras(), room, today)


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
