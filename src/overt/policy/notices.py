"""What the policy and the clocks have to say on the first page, to those who can do something about it."""

from __future__ import annotations

from dataclasses import dataclass
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

if TYPE_CHECKING:
    from overt.accounts.models import User

_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its words, where it leads, what is known, and how pressing: late or wait."""

    words: str
    href: str
    detail: str
    state: str
    tone: str


def lines_for(user: User) -> list[Line]:
    """That no policy is in force, and which deadlines are near."""
    found = []
    answers = may_everywhere(user, Act.MANAGE_POLICY) or may_everywhere(user, Act.APPROVE_POLICY)
    if answers and version_in_force() is None:
        found.append(Line("No policy is in force", reverse("policy"), unadopted().note, "Decide", "late"))
    if may_everywhere(user, Act.KEEP_CLOCK):
        found += _near()
    return found


def _near() -> list[Line]:
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
    return [Line("Deadlines", reverse("clocks-held"), ", ".join(words), state, tone)]
