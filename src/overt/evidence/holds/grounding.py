"""Gives a hold the ground it was marked without, and asks again on its day whether it is still needed."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from overt.estate.node import node
from overt.evidence import log_actions
from overt.evidence.errors import WrongMove
from overt.evidence.exhibits import rules
from overt.evidence.holds import rules as holding
from overt.evidence.holds.rules import Grounds
from overt.evidence.holds.services import asked_by, checked_grounds, facts_of, order_of, set_grounds
from overt.evidence.models import Hold
from overt.logbook.services import log

if TYPE_CHECKING:
    from overt.accounts.models import User


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
    said = rules.check_reason("review", reason, {"review"})
    again = Grounds(held.ground, held.case_reference, held.requester, review_on)
    held.review_on = holding.check_grounds(again, [held.ground], timezone.localdate(moment)).review_on
    held.reviewed_at = moment
    held.save(update_fields=["review_on", "reviewed_at"])
    log(log_actions.HOLD_REVIEWED, held, by=by, reason=said, facts=facts_of(held))
    return held


def _in_force(hold: Hold, now: datetime) -> Hold:
    held = Hold.objects.select_for_update(of=("self",)).select_related("camera", "exhibit").get(pk=hold.pk)
    if rules.hold_state(held.released_at, held.expires_at, now) != rules.HoldState.IN_FORCE:
        raise WrongMove("This hold is over. Hold the footage again, if it is still there.")
    return held
