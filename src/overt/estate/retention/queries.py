"""The runs of retention as one person may see them, and what is at risk now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils import timezone

from footage.contract import FootageError, NodeHealth
from footage.times import days_words
from overt.access.rules import Act
from overt.estate.models import Camera, RetentionRun
from overt.estate.node import node
from overt.shared.sizes import size_words

if TYPE_CHECKING:
    from overt.accounts.models import User

DAYS_SHOWN = 31
_CAMERA_DAYS = 14


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of how the promise stands: what, how, and the tag it is drawn in (grey is normal)."""

    key: str
    words: str
    tag: str = ""


def runs_for(user: User) -> QuerySet[RetentionRun]:
    """Of the cameras whose system this person may see."""
    mine = Camera.objects.visible_to(user, to=Act.SEE_SYSTEM)
    return RetentionRun.objects.filter(camera__in=mine.values("pk")).select_related("camera")


def runs_of_camera(user: User, camera: Camera) -> Sequence[RetentionRun]:
    """The newest days of one camera; none for those who may not see the system there."""
    return list(runs_for(user).filter(camera=camera).order_by("-day")[:_CAMERA_DAYS])


def days_of(user: User) -> Sequence[Mapping[str, object]]:
    """Each day's sums, newest first."""
    sums = {
        "cameras": Count("pk"),
        "oldest": Min("oldest_kept"),
        "deleted": Sum("deleted_count"),
        "size": Sum("deleted_bytes"),
        "early": Sum("early_count"),
        "held": Sum("held_count"),
        "overdue": Count("pk", filter=Q(overdue_seconds__gt=0)),
    }
    by_day = runs_for(user).order_by().values("day").annotate(**sums).order_by("-day")
    return [dict(one) for one in by_day[:DAYS_SHOWN]]


def standing(last: date | None, now: datetime) -> list[Standing]:
    """What is at risk now, as the recorder sees it. Source: HERTS-24.1, BASS-1.6.1.c."""
    try:
        health = node().health()
    except (FootageError, OSError):
        return [Standing("Recorder", "The store cannot be read: nothing can be said of what it keeps", "late")]
    return [*_alarms(health), _forecast(health), _disk(health), _proof(last, now)]


def _alarms(health: NodeHealth) -> list[Standing]:
    return [Standing("Alarm", words, "late") for words in health.alarms]


def _forecast(health: NodeHealth) -> Standing:
    if not health.alive:
        return Standing("Forecast", "None while the recorder does not run")
    if health.disk_lost:
        return Standing("Forecast", "None while the footage disk is not there")
    if not health.disk_forecast_known:
        return Standing("Forecast", "Not known before an hour was recorded")
    if health.disk_days_left is None:
        return Standing("Forecast", "At a day's rate the disk holds what was promised")
    words = f"At a day's rate the disk is full in {days_words(health.disk_days_left)}"
    return Standing("Forecast", f"{words}: the oldest footage would then go before its date", "wait")


def _disk(health: NodeHealth) -> Standing:
    if health.disk_lost:
        return Standing("Disk", "Not there, so what is free is not known", "late")
    free, total = size_words(health.store_free_bytes), size_words(health.store_total_bytes)
    return Standing("Disk", f"{free} free of {total}; {size_words(health.held_bytes)} held")


def _proof(last: date | None, now: datetime) -> Standing:
    today = timezone.localdate(now)
    if last is None and not Camera.objects.filter(created_at__date__lt=today).exists():
        return Standing("Proof", "The first day with a camera is proven when it is over")
    if last is None or last < today - timedelta(days=1):
        known = "no day is proven yet" if last is None else f"the last day proven is {last.day} {last:%B %Y}"
        return Standing("Proof", f"Yesterday is not proven yet; {known}", "wait")
    return Standing("Proof", "Proven up to yesterday")
