"""What the first page says: the next things to do by role, and the state of the system in a few sentences."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from overt.rooms import Notice, Standing, Task, named, rooms
from overt.shared.moments import short_text
from overt.watch.notices import notices_for

if TYPE_CHECKING:
    from overt.accounts.models import User


def tasks_for(user: User, acts: Collection[str]) -> list[Task]:
    """What the rooms say comes first, their notices, then the ways this person's acts lead to, each once."""
    tasks = [task for room in reversed(rooms()) for name in room.tasks for task in named(name)(user, acts)]
    tasks += _notices(user)
    ways = sorted((way for room in rooms() for way in room.ways if way.act in acts), key=lambda way: way.place)
    first: dict[str, Task] = {}
    for way in ways:
        first.setdefault(way.href, Task(way.words, way.href, way.detail))
    return [*tasks, *first.values()]


def standing(user: User, now: datetime) -> list[Standing]:
    """How the system stands, for those who may see it: what each room says of what it looks after."""
    lines = [line for room in rooms() for name in room.standing for line in named(name)(user, now)]
    return sorted(lines, key=lambda line: line.place)


def _notices(user: User) -> list[Task]:
    return [_from_notice(notice) for notice in notices_for(user, timezone.now()) if notice.href]


def _from_notice(notice: Notice) -> Task:
    tone = {"now": "late", "soon": "wait"}.get(notice.tone, "")
    due = f"due {short_text(notice.due)}" if notice.due else ""
    detail = ", ".join(words for words in (notice.detail, due) if words)
    return Task(notice.title, notice.href, detail, notice.heading if tone else "", tone)
