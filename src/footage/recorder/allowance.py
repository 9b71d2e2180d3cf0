"""How much of a day each camera may keep when the disk is short: who records far more than usual pays first.

Decides nothing while there is room, and touches nothing; see housekeeping.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median_low

from footage.contract import CameraId, CameraSource
from footage.recorder.pressure import Room

#: A busy day may be twice a usual one before it counts as more than the camera's share.
_BUSY = 2
#: Less than such a part of what is short does not matter.
_MATTERS = 8
#: Nobody's usual counts for more than so many times the middle camera's: a flood that lasts becomes no right.
_MOST_TIMES_THE_MIDDLE = 8


def day_allowances(
    kept: Mapping[CameraId, Mapping[int, int]], cameras: Sequence[CameraSource], room: Room, today: int
) -> dict[CameraId, int]:
    """Bytes of one UTC day that each camera may keep before its footage of that day goes first.

    Twice what it usually records in a day, and never less than its part of the disk were that shared out equally by
    the days that were promised. A camera without a full day behind it counts as the middle one.

    `kept` is bytes by camera and UTC day, `today` the present day's number. Cameras that keep nothing are left out.
    """
    usual = {camera_id: _usual(days, today) for camera_id, days in kept.items()}
    known = [rate for rate in usual.values() if rate]
    middle = median_low(known) if known else 0
    equal = _equal_part(kept, cameras, room)
    return {
        camera_id: max(equal, _BUSY * min(rate or middle, _MOST_TIMES_THE_MIDDLE * middle))
        for camera_id, rate in usual.items()
    }


def fills_the_disk(camera_id: CameraId, today: Mapping[CameraId, int], short_bytes: int) -> bool:
    """Whether it is this camera that fills the disk, by the bytes of today of all that record.

    It recorded more than twice what the middle one did, and enough to matter beside what is short: else something
    else fills the disk. One alone has no other to be measured by.
    """
    own = today.get(camera_id, 0)
    far_more = len(today) < 2 or own > _BUSY * median_low(today.values())
    return far_more and own * _MATTERS >= short_bytes


def _usual(days: Mapping[int, int], today: int) -> int:
    """The middle of a camera's full days; 0 where it has none. The oldest day is no full one: it began or is going."""
    full = [count for day, count in days.items() if day < today and day > min(days)]
    return median_low(full) if full else 0


def _equal_part(kept: Mapping[CameraId, Mapping[int, int]], cameras: Sequence[CameraSource], room: Room) -> int:
    """What one camera had of the disk for one day, were it shared out equally by the days that are promised."""
    promised = sum(camera.retention_days for camera in cameras if camera.enabled or camera.camera_id in kept)
    held_and_free = sum(sum(days.values()) for days in kept.values()) + room.free_bytes - room.reserve_bytes
    return max(held_and_free, 0) // (promised or 1)
