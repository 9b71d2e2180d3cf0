"""Sound orders: asked for by one person, decided by another, over at their end. Each act is a logbook entry.

Source: PROG-4.2.4 (off by default; where it is on: a reason, a case, an approver, an automatic end, logged, reported).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from overt.access.rules import Act
from overt.estate import log_actions
from overt.estate.log_actions import SoundOrdered
from overt.estate.models import Camera, SoundOrder
from overt.estate.node import sync_node
from overt.estate.queries import access_camera
from overt.estate.sound import rules
from overt.estate.sound.queries import policy_allows
from overt.estate.sound.rules import SoundState, WrongSoundMove
from overt.logbook.services import log

if TYPE_CHECKING:
    from overt.accounts.models import User


@transaction.atomic
def ask_for_sound(
    camera: Camera, *, by: User, reason: str, case_reference: str, until: datetime, now: datetime | None = None
) -> SoundOrder:
    """Ask that a camera's sound be recorded until a moment. Nothing is recorded before somebody else approves it.

    Raises NoSuchCamera, SoundNotAllowed, BadSoundOrder or WrongSoundMove. Source: PROG-4.2.4.
    """
    held = Camera.objects.lock(access_camera(by, camera.pk, to=Act.MANAGE_CAMERA).pk)
    moment = now or timezone.now()
    policy_allows()
    reason, case_reference = " ".join(reason.split()), " ".join(case_reference.split())
    rules.check_words(reason, case_reference)
    rules.check_end(until, moment)
    if held.retired_at is not None or not held.recorded:
        raise WrongSoundMove("This camera is not recorded, so its sound cannot be.")
    if held.sound_orders.filter(state__in=rules.OPEN).exists():
        raise WrongSoundMove("There is an order for this camera's sound already. End it first, or wait for its end.")
    order = SoundOrder.objects.create(
        camera=held, reason=reason, case_reference=case_reference, until=until, asked_by=by, asked_at=moment
    )
    log(log_actions.SOUND_ASKED, held, by=by, reason=reason, facts=_facts(order), personal=_people(order))
    return order


@transaction.atomic
def decide_on_sound(
    order: SoundOrder, *, by: User, approve: bool, reason: str, now: datetime | None = None
) -> SoundOrder:
    """Approve an order that somebody else asked for, or refuse it; approved, the sound is recorded from now on.

    Who answers for the scheme's policy decides on its exceptions. Raises NoSuchCamera, OwnSoundOrder, BadSoundOrder,
    SoundNotAllowed or WrongSoundMove. Source: PROG-4.2.4.
    """
    camera = Camera.objects.lock(access_camera(by, order.camera_id, to=Act.APPROVE_POLICY).pk)
    held, moment = SoundOrder.objects.lock(order.pk), now or timezone.now()
    rules.check_approver(own=held.asked_by_id == by.pk)
    state = SoundState.ON if approve else SoundState.REFUSED
    rules.check_move(SoundState(held.state), state)
    words = " ".join(reason.split())
    if not words:
        raise rules.BadSoundOrder("reason", "Say why: it stays with the order and in the logbook.")
    if approve:
        policy_allows()
        rules.check_end(held.until, moment)
        if camera.retired_at is not None or not camera.recorded:
            raise WrongSoundMove("This camera is not recorded any more.")
    held.state, held.decided_by, held.decided_at, held.decision = state, by, moment, words
    held.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    action = log_actions.SOUND_APPROVED if approve else log_actions.SOUND_REFUSED
    log(action, camera, by=by, reason=words, facts=_facts(held), personal=_people(held))
    transaction.on_commit(sync_node)
    return held


@transaction.atomic
def end_sound(order: SoundOrder, *, by: User, reason: str, now: datetime | None = None) -> None:
    """End a camera's sound before its time, or take back what was asked. Raises NoSuchCamera or WrongSoundMove.

    Whoever manages the camera may, and whoever decides on such orders.
    """
    may_decide = Camera.objects.visible_to(by, to=Act.APPROVE_POLICY).filter(pk=order.camera_id).exists()
    camera = access_camera(by, order.camera_id, to=Act.APPROVE_POLICY if may_decide else Act.MANAGE_CAMERA)
    Camera.objects.lock(camera.pk)
    held, words = SoundOrder.objects.lock(order.pk), " ".join(reason.split())
    if not words:
        raise rules.BadSoundOrder("reason", "Say why: it stays with the order and in the logbook.")
    _close(held, now or timezone.now(), by=by, reason=words)


def end_with_camera(camera: Camera, *, by: User | None, reason: str) -> None:
    """End what is open for a camera that is not recorded any more, inside the caller's transaction."""
    for order in camera.sound_orders.select_for_update(of=("self",)).filter(state__in=rules.OPEN):
        _close(order, timezone.now(), by=by, reason=reason)


def end_due_sound(now: datetime) -> int:
    """End the orders whose end has come, and all of them where the policy allows no sound any more; how many.

    The recorder has stopped by itself already; this is the record of it. Can be called at any time.
    """
    try:
        policy_allows(now)
        over = ""
    except rules.SoundNotAllowed as error:
        over = str(error)
    ended = 0
    for key in SoundOrder.objects.filter(state__in=rules.OPEN).values_list("pk", flat=True):
        with transaction.atomic():
            order = SoundOrder.objects.lock(key)
            if order.state in rules.OPEN and (over or order.until <= now):
                _close(order, now if over else order.until, by=None, reason=over or "Its end has come.")
                ended += 1
    return ended


def _close(order: SoundOrder, moment: datetime, *, by: User | None, reason: str) -> None:
    old = SoundState(order.state)
    new = SoundState.ENDED if old is SoundState.ON else SoundState.LAPSED
    rules.check_move(old, new)
    order.state, order.ended_at, order.ended_by, order.end_reason = new, moment, by, reason
    order.save(update_fields=["state", "ended_at", "ended_by", "end_reason"])
    action = log_actions.SOUND_ENDED if new is SoundState.ENDED else log_actions.SOUND_LAPSED
    log(action, order.camera, by=by, reason=reason, facts=_facts(order), personal=_people(order))
    transaction.on_commit(sync_node)


def _facts(order: SoundOrder) -> SoundOrdered:
    return SoundOrdered(order.camera.number, order.pk, order.case_reference, order.until)


def _people(order: SoundOrder) -> dict[str, str]:
    """Who asked and who decided: personal content, erased at its date."""
    found = {"asked_by": order.asked_by.full_name, "asked_by_id": str(order.asked_by_id)}
    if order.decided_by is not None:
        found |= {"decided_by": order.decided_by.full_name, "decided_by_id": str(order.decided_by_id)}
    return found
