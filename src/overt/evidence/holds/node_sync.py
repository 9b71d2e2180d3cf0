"""Brings the node's holds in step with the records, for the two are written one after the other."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from footage import contract
from overt.estate.node import node
from overt.evidence.holds.services import order_of
from overt.evidence.models import Hold


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
    return {hold.pk: order_of(hold) for hold in rows.select_related("exhibit")}
