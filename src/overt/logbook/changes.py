"""Who changed a row last, and when: asked where two people were at one thing (shared.edits)."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from overt.logbook.actions import Action
from overt.logbook.models import Entry
from overt.shared.edits import Change


def last_change(row: Model, *actions: Action[Any]) -> Change | None:
    """The newest of these acts on a row. The name is empty where it was erased, or nobody's."""
    names = [action.name for action in actions]
    found = Entry.objects.filter(subject_kind=row._meta.label_lower, subject_id=str(row.pk), action__in=names)
    newest = found.order_by("-number").prefetch_related("personal").first()
    if newest is None:
        return None
    said = {one.field: one.value or "" for one in newest.personal.all()}
    return Change(said.get("actor_name", ""), newest.recorded_at)
