"""Storage locations of evidence: who may open them, each opening, and what goes in and out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from overt.evidence import log_actions
from overt.evidence.copies.register import Kind, cameras_of, copy_facts, write_movement
from overt.evidence.copies.rules import DOWNLOAD, SERVER, CopyState, check_move
from overt.evidence.errors import CopyIncomplete, KeeperOnly, WrongMove
from overt.evidence.log_facts import CopyMoved, LocationKept, LocationOpened
from overt.evidence.models import Copy, PlaceOpening, StoragePlace
from overt.logbook.actions import Action
from overt.logbook.models import Entry
from overt.logbook.services import log
from overt.shared import reasons

if TYPE_CHECKING:
    from overt.accounts.models import User


@transaction.atomic
def add_location(
    *, by: User, name: str, whereabouts: str, security: str, security_number: str, keepers: Sequence[User]
) -> StoragePlace:
    """A cabinet or safe with its lock or seal and its access list. Raises CopyIncomplete. Source: BASS-9.1.e."""
    given = {"name": name, "whereabouts": whereabouts, "security_number": security_number}
    _check(given, security, keepers)
    try:
        with transaction.atomic():
            place = StoragePlace.objects.create(
                **{key: value.strip() for key, value in given.items()}, security=security, added_at=timezone.now()
            )
    except IntegrityError:
        raise CopyIncomplete(f"There is a storage location {name.strip()} already.", "name") from None
    place.keepers.set(keepers)
    _log(log_actions.LOCATION_ADDED, place, by, keepers, "")
    return place


@transaction.atomic
def change_keepers(place: StoragePlace, *, by: User, keepers: Sequence[User], reason: str) -> StoragePlace:
    """Set the access list anew. Raises CopyIncomplete for an empty one, ReasonMissing. Source: BASS-9.1.e."""
    _check({}, place.security, keepers)
    said = reasons.given(reason)
    place = StoragePlace.objects.lock(place.pk)
    place.keepers.set(keepers)
    _log(log_actions.LOCATION_CHANGED, place, by, keepers, said)
    return place


def _check(given: dict[str, str], security: str, keepers: Sequence[User]) -> None:
    words = {
        "name": "Give the place a name: Evidence cabinet 2.",
        "whereabouts": "Say where it stands.",
        "security_number": "Give the number of the lock's key, or of the seal that is on it.",
    }
    for field, value in given.items():
        if not value.strip():
            raise CopyIncomplete(words[field], field)
    if security not in StoragePlace.Security.values:
        raise CopyIncomplete("Evidence is kept under a lock or a numbered seal.", "security")
    if not keepers:
        raise CopyIncomplete("Say who may open it: a place without anybody is never opened.", "keepers")


def _log(action: Action[LocationKept], place: StoragePlace, by: User, keepers: Sequence[User], reason: str) -> None:
    facts = LocationKept(place.name, place.security, len(keepers))
    personal = {"keepers": ", ".join(keeper.full_name for keeper in keepers)}
    log(action, place, by=by, reason=reason, facts=facts, personal=personal)


@transaction.atomic
def open_location(
    place: StoragePlace, *, by: User, reason: str, new_seal: str = "", now: datetime | None = None
) -> PlaceOpening:
    """Write down that somebody opened it, and why. Raises KeeperOnly, ReasonMissing or CopyIncomplete.

    Source: BASS-9.1.e (each opening is an entry with person, reason and time).
    """
    opening = _opened(place, by, reason, new_seal, now or timezone.now())
    facts = LocationOpened(opening.place.name, opening.new_seal)
    log(log_actions.LOCATION_OPENED, place, by=by, reason=opening.reason, facts=facts)
    return opening


def _opened(place: StoragePlace, by: User, reason: str, new_seal: str, now: datetime) -> PlaceOpening:
    held = StoragePlace.objects.lock(place.pk)
    if not held.keepers.filter(pk=by.pk).exists():
        refused = KeeperOnly(f"You are not on the access list of {held.name}. Ask one of those who are.")
        refused.subject = held
        raise refused
    said = reasons.given(reason)
    if held.security == StoragePlace.Security.SEAL:
        if not new_seal.strip() or new_seal.strip() == held.security_number:
            raise CopyIncomplete("Give the number of the new seal that is on it now.", "new_seal")
        held.security_number = new_seal.strip()
        held.save(update_fields=["security_number"])
    else:
        new_seal = ""
    return PlaceOpening.objects.create(place=held, at=now, by=by, reason=said, new_seal=new_seal.strip())


def _log_moved(action: Action[CopyMoved], copy: Copy, opening: PlaceOpening, by: User) -> Entry:
    facts = CopyMoved(**copy_facts(copy), place=opening.place.name, new_seal=opening.new_seal)
    return log(action, copy, by=by, reason=opening.reason, facts=facts, cameras=cameras_of(copy))


@transaction.atomic
def store(copy: Copy, place: StoragePlace, *, by: User, reason: str, new_seal: str = "") -> Copy:
    """Put a copy into a storage location, which opens it. Raises KeeperOnly, WrongMove, ReasonMissing, CopyIncomplete.

    Source: BASS-9.1.e, BASS-9.3.3, BASS-1.6.3.c (the master stays locked in the control room).
    """
    held = Copy.objects.lock(copy.pk)
    _movable(held)
    if held.place_id:
        raise WrongMove(f"This copy lies in {held.place} already. Take it out first.")
    if held.state == CopyState.OUT:
        check_move(held.state, CopyState.KEPT)
    elif held.state != CopyState.KEPT:
        raise WrongMove(f"This copy is {held.state}.")
    opening = _opened(place, by, reason, new_seal, timezone.now())
    held.state, held.place = CopyState.KEPT.value, place
    held.save(update_fields=["state", "place"])
    entry = _log_moved(log_actions.COPY_STORED, held, opening, by)
    write_movement(held, Kind.STORED, entry, by=by, reason=opening.reason, place=place, remark=opening.new_seal)
    return held


@transaction.atomic
def take_out(copy: Copy, *, by: User, reason: str, new_seal: str = "") -> Copy:
    """Take a copy out of its storage location, which opens it. Raises as `store`. Source: BASS-9.1.e, BASS-9.3.2."""
    held = Copy.objects.lock(copy.pk)
    _movable(held)
    place = held.place
    if place is None:
        raise WrongMove("This copy lies in no storage location; a copy that is out cannot be taken out again.")
    check_move(held.state, CopyState.OUT)
    opening = _opened(place, by, reason, new_seal, timezone.now())
    held.state, held.place = CopyState.OUT.value, None
    held.save(update_fields=["state", "place"])
    entry = _log_moved(log_actions.COPY_TAKEN, held, opening, by)
    write_movement(held, Kind.TAKEN_OUT, entry, by=by, reason=opening.reason, place=place, remark=opening.new_seal)
    return held


def _movable(copy: Copy) -> None:
    if copy.medium in {SERVER, DOWNLOAD}:
        raise WrongMove("This copy is on no medium that could lie in a cabinet.")
