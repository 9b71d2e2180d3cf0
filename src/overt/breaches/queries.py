"""Breaches as one person may read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from overt.access.queries import may_everywhere
from overt.access.rules import Act
from overt.breaches.errors import NoSuchBreach
from overt.breaches.models import CodeBreach

if TYPE_CHECKING:
    from overt.accounts.models import User


def breaches_visible_to(user: User) -> QuerySet[CodeBreach]:
    """All of them to who reads the whole logbook or answers; to anybody else, what he reported himself."""
    rows = CodeBreach.objects.select_related("reported_by", "answered_by")
    if may_everywhere(user, Act.READ_LOGBOOK) or may_everywhere(user, Act.ANSWER_BREACH):
        return rows
    return rows.filter(reported_by=user)


def access_breach(user: User, number: int) -> CodeBreach:
    """Raises NoSuchBreach, whichever the reason."""
    found = breaches_visible_to(user).filter(pk=number).first()
    if found is None:
        raise NoSuchBreach(f"There is no breach {number}, or it is not yours to read.")
    return found


def open_breaches(kind: CodeBreach.Kind | None = None) -> QuerySet[CodeBreach]:
    rows = CodeBreach.objects.filter(answered_at=None).order_by("id")
    return rows if kind is None else rows.filter(kind=kind)
