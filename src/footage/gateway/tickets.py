"""Signed addresses: a ticket names one camera and one act, and is dead in at most ten minutes.

The scheme decides who may see what and signs a ticket; the gateway reads it, and may ask (standing.py) whether what it
was given for still stands. A ticket is two
base64url words with a dot between: canonical JSON, and its HMAC-SHA256 under the key that both houses hold.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from footage.contract import FootageError

#: No ticket lives longer; one that claims to is refused, whoever signed it.
LIFE_SECONDS = 600

#: Longer than any ticket we sign; checked before anything is decoded.
LONGEST = 1024

_CONTEXT = b"overt footage ticket v2\0"


class TicketAct(StrEnum):
    LIVE = "live"
    REVIEW = "review"


class BadTicket(FootageError):
    """The address was not signed by this scheme, or was changed on its way."""

    code = "bad-ticket"


class ExpiredTicket(FootageError):
    """The address was good, and is too old."""

    code = "expired-ticket"


@dataclass(frozen=True, slots=True)
class Ticket:
    """What its holder may fetch. The range limits a review; a live ticket has none (0, 0)."""

    camera_id: UUID
    act: str  # a TicketAct
    start_90k: int
    end_90k: int
    expires: int  # unix seconds, UTC
    viewer: str  # whom it was given to, in the scheme's own terms
    under: str = ""  # what it was given for, in the scheme's own terms: it stands as long as that does


def sign(ticket: Ticket, key: bytes) -> str:
    """The ticket as text that fits a path segment. Raises ValueError for an act or range that means nothing."""
    TicketAct(ticket.act)
    if ticket.end_90k < ticket.start_90k:
        raise ValueError("a ticket ends after it starts")
    span = [ticket.start_90k, ticket.end_90k]
    fields = [str(ticket.camera_id), ticket.act, *span, ticket.expires, ticket.viewer, ticket.under]
    payload = json.dumps(fields, separators=(",", ":"), ensure_ascii=True).encode()
    text = f"{_encode(payload)}.{_encode(_mac(payload, key))}"
    if len(text) > LONGEST:
        raise ValueError("the viewer's name makes the ticket longer than an address should be")
    return text


def open_ticket(text: str, key: bytes, now: float) -> Ticket:
    """The ticket in `text`, if it was signed with `key` and lives at `now` (unix seconds).

    Raises BadTicket for anything that was not signed so, or that claims to live past LIFE_SECONDS; ExpiredTicket for
    one that was good. The signature is compared in constant time and before the payload is parsed.
    Source: HERTS-2.1 (refused at the video gateway, not merely hidden).
    """
    if len(text) > LONGEST or not text.isascii():
        raise BadTicket("This address is not one of ours.")
    payload_text, _, mac_text = text.partition(".")
    payload = _decode(payload_text)
    if not hmac.compare_digest(_mac(payload, key), _decode(mac_text)):
        raise BadTicket("This address was not signed by this scheme, or was changed.")
    ticket = _ticket(json.loads(payload))
    if ticket.expires <= now:
        raise ExpiredTicket("This address has expired; ask the page for a new one.")
    if ticket.expires > now + LIFE_SECONDS:
        raise BadTicket("This address claims to live longer than addresses do.")
    return ticket


def _ticket(fields: Any) -> Ticket:
    camera, act, start, end, expires, viewer, under = fields
    return Ticket(UUID(camera), act, start, end, expires, viewer, under)


def _mac(payload: bytes, key: bytes) -> bytes:
    return hmac.new(key, _CONTEXT + payload, hashlib.sha256).digest()


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """Strict base64url without padding: one text for one value, so a ticket has one spelling."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise BadTicket("This address is not one of ours.") from None
    if _encode(data) != text:
        raise BadTicket("This address is not one of ours.")
    return data
