"""What the gateway served, written down: whose, which camera, which span and how many bytes.

The gateway tells it by looks, a few for each opening or review (footage.gateway.served), so the entries are few.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import Error as DatabaseError
from django.db import connections, transaction

from overt.accounts.models import User
from overt.estate.models import Camera
from overt.logbook.services import log
from overt.shared.engine import Served, TicketAct
from overt.watch import log_actions
from overt.watch.standing import Purpose


def write_served(rows: Sequence[Served]) -> None:
    """An entry for each, all or none; on a thread of its own, whose connection it keeps. Source: HERTS-16.1.

    Raises a database error where nothing could be written.
    """
    try:
        _write(rows)
    except DatabaseError:
        connections.close_all()
        raise


@transaction.atomic
def _write(rows: Sequence[Served]) -> None:
    viewers = {str(user.pk): user for user in User.objects.filter(pk__in={UUID(row.viewer) for row in rows})}
    cameras = Camera.objects.in_bulk({row.camera_id for row in rows})
    for row in rows:
        look = Purpose.read(row.under).look
        facts = log_actions.FootageServed(look, row.act == TicketAct.LIVE, row.start_90k, row.end_90k, row.bytes)
        log(log_actions.FOOTAGE_SERVED, cameras[row.camera_id], by=viewers[row.viewer], facts=facts)
