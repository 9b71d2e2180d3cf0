"""Reads everything stored again and again, a little at a time, and tells of what is not as it was recorded."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from footage.contract import CheckStep, Damage, FootageError
from footage.times import utc_datetime
from overt.breaches.log_actions import BreachCause
from overt.breaches.models import CodeBreach
from overt.breaches.services import add_to_open, fingerprint_of, raise_breach
from overt.estate.models import Camera
from overt.estate.node import node
from overt.logbook.services import log
from overt.watch.log_actions import FOOTAGE_CHECKED, FOOTAGE_DAMAGED, FootageChecked, FootageDamaged
from overt.watch.models import DamagedSegment, FootageRound
from overt.watch.room import STEP_EVERY

_log = logging.getLogger(__name__)

#: A small store is not read more often than this.
ROUND_EVERY = timedelta(days=1)
#: Damaged segments with an entry each in one step; of a broken disk the rest are in the breach by their number.
ENTRIES_AT_MOST = 20
WORDS = {
    "missing": "is not on the disk",
    "size-differs": "has another length than was recorded",
    "hash-differs": "was changed: its bytes are not those that were recorded",
    "unreadable": "cannot be read",
}


def check_a_little(now: datetime, budget_bytes: int | None = None) -> FootageRound | None:
    """Take the next step of the round, or begin one where a day has passed; None when nothing is due.

    Reads at most OVERT_CHECK_MB_PER_SECOND over a step, so that the recorder keeps its disk. Source: BASS-9.1.c.
    """
    going = _going(now)
    if going is None:
        return None
    budget = budget_bytes or int(settings.CHECK_BYTES_PER_SECOND * STEP_EVERY.total_seconds())
    try:
        recorder = node()
        step = recorder.check_next(going.place, budget)
        total = recorder.stored_bytes()
    except (FootageError, OSError) as error:
        _log.error("what is stored cannot be checked now: %s", error)
        return None
    _keep(going, step, total, now)
    return going


def last_whole_round() -> FootageRound | None:
    return FootageRound.objects.exclude(finished_at=None).order_by("-id").first()


def round_under_way() -> FootageRound | None:
    return FootageRound.objects.filter(finished_at=None).order_by("-id").first()


def _going(now: datetime) -> FootageRound | None:
    found = round_under_way()
    if found is not None:
        return found
    last = last_whole_round()
    if last is not None and now - last.started_at < ROUND_EVERY:
        return None
    return FootageRound.objects.create(started_at=now)


@transaction.atomic
def _keep(going: FootageRound, step: CheckStep, total: int, now: datetime) -> None:
    going.place = step.place
    going.segments += step.segments
    going.read_bytes += step.bytes
    going.total_bytes = total
    going.damaged += len(step.damage)
    going.finished_at = now if step.at_end else None
    going.save()
    known = set(
        DamagedSegment.objects.filter(path__in=[one.path for one in step.damage]).values_list("path", "finding")
    )
    if new := [one for one in step.damage if (one.path, one.finding) not in known]:
        _tell(new, now)
    if step.at_end:
        facts = FootageChecked(going.started_at, going.segments, going.read_bytes, going.damaged)
        log(FOOTAGE_CHECKED, by=None, facts=facts)


def _tell(new: Sequence[Damage], now: datetime) -> None:
    """One breach for as long as nobody has answered it, a row and an entry for each recording."""
    cameras = Camera.objects.in_bulk({one.camera_id for one in new})
    lines = [_line(one, cameras.get(one.camera_id)) for one in new]
    breach = add_to_open(CodeBreach.Kind.FOOTAGE, lines)
    if breach is None:
        mark = fingerprint_of("footage", *(f"{one.path} {one.finding}" for one in new))
        words = "Recordings are not on the disk as they were recorded"
        breach = raise_breach(BreachCause.NOT_AS_RECORDED, words, lines, fingerprint=mark, now=now)
    if breach is None:
        return  # the same was raised before its rows were kept; it is told
    DamagedSegment.objects.bulk_create(
        DamagedSegment(
            camera=cameras.get(one.camera_id),
            path=one.path,
            finding=one.finding,
            start_90k=one.start_90k,
            end_90k=one.end_90k,
            found_at=now,
            breach=breach,
        )
        for one in new
    )
    for one in new[:ENTRIES_AT_MOST]:
        facts = FootageDamaged(one.path, one.finding, one.start_90k, one.end_90k, breach.pk)
        log(FOOTAGE_DAMAGED, cameras.get(one.camera_id), by=None, facts=facts)


def _line(one: Damage, camera: Camera | None) -> str:
    name = f"Camera {camera.number}" if camera else "A camera that is no longer known"
    start, end = utc_datetime(one.start_90k), utc_datetime(one.end_90k)
    return f"{name}, {start:%d %b %Y %H:%M:%S} to {end:%H:%M:%S} UTC: the recording {WORDS[one.finding]} ({one.path})"
