"""Holds: footage that retention leaves alone, from the moment somebody marks it."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from footage import contract
from footage.contract import CameraId, FootageError, Gap, gaps_of_span
from footage.times import utc_90k, utc_datetime, utc_text
from overt.access.rules import Act
from overt.estate.models import Camera
from overt.estate.node import node
from overt.estate.queries import access_camera
from overt.evidence import log_actions
from overt.evidence.errors import NothingRecorded, WrongMove
from overt.evidence.exhibits.rules import ExhibitState
from overt.evidence.holds import rules
from overt.evidence.holds.rules import Grounds
from overt.evidence.log_facts import FootageHeld, HoldsLookedAt
from overt.evidence.models import Exhibit, Hold
from overt.logbook.services import log
from overt.policy.queries import policy_in_force
from overt.policy.reasons import for_act
from overt.shared import reasons

if TYPE_CHECKING:
    from overt.accounts.models import User

_log = logging.getLogger(__name__)


def check_footage(camera: Camera, start_90k: int, end_90k: int) -> list[Gap]:
    """What is missing of a span. Raises NothingRecorded where all of it is."""
    line = node().timeline(CameraId(camera.pk), start_90k, end_90k)
    missing = gaps_of_span(line.gaps, start_90k, end_90k)
    if not line.spans:
        why = "; ".join(dict.fromkeys(gap.words for gap in missing))
        raise NothingRecorded(
            f"Camera {camera.number} has no footage from {utc_text(start_90k)} to {utc_text(end_90k)}"
            f"{f' ({why})' if why else ''}. Choose a time that the timeline shows as recorded."
        )
    return missing


@transaction.atomic
def mark(
    user: User,
    camera: UUID | str,
    start_90k: int,
    end_90k: int,
    reason: str,
    *,
    grounds: Grounds | None = None,
    ends_at: datetime | None = None,
    now: datetime | None = None,
) -> tuple[Hold, list[Gap]]:
    """Hold what a person marked. Returns the hold and what is missing of its span.

    With `grounds` it lasts until `ends_at`, or until it is released. Without them it lasts the policy's days, and never
    past the footage's own period. Raises NoSuchCamera, BadSpan, SpanInFuture, NothingRecorded, ReasonMissing,
    GroundMissing or BadGround. Source: BASS-1.6.2, HERTS-24.4.
    """
    moment, policy = now or timezone.now(), policy_in_force()
    found = access_camera(user, camera, to=Act.MARK_HOLD)
    rules.check_span(start_90k, end_90k, utc_90k(moment))
    said = for_act(Act.MARK_HOLD, reason)
    missing = check_footage(found, start_90k, end_90k)
    if grounds is None:
        period = rules.period_ends(utc_datetime(start_90k), found.retention_days or policy.retention_days)
        expires: datetime | None = rules.mark_ends(moment, policy.marking_hold_days, period)
    else:
        grounds, expires = checked_grounds(grounds, ends_at, moment), ends_at
    wanted = Hold(camera=found, start_90k=start_90k, end_90k=end_90k, reason=said, expires_at=expires)
    wanted.placed_by, wanted.placed_at = user, moment
    hold = place_hold(wanted, grounds)
    log(log_actions.HOLD_PLACED, hold, by=user, reason=said, facts=facts_of(hold), personal=asked_by(hold))
    return hold, missing


def checked_grounds(grounds: Grounds, ends_at: datetime | None, now: datetime) -> Grounds:
    """Raises GroundMissing or BadGround where this scheme's policy cannot take them."""
    offered = rules.grounds_offered(policy_in_force().codes("hold_grounds"))
    checked = rules.check_grounds(grounds, offered, timezone.localdate(now))
    rules.check_end(checked.ground, ends_at, now)
    return checked


def facts_of(hold: Hold) -> FootageHeld:
    """What the logbook keeps of a hold for ever: no name is in it."""
    return FootageHeld(
        camera=hold.camera.number,
        start=utc_datetime(hold.start_90k),
        end=utc_datetime(hold.end_90k),
        until=hold.expires_at,
        ground=hold.ground or None,
        case=hold.case_reference or None,
        review_on=hold.review_on,
    )


def asked_by(hold: Hold) -> dict[str, str]:
    """Who wants footage kept: a person's name, which is erased at its date."""
    return {"requester": hold.requester} if hold.requester else {}


def place_hold(hold: Hold, grounds: Grounds | None) -> Hold:
    """Write a new hold down and give it to the node. Called inside the transaction of the act it belongs to.

    The node has it before the records commit: should they not, footage is kept a little long, never lost.
    """
    hold.save(force_insert=True)
    if grounds is not None:
        set_grounds(hold, grounds, hold.placed_at)
    node().put_hold(order_of(hold))
    return hold


def set_grounds(hold: Hold, grounds: Grounds, now: datetime) -> None:
    """Write grounds that were checked into a hold's row; the node knows no grounds."""
    hold.ground, hold.case_reference = grounds.ground, grounds.case_reference
    hold.requester, hold.review_on, hold.grounded_at = grounds.requester, grounds.review_on, now
    hold.save(update_fields=["ground", "case_reference", "requester", "review_on", "grounded_at"])


def give_hold(hold: Hold, exhibit: Exhibit, grounds: Grounds, until: datetime, now: datetime) -> Hold:
    """Make a hold the exhibit's, here and at the node. Called inside the transaction that opens the exhibit.

    A mark that had no ground gets the exhibit's, and lasts as long as the exhibit's own holds do.
    """
    hold.exhibit = exhibit
    if not hold.ground:
        set_grounds(hold, grounds, now)
        hold.expires_at = until if hold.expires_at is None else max(hold.expires_at, until)
    hold.save(update_fields=["exhibit", "expires_at"])
    node().put_hold(order_of(hold))
    return hold


def order_of(hold: Hold) -> contract.Hold:
    """A hold as the node is told of it."""
    owner = f"exhibit:{hold.exhibit.reference}" if hold.exhibit else "marked"
    expires = None if hold.expires_at is None else int(utc_90k(hold.expires_at))
    return contract.Hold(hold.pk, CameraId(hold.camera_id), hold.start_90k, hold.end_90k, owner, hold.reason, expires)


@transaction.atomic
def release_hold(hold: Hold, *, by: User, reason: str, now: datetime | None = None) -> Hold:
    """Let footage go before its day. Raises WrongMove where the hold is over, ReasonMissing without a reason.

    Source: BASS-9.1.a (held footage is deleted when the hold ends).
    """
    moment = now or timezone.now()
    held = Hold.objects.lock(hold.pk)
    if rules.hold_state(held.released_at, held.expires_at, moment) != rules.HoldState.IN_FORCE:
        raise WrongMove("This hold is over already; there is nothing to release.")
    if held.exhibit_id and held.exhibit is not None and held.exhibit.state == ExhibitState.SEALING:
        raise WrongMove(f"Exhibit {held.exhibit.reference} is being sealed from this footage. Release it afterwards.")
    said = reasons.given(reason)
    held.released_at, held.released_by, held.release_reason = moment, by, said
    held.save(update_fields=["released_at", "released_by", "release_reason"])
    log(log_actions.HOLD_RELEASED, held, by=by, reason=said, facts=facts_of(held))
    # After the commit: an order to let go must never outlive an act that was undone.
    transaction.on_commit(lambda: _let_go(held.pk, said))
    return held


def _let_go(hold_id: UUID, reason: str) -> None:
    try:
        node().release_hold(hold_id, reason)
    except (FootageError, OSError) as error:
        _log.error("hold %s is released in the records, but the node could not be told: %s", hold_id, error)


@transaction.atomic
def note_holds_seen(count: int, *, by: User) -> int:
    """The entry of this look at the list of holds; `count` is how many it showed."""
    return log(log_actions.HOLDS_SEEN, by=by, facts=HoldsLookedAt(count)).number


@transaction.atomic
def give_ground(
    hold: Hold, grounds: Grounds, *, by: User, ends_at: datetime | None = None, now: datetime | None = None
) -> Hold:
    """Say why footage is kept past its period; from here it is held until `ends_at`, or until it is released.

    Also corrects grounds that were given. Raises WrongMove where the hold is over, GroundMissing or BadGround.
    Source: BASS-1.6.2.
    """
    moment = now or timezone.now()
    held = _in_force(hold, moment)
    set_grounds(held, checked_grounds(grounds, ends_at, moment), moment)
    held.expires_at = ends_at
    held.save(update_fields=["expires_at"])
    node().put_hold(order_of(held))
    log(log_actions.HOLD_GROUNDED, held, by=by, facts=facts_of(held), personal=asked_by(held))
    return held


@transaction.atomic
def review_hold(hold: Hold, *, by: User, reason: str, review_on: date | None, now: datetime | None = None) -> Hold:
    """Write down that held footage is still needed, why, and when that is asked again.

    Raises WrongMove for a hold that is over or has no ground yet, ReasonMissing, GroundMissing or BadGround.
    Source: BASS-1.6.2 (review date), BASS-9.1.a.
    """
    moment = now or timezone.now()
    held = _in_force(hold, moment)
    if not held.ground:
        raise WrongMove("This hold has no ground yet. Give it one; that sets its first day of review.")
    said = reasons.given(reason)
    again = Grounds(held.ground, held.case_reference, held.requester, review_on)
    held.review_on = rules.check_grounds(again, [held.ground], timezone.localdate(moment)).review_on
    held.reviewed_at = moment
    held.save(update_fields=["review_on", "reviewed_at"])
    log(log_actions.HOLD_REVIEWED, held, by=by, reason=said, facts=facts_of(held))
    return held


def _in_force(hold: Hold, now: datetime) -> Hold:
    held = Hold.objects.lock(hold.pk)
    if rules.hold_state(held.released_at, held.expires_at, now) != rules.HoldState.IN_FORCE:
        raise WrongMove("This hold is over. Hold the footage again, if it is still there.")
    return held
