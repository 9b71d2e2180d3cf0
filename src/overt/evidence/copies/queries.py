"""Copies of the exhibits that one person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from overt.access.rules import Act
from overt.evidence.copies.rules import CopyKind, CopyState
from overt.evidence.errors import NoSuchCopy
from overt.evidence.exhibits.queries import access_exhibit, exhibits_for
from overt.evidence.models import Copy

if TYPE_CHECKING:
    from overt.accounts.models import User


def access_copy(user: User, reference: str, number: int, *, to: Act = Act.SEE_EXHIBIT) -> Copy:
    """A copy of an exhibit, for an act. Raises NoSuchExhibit, NoSuchCopy or MayNot."""
    exhibit = access_exhibit(user, reference, to=to)
    found = exhibit.copies.select_related("exhibit", "place", "made_by", "tested_by").filter(number=number).first()
    if found is None:
        raise NoSuchCopy(f"Exhibit {exhibit.reference} has no copy {number}.")
    return found


#: What the media register is filtered by.
COPY_STATES = {
    "here": "In the room",
    "out": "Out of storage",
    "handed-over": "Handed over",
    "destroyed": "Destroyed",
    "due": "Master past its date",
}


def copies_register(user: User, state: str = "") -> QuerySet[Copy]:
    """The copies of all exhibits this person may see, the newest first. Source: BASS-9.3.a, BASS-6.2.3.c.1."""
    rows = Copy.objects.filter(exhibit__in=exhibits_for(user).values("pk"))
    rows = rows.select_related("exhibit", "place", "made_by", "tested_by").order_by("-made_at", "exhibit", "-number")
    wanted = {
        "here": Q(state__in=[CopyState.KEPT, CopyState.OUT]),
        "out": Q(state=CopyState.OUT),
        "handed-over": Q(state=CopyState.HANDED_OVER),
        "destroyed": Q(state=CopyState.DESTROYED),
        "due": Q(kind=CopyKind.MASTER, keep_until__lte=timezone.now()) & ~Q(state=CopyState.DESTROYED),
    }
    return rows.filter(wanted[state]) if state in wanted else rows
