"""Keeps both promises of retention and the disk from filling, in a thread of its own, whatever the cameras do."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass

from footage.catalogue import Catalogue
from footage.catalogue.ballast import trim
from footage.catalogue.deletions import Shortage
from footage.catalogue.lived import Lived, Reading, read_clocks
from footage.contract import CameraId
from footage.recorder.allowance import day_allowances, fills_the_disk
from footage.recorder.deletion import carry_out
from footage.recorder.pressure import DAY_90K, Forecast, Room, look, look_ahead
from footage.recorder.trust import ClockTrust

log = logging.getLogger("footage.retention")
#: Days left at which the control room is told that the retention promise is at risk.
_WARN_DAYS = 3.0
_FORECAST_EVERY_90K = 300 * 90_000
_MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What one round found and did."""

    room: Room
    held_bytes: int
    forecast: Forecast
    expired: int
    made_room: int
    alarms: tuple[str, ...]
    to_close: CameraId | None = None  # the disk is short, and the file it is writing is the most of it


class Housekeeper:
    """Call `round` every few seconds, always from one thread."""

    def __init__(self, catalogue: Catalogue, *, reserve_bytes: int | None = None) -> None:
        self._catalogue = catalogue
        self._reserve_bytes = reserve_bytes
        self._trust = ClockTrust(catalogue)
        self._to_close: CameraId | None = None
        self._greedy: set[str] = set()  # the cameras whose footage went in the last round for its sheer mass
        self._forecast: tuple[int, Forecast] | None = None  # made at (boot time)

    def round(self) -> Upkeep:
        """Finish begun deletions, delete what is past its date, then make room where there is none."""
        clocks = read_clocks()
        trim(self._catalogue.store)
        carry_out(self._catalogue)
        expired, life = 0, self._catalogue.live_on(clocks)
        if self._trust.look(clocks):
            expired = self._expire(clocks.wall_90k, life)
        made_room = self._make_room(clocks.wall_90k)
        room = look(self._catalogue.store, self._reserve_bytes)
        left = self._look_ahead(room, clocks)
        held = self._catalogue.held_bytes()
        alarms = tuple(self._alarms(room, left, made_room, clocks))
        return Upkeep(room, held, left, expired, made_room, alarms, self._to_close)

    def _look_ahead(self, room: Room, clocks: Reading) -> Forecast:
        """The forecast, made anew every few minutes: it moves slowly and reads a row for each camera and day."""
        made = self._forecast
        if made is None or clocks.boottime_90k - made[0] > _FORECAST_EVERY_90K or room.short_bytes:
            made = self._forecast = (clocks.boottime_90k, look_ahead(self._catalogue, room, clocks.wall_90k))
        return made[1]

    def _expire(self, now_90k: int, life: Lived) -> int:
        gone = 0
        while self._catalogue.mark_expired(now_90k, life=life):
            went = carry_out(self._catalogue)
            gone += went
            if not went:
                break
        return gone

    def _make_room(self, now_90k: int) -> int:
        """Delete unheld footage until the reserve is free, or nothing unheld is left.

        What a camera keeps beyond its allowance of a day goes first, so that it takes no other's footage before its
        day; where all are within theirs, the oldest.
        """
        gone = 0
        self._greedy, self._to_close = set(), None
        while short := (room := look(self._catalogue.store, self._reserve_bytes)).short_bytes:
            if not self._mark_excess(now_90k, room) and (
                self._to_close or not self._catalogue.mark_oldest(now_90k, short)
            ):
                break
            went = carry_out(self._catalogue)
            gone += went
            if not went:
                break
        if gone:
            log.warning("the disk is nearly full: %d segments went before their date", gone)
        return gone

    def _mark_excess(self, now_90k: int, room: Room) -> int:
        cameras = self._catalogue.known_cameras()
        kept, writing = self._catalogue.bytes_by_day(), self._writing()
        for camera_id in writing:
            kept.setdefault(camera_id, {})
        allowed = day_allowances(kept, cameras, room, now_90k // DAY_90K)
        excess = self._catalogue.mark_excess(now_90k, Shortage(room.short_bytes, allowed, writing))
        self._greedy |= {camera.name for camera in cameras if camera.camera_id in excess.cameras}
        day = now_90k // DAY_90K
        today = {camera_id: days.get(day, 0) + writing.get(camera_id, 0) for camera_id, days in kept.items()}
        to_close = excess.to_close
        fills = to_close is not None and fills_the_disk(to_close, today, room.short_bytes)
        self._to_close = to_close if fills else None
        return excess.marked

    def _writing(self) -> dict[CameraId, int]:
        """How large the file is that each camera is writing."""
        sizes: dict[CameraId, int] = {}
        for opened in self._catalogue.open_files():
            with contextlib.suppress(OSError):
                sizes[opened.camera_id] = (self._catalogue.store / opened.path).stat().st_size
        return sizes

    def _alarms(self, room: Room, left: Forecast, made_room: int, clocks: Reading) -> list[str]:
        alarms = []
        if clock := self._trust.alarm(clocks):
            alarms.append(clock)
        if room.critical:
            alarms.append("The disk is full. Cameras of low priority are no longer recorded.")
        elif self._greedy:
            names = ", ".join(sorted(self._greedy)[:_MOST_NAMES])
            alarms.append(f"The disk is nearly full. {names} recorded far more than usual: that goes before its date.")
        elif made_room or room.short_bytes:
            alarms.append("The disk is nearly full. The oldest footage goes before its date; held footage is kept.")
        elif left.days is not None and left.days < _WARN_DAYS:
            alarms.append(f"The disk will be full in {left.words}: footage cannot be kept as long as was promised.")
        return alarms
