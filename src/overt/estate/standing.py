"""How the recorder, its disk and a person's cameras stand, in the words of the first page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from footage.contract import CameraCondition, NodeHealth
from footage.times import days_words, utc_datetime
from overt.estate.models import Camera
from overt.estate.node import node_health
from overt.rooms import Standing
from overt.shared.moments import short_text
from overt.shared.sizes import size_words

if TYPE_CHECKING:
    from overt.accounts.models import User


def recorder(user: User, now: datetime) -> list[Standing]:
    """The recorder, this person's cameras, the disk and the alarms; the first alone where it does not answer."""
    health = node_health()
    if health is None or not health.alive:
        words = "It does not answer; nothing is being recorded"
        return [Standing("Recorder", words, "late", "Act now", place=10)]
    mine = set(Camera.objects.visible_to(user).in_use().values_list("pk", flat=True))
    return [Standing("Recorder", "Running", place=10), _cameras(health, mine), _disk(health), *_alarms(health)]


def _cameras(health: NodeHealth, mine: Collection[object]) -> Standing:
    cameras = [camera for camera in health.cameras if camera.camera_id in mine]
    lost = [camera for camera in cameras if camera.condition is not CameraCondition.RECORDING]
    if not lost:
        words = f"All {len(cameras)} are recording" if cameras else "None is recorded yet"
        return Standing("Cameras", words, place=20)
    since = min(utc_datetime(camera.since_90k) for camera in lost)
    words = f"{len(lost)} of {len(cameras)} not recording; the longest since {short_text(since)}"
    return Standing("Cameras", words, "late", "Fault", place=20)


def _disk(health: NodeHealth) -> Standing:
    if health.disk_lost:
        return Standing("Disk", "Not there, so what is free is not known", "late", "Act now", place=30)
    free = f"{size_words(health.store_free_bytes)} free of {size_words(health.store_total_bytes)}"
    if not health.disk_forecast_known:
        return Standing("Disk", f"{free}; for how long is not known before an hour was recorded", place=30)
    days = health.disk_days_left
    if days is None:
        return Standing("Disk", f"{free}; it holds what was promised", place=30)
    return Standing("Disk", f"{free}; full in {days_words(days)} at a day's rate", "wait", "Soon", place=30)


def _alarms(health: NodeHealth) -> list[Standing]:
    return [Standing("Alarm", words, "late", "Act now", place=40) for words in health.alarms]
