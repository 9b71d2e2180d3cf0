"""Holds: footage that retention leaves alone, from the moment somebody marks it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from footage import contract
from footage.contract import CameraId, FootageError
from footage.times import utc_90k, utc_text
from overt.access.rules import Act
from overt.estate.models import Camera
from overt.estate.node import node
from overt.estate.queries import access_camera
from overt.evidence import log_actions, rules
from overt.evidence.errors import NothingRecorded, WrongMove
from overt.evidence.gap_words import gap_words
from overt.evidence.models import Exhibit, Hold
from overt.logbook.services import record
from overt.policy.queries import policy_in_force
from overt.shared.canonical import Json

if TYPE_CHECKING:
    from overt.accounts.models import User

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Missing:
    """A stretch of an asked span of which there is no recording. Times count 1/90000 s."""

    camera: str
    start_90k: int
    end_90k: int
    cause: str
    words: str
    detail: str


def check_footage(camera: Camera, start_90k: int, end_90k: int) -> list[Missing]:
    """What is missing of a span. Raises NothingRecorded where all of it is."""
    line = node().timeline(CameraId(camera.pk), start_90k, end_90k)
    missing = [
        Missing(
            camera.number,
            max(gap.start_90k, start_90k),
            min(gap.end_90k or end_90k, end_90k),
            gap.cause.value,
            gap_words(gap.cause.value),
            gap.detail,
        )
        for gap in line.gaps
    ]
    if not line.spans:
        why = "; ".join(dict.fromkeys(gap.words for gap in missing))
        raise NothingRecorded(
            f"Camera {camera.number} has no footage from {utc_text(start_90k)} to {utc_text(end_90k)}"
            f"{f' ({why})' if why else ''}. Choose a time that the timeline shows as recorded."
        )
    return missing


@transaction.atomic
def mark(
    user: User, camera: UUID | str, start_90k: int, end_90k: int, reason: str, *, now: datetime | None = None
) -> tuple[Hold, list[Missing]]:
    """Hold what a person marked, from now until the policy's day. Returns the hold and what is missing of its span.

    Raises NoSuchCamera, BadSpan, SpanInFuture, NothingRecorded or ReasonMissing.
    Source: BASS-1.6.2 (a hold has a ground and an end), HERTS-24.4.
    """
    moment, policy = now or timezone.now(), policy_in_force()
    found = access_camera(user, camera, to=Act.MARK_HOLD)
    rules.check_span(start_90k, end_90k, utc_90k(moment))
    said = rules.check_reason(Act.MARK_HOLD, reason, policy.reason_required_for)
    missing = check_footage(found, start_90k, end_90k)
    expires = rules.hold_expires(moment, policy.marking_hold_days)
    hold = place_hold(found, start_90k, end_90k, reason=said, by=user, expires_at=expires, now=moment)
    facts = {**_facts(hold), "until": expires.isoformat()}
    record(log_actions.HOLD_PLACED, hold, by=user, reason=said, facts=facts)
    return hold, missing


def _facts(hold: Hold) -> dict[str, Json]:
    return {
        "camera_id": str(hold.camera_id),
        "camera": hold.camera.number,
        "start": utc_text(hold.start_90k),
        "end": utc_text(hold.end_90k),
    }


def place_hold(
    camera: Camera,
    start_90k: int,
    end_90k: int,
    *,
    reason: str,
    by: User | None,
    expires_at: datetime | None,
    now: datetime,
    exhibit: Exhibit | None = None,
) -> Hold:
    """Write a hold down and give it to the node. Called inside the transaction of the act it belongs to.

    The node has it before the records commit: should they not, footage is kept a little long, never lost.
    """
    hold = Hold.objects.create(
        camera=camera,
        start_90k=start_90k,
        end_90k=end_90k,
        reason=reason,
        placed_by=by,
        placed_at=now,
        expires_at=expires_at,
        exhibit=exhibit,
    )
    node().put_hold(_order(hold))
    return hold


def give_hold(hold: Hold, exhibit: Exhibit) -> Hold:
    """Make a hold the exhibit's, here and at the node. Called inside the transaction that opens the exhibit."""
    hold.exhibit = exhibit
    hold.save(update_fields=["exhibit"])
    node().put_hold(_order(hold))
    return hold


def _order(hold: Hold) -> contract.Hold:
    owner = f"exhibit:{hold.exhibit.reference}" if hold.exhibit else "marked"
    expires = None if hold.expires_at is None else int(utc_90k(hold.expires_at))
    return contract.Hold(hold.pk, CameraId(hold.camera_id), hold.start_90k, hold.end_90k, owner, hold.reason, expires)


@transaction.atomic
def release_hold(hold: Hold, *, by: User, reason: str, now: datetime | None = None) -> Hold:
    """Let footage go before its day. Raises WrongMove where the hold is over, ReasonMissing without a reason.

    Source: BASS-9.1.a (held footage is deleted when the hold ends).
    """
    moment = now or timezone.now()
    held = Hold.objects.select_for_update().select_related("camera").get(pk=hold.pk)
    if rules.hold_state(held.released_at, held.expires_at, moment) != rules.HoldState.IN_FORCE:
        raise WrongMove("This hold is over already; there is nothing to release.")
    if held.exhibit_id and held.exhibit is not None and held.exhibit.state == rules.ExhibitState.SEALING:
        raise WrongMove(f"Exhibit {held.exhibit.reference} is being sealed from this footage. Release it afterwards.")
    said = rules.check_reason(Act.MARK_HOLD, reason, {Act.MARK_HOLD})
    held.released_at, held.released_by, held.release_reason = moment, by, said
    held.save(update_fields=["released_at", "released_by", "release_reason"])
    record(log_actions.HOLD_RELEASED, held, by=by, reason=said, facts=_facts(held))
    # After the commit: an order to let go must never outlive an act that was undone.
    transaction.on_commit(lambda: _let_go(held.pk, said))
    return held


def _let_go(hold_id: UUID, reason: str) -> None:
    try:
        node().release_hold(hold_id, reason)
    except (FootageError, OSError) as error:
        _log.error("hold %s is released in the records, but the node could not be told: %s", hold_id, error)


def sync_holds(now: datetime | None = None) -> int:
    """Give the node every hold in force and take back those the records do not have; returns how many changed.

    The two differ only where a process ended between the node's write and the records' commit, and once a hold is over.
    """
    moment, recorder = now or timezone.now(), node()
    known = {hold.hold_id: hold for hold in recorder.holds()}
    wanted = _in_force(moment)
    changed = 0
    for pk, order in wanted.items():
        if known.get(pk) != order:
            recorder.put_hold(order)
            changed += 1
    if unknown := known.keys() - wanted.keys():
        for pk in unknown - _in_force(moment, committed=True).keys():
            recorder.release_hold(pk, "not in force in the scheme's records")
            changed += 1
    return changed


@transaction.atomic
def _in_force(now: datetime, *, committed: bool = False) -> dict[UUID, contract.Hold]:
    """The orders of all holds in force. With `committed`, whoever is placing one at this moment is waited for.

    A hold is at the node a moment before it is in the records: without waiting it would be taken back. (On SQLite every
    transaction of ours waits for the writer before it.)
    """
    if committed and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE evidence_hold IN SHARE MODE")
    rows = Hold.objects.filter(released_at=None).filter(Q(expires_at=None) | Q(expires_at__gt=now))
    return {hold.pk: _order(hold) for hold in rows.select_related("exhibit")}
