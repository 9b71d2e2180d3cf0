"""What the first page says: the next things to do by role, and the state of the system in a few sentences."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from footage.contract import CameraCondition, NodeHealth
from footage.times import utc_datetime
from overt.estate.models import Camera
from overt.logbook.log_actions import CHECKED
from overt.logbook.models import Entry
from overt.rooms import Notice, Task, named, rooms
from overt.shared.moments import short_text
from overt.shared.sizes import size_words
from overt.watch.integrity.services import last_whole_round, round_under_way
from overt.watch.notices import notices_for
from overt.watch.state import node_health

if TYPE_CHECKING:
    from overt.accounts.models import User


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the system's state."""

    key: str
    value: str
    tone: str = ""
    tag: str = ""


def tasks_for(user: User, acts: Collection[str]) -> list[Task]:
    """What the rooms say comes first, their notices, then the ways this person's acts lead to, each once."""
    tasks = [task for room in reversed(rooms()) for name in room.tasks for task in named(name)(user, acts)]
    tasks += _notices(user)
    ways = sorted((way for room in rooms() for way in room.ways if way.act in acts), key=lambda way: way.place)
    first: dict[str, Task] = {}
    for way in ways:
        first.setdefault(way.href, Task(way.words, way.href, way.detail))
    return [*tasks, *first.values()]


def standing(user: User, now: datetime) -> list[Fact]:
    """How the system stands, for those who may see it: the recorder, this person's cameras, the disk."""
    health = node_health()
    if health is None or not health.alive:
        return [Fact("Recorder", "It does not answer; nothing is being recorded", "late", "Act now")]
    mine = set(Camera.objects.visible_to(user).in_use().values_list("pk", flat=True))
    return [
        Fact("Recorder", "Running"),
        _cameras(health, mine),
        _disk(health),
        *_alarms(health),
        _logbook(),
        _footage(),
    ]


def _notices(user: User) -> list[Task]:
    return [_from_notice(notice) for notice in notices_for(user, timezone.now()) if notice.href]


def _from_notice(notice: Notice) -> Task:
    tone = {"now": "late", "soon": "wait"}.get(notice.tone, "")
    due = f"due {short_text(notice.due)}" if notice.due else ""
    detail = ", ".join(words for words in (notice.detail, due) if words)
    return Task(notice.title, notice.href, detail, notice.heading if tone else "", tone)


def _cameras(health: NodeHealth, mine: Collection[object]) -> Fact:
    cameras = [camera for camera in health.cameras if camera.camera_id in mine]
    lost = [camera for camera in cameras if camera.condition is not CameraCondition.RECORDING]
    if not lost:
        return Fact("Cameras", f"All {len(cameras)} are recording" if cameras else "None is recorded yet")
    since = min(utc_datetime(camera.since_90k) for camera in lost)
    words = f"{len(lost)} of {len(cameras)} not recording; the longest since {short_text(since)}"
    return Fact("Cameras", words, "late", "Fault")


def _disk(health: NodeHealth) -> Fact:
    days = health.disk_days_left
    forecast = "" if days is None else f"; room for {days:.0f} more days at today's rate"
    return Fact(
        "Disk", f"{size_words(health.store_free_bytes)} free of {size_words(health.store_total_bytes)}{forecast}"
    )


def _logbook() -> Fact:
    """How the logbook's last check from end to end went."""
    last = Entry.objects.filter(action=CHECKED.name).order_by("-number").first()
    if last is None:
        return Fact("Logbook", "Not checked yet; the worker does so once a day")
    when = short_text(last.recorded_at)
    if last.facts.get("sound"):
        return Fact("Logbook", f"Checked from end to end {when}: sound")
    return Fact("Logbook", f"Checked from end to end {when}: damaged", "late", "Act now")


def _footage() -> Fact:
    """How far everything stored has been held against its hashes."""
    going, last = round_under_way(), last_whole_round()
    words = [f"{going.percent} % of this round read since {short_text(going.started_at)}"] if going else []
    if last is not None and last.finished_at is not None:
        found = f"{last.damaged} damaged" if last.damaged else "all as recorded"
        words.append(f"last whole round {short_text(last.finished_at)}: {found}")
    damaged = bool(going and going.damaged) or bool(last and last.damaged)
    text = _sentence("; ".join(words)) or "Not read yet; the worker does so by itself"
    return Fact("Recordings", text, *(("late", "Damage") if damaged else ()))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _alarms(health: NodeHealth) -> list[Fact]:
    return [Fact("Alarm", words, "late", "Act now") for words in health.alarms]
