"""What the policy and the clocks have to say on the first page, to those who can do something about it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from overt.access.queries import may_everywhere
from overt.access.rules import Act
from overt.clocks.models import Clock
from overt.clocks.rules import ClockState
from overt.clocks.words import plural
from overt.policy.queries import version_in_force
from overt.policy.schemes import unadopted
from overt.rooms import Task

if TYPE_CHECKING:
    from overt.accounts.models import User

_SOON = timedelta(days=7)


def tasks_for(user: User, acts: Collection[str]) -> list[Task]:
    """That no policy is in force, and which deadlines are near."""
    found = []
    answers = may_everywhere(user, Act.MANAGE_POLICY) or may_everywhere(user, Act.APPROVE_POLICY)
    if answers and version_in_force() is None:
        found.append(Task("No policy is in force", reverse("policy"), unadopted().note, "Decide", "late"))
    if may_everywhere(user, Act.KEEP_CLOCK):
        found += _near()
    return found


def _near() -> list[Task]:
    now = timezone.now()
    today = timezone.localdate(now)
    kept = Clock.objects.filter(state=ClockState.OPEN)
    past = kept.filter(Q(acting_on__lt=today) | Q(acting_at__lt=now)).count()
    soon = kept.filter(Q(acting_on__range=(today, today + _SOON)) | Q(acting_at__range=(now, now + _SOON))).count()
    words = [plural(past, "is past", "are past")] if past else []
    words += [f"{soon} within {_SOON.days} days"] if soon else []
    if not words:
        return []
    state, tone = ("Late", "late") if past else ("Soon", "wait")
    return [Task("Deadlines", reverse("clocks-held"), ", ".join(words), state, tone)]
