"""Who may come in: the ticket in the address, the act and camera it names, and where a socket was opened from."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from footage.gateway.problems import OutsideTicket
from footage.gateway.tickets import Ticket, TicketAct, open_ticket

_USUAL_PORT = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Door:
    """Opens tickets signed with one key. `clock` gives unix seconds."""

    key: bytes = field(repr=False)
    clock: Callable[[], float] = time.time

    def admit(self, text: str, act: TicketAct) -> Ticket:
        """The ticket, if it is good now and for this act. Raises BadTicket, ExpiredTicket or OutsideTicket."""
        ticket = open_ticket(text, self.key, self.clock())
        if ticket.act != act:
            raise OutsideTicket("This address is for another use of the camera.")
        return ticket

    def renew(self, held: Ticket, text: str) -> Ticket:
        """A later ticket in place of one that is held. Raises as `admit`, and for another camera, viewer or purpose."""
        ticket = self.admit(text, TicketAct(held.act))
        if (ticket.camera_id, ticket.viewer, ticket.under) != (held.camera_id, held.viewer, held.under):
            raise OutsideTicket("This address is for another camera, another person or another look.")
        return ticket


def same_place(headers: Headers) -> bool:
    """Whether a socket was opened by a page of this very host (RFC 6455, 10.2), or by no page at all.

    Scripts of ours send no Origin; a browser always does. A proxy may strip the port from Host, so it is compared
    only where Host has one.
    """
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        page, host = urlsplit(origin), urlsplit(f"//{headers.get('host', '')}")
        page_port = page.port or _USUAL_PORT.get(page.scheme)
        return page.hostname is not None and page.hostname == host.hostname and host.port in (None, page_port)
    except ValueError:
        return False
