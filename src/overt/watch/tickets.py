"""Signed addresses for the gateway: one camera, one act, dead in ten minutes, and with what they were given for."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from overt.estate.models import Camera
from overt.shared.engine import Ticket, TicketAct, sign
from overt.shared.keys import ticket_key
from overt.watch.rules import TICKET_LIFE
from overt.watch.standing import Purpose

if TYPE_CHECKING:
    from overt.accounts.models import User


@dataclass(frozen=True, slots=True)
class SignedAddress:
    """`address` is a path; `expires` in unix seconds; `start_90k` is where the ticket's own clock begins."""

    address: str
    expires: int
    start_90k: int
    end_90k: int


def live_address(camera: Camera, viewer: User, purpose: Purpose) -> SignedAddress:
    return _sign(camera, viewer, TicketAct.LIVE, (0, 0), purpose)


def review_address(
    camera: Camera, viewer: User, span: tuple[int, int], purpose: Purpose, *, until: datetime | None = None
) -> SignedAddress:
    """An address that dies in ten minutes, and at `until` at the latest."""
    return _sign(camera, viewer, TicketAct.REVIEW, span, purpose, until)


def _sign(
    camera: Camera, viewer: User, act: TicketAct, span: tuple[int, int], purpose: Purpose, until: datetime | None = None
) -> SignedAddress:
    expires = int(time.time() + TICKET_LIFE.total_seconds())
    if until is not None:
        expires = min(expires, int(until.timestamp()))
    text = sign(Ticket(camera.pk, act, *span, expires, str(viewer.pk), str(purpose)), ticket_key())
    door = "live" if act is TicketAct.LIVE else "play"
    return SignedAddress(f"/footage/{door}/{text}", expires, span[0], span[1])
