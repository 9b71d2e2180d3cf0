"""Watching live, and the entry line. One opening is one logbook entry, however often its address is renewed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from overt.access.rules import Act
from overt.estate.models import Camera
from overt.estate.queries import NoSuchCamera, access_camera
from overt.logbook.services import log
from overt.watch import log_actions
from overt.watch.errors import NoSuchViewing, NothingWritten
from overt.watch.models import LiveViewing
from overt.watch.rules import LIVE_LAPSE
from overt.watch.standing import Purpose
from overt.watch.tickets import SignedAddress, live_address

if TYPE_CHECKING:
    from overt.accounts.models import User


@transaction.atomic
def open_live(user: User, number: str, *, session: str) -> tuple[LiveViewing, SignedAddress]:
    """Put a camera on this person's wall, in one session. Raises NoSuchCamera.

    Source: HERTS-16.1 (who watched which camera, when).
    """
    camera = _camera_to_watch(user, number)
    now = timezone.now()
    viewing = LiveViewing.objects.create(viewer=user, camera=camera, opened_at=now, renewed_at=now)
    log(log_actions.LIVE_OPENED, camera, by=user, facts=log_actions.LiveOpened(viewing.pk))
    return viewing, live_address(camera, user, Purpose(viewing.pk, session))


@transaction.atomic
def renew_live(user: User, viewing_id: UUID, *, session: str) -> SignedAddress:
    """A fresh address for an opening that goes on; the door is tried again. Raises NoSuchViewing, NoSuchCamera."""
    viewing = _open_viewing(user, viewing_id)
    camera = _camera_to_watch(user, viewing.camera_id)
    viewing.renewed_at = timezone.now()
    viewing.save(update_fields=["renewed_at"])
    return live_address(camera, user, Purpose(viewing.pk, session))


@transaction.atomic
def close_live(user: User, viewing_id: UUID) -> None:
    """Take a camera off the wall. One that is over already is no error: a page may say goodbye twice."""
    try:
        viewing = _open_viewing(user, viewing_id)
    except NoSuchViewing:
        return
    _close(viewing, timezone.now(), by=user)


@transaction.atomic
def close_lapsed(now: datetime) -> int:
    """Close the openings whose page went away without a word; they end at their last sign. Returns how many."""
    lapsed = LiveViewing.objects.select_for_update(of=("self",)).filter(closed_at=None, renewed_at__lt=now - LIVE_LAPSE)
    rows = list(lapsed.select_related("camera", "viewer"))
    for viewing in rows:
        _close(viewing, viewing.renewed_at, by=None, lapsed=True)
    return len(rows)


@transaction.atomic
def write_entry(user: User, text: str, *, number: str = "", at_90k: int | None = None, to: Act = Act.VIEW_LIVE) -> int:
    """Write a line of the occurrence book; returns the entry's number.

    The camera in hand and the moment looked at are filled in. Raises NothingWritten, NoSuchCamera.
    Source: HERTS-16.1, BASS-4.2.6.
    """
    words = " ".join(text.split())[:2000]
    if not words:
        raise NothingWritten("Write what happened, then press Enter.")
    camera = access_camera(user, number, to=to) if number else None
    facts = log_actions.EntryWritten(at_90k)
    entry = log(log_actions.ENTRY_WRITTEN, camera, by=user, facts=facts, personal={"text": words})
    return int(entry.number)


def _camera_to_watch(user: User, camera: UUID | str) -> Camera:
    """A camera in use that this person may watch live. Raises NoSuchCamera."""
    found = access_camera(user, camera, to=Act.VIEW_LIVE)
    if found.retired_at is not None:
        raise NoSuchCamera(camera, found)
    return found


def _open_viewing(user: User, viewing_id: UUID) -> LiveViewing:
    rows = LiveViewing.objects.select_for_update(of=("self",)).filter(pk=viewing_id, viewer=user, closed_at=None)
    viewing = rows.select_related("camera").first()
    if viewing is None:
        raise NoSuchViewing("This picture was closed. Open the camera again.")
    return viewing


def _close(viewing: LiveViewing, moment: datetime, *, by: User | None, lapsed: bool = False) -> None:
    viewing.closed_at = moment
    viewing.save(update_fields=["closed_at"])
    camera: Camera = viewing.camera
    seconds = max(0, round((moment - viewing.opened_at).total_seconds()))
    facts = log_actions.LiveClosed(viewing.pk, seconds, lapsed)
    log(log_actions.LIVE_CLOSED, camera, by=by, facts=facts)
