"""The daily proof of retention: a row for each camera, and one logbook entry for the run as a whole."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from footage.contract import CameraId, DeletionReceipt, FootageError, Node, NodeHealth
from footage.times import utc_90k, utc_datetime
from overt.estate.log_actions import RETENTION_RAN, RetentionRan
from overt.estate.models import Camera, RetentionRun
from overt.estate.node import days_kept, node
from overt.estate.retention import rules
from overt.estate.retention.rules import Deleted
from overt.logbook.services import log
from overt.policy.queries import policy_in_force

_log = logging.getLogger(__name__)
_BATCH = 5_000


def run_if_due(now: datetime) -> list[date]:
    """Make the runs of the finished days that have none yet; returns those days. Can be called again at any time.

    A store that cannot be read is tried again at the next call: a day is proven from its receipts, or not at all.
    Source: HERTS-24.1, BASS-1.6.1.c, SEVEN-PIA.8.a.
    """
    last = RetentionRun.objects.order_by("-day").values_list("day", flat=True).first()
    made = []
    for day in rules.days_due(last, timezone.localdate(now)):
        try:
            if _run(day, now):
                made.append(day)
        except IntegrityError:
            _log.info("the retention of %s was written down by another worker", day)
        except (FootageError, OSError) as error:
            _log.error("the retention of %s cannot be proven now: %s", day, error)
            break
    return made


def _run(day: date, now: datetime) -> list[RetentionRun]:
    """The rows and the entry of one day; none where the scheme had no camera yet."""
    start, end = (_midnight(one) for one in (day, day + timedelta(days=1)))
    cameras = list(Camera.objects.filter(created_at__lt=end))
    if not cameras:
        return []
    recorder = node()
    health = recorder.health()
    gone = deleted_between(recorder, utc_90k(start), utc_90k(end))
    rows = [_row(recorder, camera, day, gone.get(camera.pk, Deleted()), health, now) for camera in cameras]
    with transaction.atomic():
        RetentionRun.objects.bulk_create(rows)
        log(RETENTION_RAN, by=None, facts=_facts(day, rows, health))
    return rows


def _row(
    recorder: Node, camera: Camera, day: date, deleted: Deleted, health: NodeHealth, now: datetime
) -> RetentionRun:
    days = days_kept(camera, policy_in_force().retention_days)
    known = recorder.timeline(CameraId(camera.pk), 0, utc_90k(now))
    overdue = rules.overdue_90k(known.spans, known.holds, days, utc_90k(now))
    oldest = min((span.start_90k for span in known.spans), default=None)
    return RetentionRun(
        camera=camera,
        day=day,
        made_at=now,
        retention_days=days,
        oldest_kept=None if oldest is None else utc_datetime(oldest),
        deleted_count=deleted.count,
        deleted_bytes=deleted.size_bytes,
        early_count=deleted.early_count,
        early_bytes=deleted.early_bytes,
        held_count=len(known.holds),
        overdue_seconds=overdue // rules.HZ,
        failures=rules.failures(deleted, overdue, days),
        alarms=list(health.alarms),
    )


def deleted_between(recorder: Node, start_90k: int, end_90k: int) -> dict[UUID, Deleted]:
    """What the receipts of a time prove, by camera."""
    gone: dict[UUID, Deleted] = {}
    for receipt in _receipts(recorder, start_90k, end_90k):
        gone[receipt.camera_id] = gone.get(receipt.camera_id, Deleted()).and_this(receipt)
    return gone


def _receipts(recorder: Node, start_90k: int, end_90k: int, batch: int = _BATCH) -> Iterator[DeletionReceipt]:
    """Every receipt of a time once, in order; many may bear the same moment, for a round is flushed at once."""
    since, seen = start_90k, set[tuple[int, str]]()
    while True:
        rows = recorder.receipts(since, batch)
        for row in rows:
            if row.deleted_90k >= end_90k:
                return
            if (row.deleted_90k, row.path) not in seen:
                seen.add((row.deleted_90k, row.path))
                yield row
        if len(rows) < batch:
            return
        if rows[-1].deleted_90k == since:
            batch *= 2
        since = rows[-1].deleted_90k
        seen = {one for one in seen if one[0] == since}


def _facts(day: date, rows: list[RetentionRun], health: NodeHealth) -> RetentionRan:
    return RetentionRan(
        day=day,
        cameras=len(rows),
        oldest_kept=min((row.oldest_kept for row in rows if row.oldest_kept), default=None),
        deleted=sum(row.deleted_count for row in rows),
        deleted_bytes=sum(row.deleted_bytes for row in rows),
        early=sum(row.early_count for row in rows),
        holds=sum(row.held_count for row in rows),
        failed_cameras=sum(bool(row.failures) for row in rows),
        alarms=len(health.alarms),
    )


def _midnight(day: date) -> datetime:
    """The first moment of a day in the scheme's zone."""
    return timezone.make_aware(datetime.combine(day, time()))
